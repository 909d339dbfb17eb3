/** Recognizes an output when the provider lists it at another position, or with another signature in its link. */
import { createHash } from "node:crypto"
import type { Output } from "../task/Output.ts"
import { inlineBytes } from "./inlineBytes.ts"
import { withoutQuery } from "./withoutQuery.ts"

/** What identifies an output among the outputs with the same role of its task. */
export interface OutputIdentity {
  /** The link without its query; null for inline media. */
  readonly source: string | null
  /** Digests of the query's parameters. A parameter that is part of a signature differs in each link. */
  readonly query: ReadonlyArray<string>
  /** SHA-256 digest of inline media; null for a link. */
  readonly sha256: string | null
  /** From 1, among the outputs with the same role. */
  readonly position: number
  /** How many outputs had the same role; null if unknown. */
  readonly count: number | null
}

const hash = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex")

const queryDigests = (url: string): ReadonlyArray<string> =>
  [...new URL(url).searchParams].map(([name, value]) => hash(`${name}=${value}`).slice(0, 12)).toSorted()

/** Identifies the outputs with the same role of a task. */
export const identifyOutputs = (outputs: ReadonlyArray<Output>): ReadonlyArray<OutputIdentity> =>
  outputs.map((output, index) => {
    const { url } = output
    const link = url !== null && URL.canParse(url) ? url : null
    const bytes = inlineBytes(output)
    return {
      source: link === null ? null : withoutQuery(link),
      query: link === null ? [] : queryDigests(link),
      sha256: bytes === undefined ? null : hash(bytes),
      position: index + 1,
      count: outputs.length
    }
  })

const textOrNull = (value: unknown): string | null => (typeof value === "string" ? value : null)

/** Parses an identity that was stored as JSON; undefined if it is invalid. */
export const parseIdentity = (json: unknown): OutputIdentity | undefined => {
  const { source, query, sha256, position, count } = (json ?? {}) as Partial<
    Record<keyof OutputIdentity, unknown>
  >
  if (!Array.isArray(query) || typeof position !== "number" || typeof count !== "number") return undefined
  return {
    source: typeof source === "string" && URL.canParse(source) ? source : null,
    query: query.filter((digest) => typeof digest === "string"),
    sha256: textOrNull(sha256),
    position,
    count
  }
}

/** Equal for identities that certainly mean the same output. */
export const identityKey = ({ source, query, sha256, position }: OutputIdentity): string =>
  source === null ? `inline ${sha256 ?? position}` : [source, ...query].join(" ")

const pathOf = (source: string | null): string => (source === null ? "" : new URL(source).pathname)

const unlessEmpty = (...texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  texts.filter((text) => text !== "" && text !== "/")

/** The last segments of a path. Some links have a token in a segment before them. */
const lastSegments = (source: string | null, count: number): ReadonlyArray<string> => {
  const segments = pathOf(source).split("/")
  return segments.length < count ? [] : unlessEmpty(segments.slice(-count).join("/"))
}

/** The parts of an identity that may distinguish it from the others, the most reliable ones first. */
const features: ReadonlyArray<(identity: OutputIdentity) => ReadonlyArray<string>> = [
  (identity) => [identityKey(identity)],
  ({ source, query }) => query.map((parameter) => `${source} ${parameter}`),
  ({ source }) => unlessEmpty(source ?? ""),
  // The same path on another host, and the same end of the path in another folder.
  ({ source }) => unlessEmpty(pathOf(source)),
  ...[4, 3, 2, 1].map(
    (count) =>
      ({ source }: OutputIdentity) =>
        lastSegments(source, count)
  )
]

/** The indexes of identities by their features; undefined for a feature that several of them have. */
const indexByFeature = (
  identities: ReadonlyArray<OutputIdentity>,
  isMatched: (index: number) => boolean,
  featuresOf: (identity: OutputIdentity) => ReadonlyArray<string>
): ReadonlyMap<string, number | undefined> => {
  const indexes = new Map<string, number | undefined>()
  identities.forEach((identity, index) => {
    if (isMatched(index)) return
    for (const feature of new Set(featuresOf(identity)))
      indexes.set(feature, indexes.has(feature) ? undefined : index)
  })
  return indexes
}

/** Matches by position, if both lists have the same length and nothing else tells which outputs are the same. */
const matchPositions = (
  known: ReadonlyArray<OutputIdentity>,
  current: ReadonlyArray<OutputIdentity>
): ReadonlyArray<number | undefined> =>
  current.map((identity) => {
    const index = known.findIndex(
      ({ position, count }) => position === identity.position && (count ?? identity.count) === identity.count
    )
    // Inline media with different digests are different outputs.
    return index === -1 || (known[index]?.sha256 !== null && identity.sha256 !== null) ? undefined : index
  })

/**
 * Matches the outputs of two lists, such as those of two queries. Each output matches at most one.
 *
 * @returns For each current output the index of the same known output; undefined if there is none.
 */
export const matchOutputs = (
  known: ReadonlyArray<OutputIdentity>,
  current: ReadonlyArray<OutputIdentity>
): ReadonlyArray<number | undefined> => {
  const matches = current.map((): number | undefined => undefined)
  for (const featuresOf of features) {
    const inKnown = indexByFeature(known, (index) => matches.includes(index), featuresOf)
    const inCurrent = indexByFeature(current, (index) => matches[index] !== undefined, featuresOf)
    for (const [feature, index] of inCurrent) {
      const knownIndex = inKnown.get(feature)
      const isFree = index !== undefined && matches[index] === undefined
      if (isFree && knownIndex !== undefined && !matches.includes(knownIndex)) matches[index] = knownIndex
    }
  }
  return matches.some((match) => match !== undefined) ? matches : matchPositions(known, current)
}
