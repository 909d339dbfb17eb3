import type { SampleResponse } from "@gentask/core/internal"
import { tryParseJson } from "@gentask/core/provider"
import { descendants, setAt } from "../json/JsonNode.ts"
import type { JsonNode, JsonPath } from "../json/JsonNode.ts"
import { decodeCase, replayCase } from "./replay.ts"
import type { RecordedCase, TestContext } from "./TestContext.ts"

/** Where a recording's responses contain the vendor's status word. */
export interface StatusLocation {
  /** The index of the response: 0 for the first one. */
  readonly index: number
  /** The members that contain the word. */
  readonly nodes: ReadonlyArray<JsonNode>
  /** Whether the snapshot's `rawStatus` is read from there: another word there becomes the `rawStatus`. */
  readonly isSource: boolean
}

/** A word that no vendor uses, and a number for vendors with numeric statuses. */
const unknownWord = "unheard-of"
const unknownNumber = 7919

/** Returns the JSON of a response's body, or undefined if it is not JSON. */
export const jsonBody = ({ body }: SampleResponse): unknown =>
  typeof body === "string" ? tryParseJson(body) : body

/** Returns a recording's responses with another body in one of them. */
export const withBody = (
  recorded: RecordedCase,
  index: number,
  body: unknown
): ReadonlyArray<SampleResponse> =>
  recorded.responses.map((response, at) =>
    at === index ? { ...response, body: JSON.stringify(body) } : response
  )

const normalizeWord = (value: unknown): string => String(value).trim().toLowerCase()

/** Converts a word to the type of the value that it replaces. */
const withTypeOf = (original: unknown, word: string): unknown => {
  if (typeof original === "boolean" && (word === "true" || word === "false")) return word === "true"
  return typeof original === "number" && /^-?\d+(\.\d+)?$/.test(word) ? Number(word) : word
}

/** Returns a recording's responses with another status word. */
export const withStatusWord = (
  recorded: RecordedCase,
  { index, nodes }: StatusLocation,
  word: string
): ReadonlyArray<SampleResponse> => {
  const original = jsonBody(recorded.responses[index] as SampleResponse)
  const body = nodes.reduce((json, { path, value }) => setAt(json, path, withTypeOf(value, word)), original)
  return withBody(recorded, index, body)
}

/** Returns a word that no vendor uses, a number if the statuses are numeric. */
export const unknownWordFor = ({ nodes }: StatusLocation): string =>
  nodes.every(({ value }) => typeof value === "number") ? String(unknownNumber) : unknownWord

const isSource = (context: TestContext, recorded: RecordedCase, location: StatusLocation): boolean => {
  const word = unknownWordFor(location)
  const decoded = replayCase(context, recorded, withStatusWord(recorded, location, word))
  return decoded._tag === "Snapshot" && normalizeWord(decoded.snapshot.rawStatus ?? "") === word
}

/** The members of a response that equal a word: exactly, or else in another case. */
const nodesWithWord = (response: SampleResponse, word: string): ReadonlyArray<JsonNode> => {
  const scalars = descendants(jsonBody(response)).filter(
    ({ value }) => value !== null && typeof value !== "object"
  )
  const exact = scalars.filter(({ value }) => String(value) === word)
  return exact.length > 0
    ? exact
    : scalars.filter(({ value }) => normalizeWord(value) === normalizeWord(word))
}

/**
 * Finds the status word in a recording's responses: the one member that `rawStatus` is read from, or else all members
 * that equal it.
 *
 * @returns Undefined if there is no status word, or if the responses do not contain it.
 */
export const findStatus = (context: TestContext, recorded: RecordedCase): StatusLocation | undefined => {
  const decoded = decodeCase(context, recorded)
  const word = decoded._tag === "Snapshot" ? decoded.snapshot.rawStatus : null
  if (word === null) return undefined
  const found = recorded.responses
    .map((response, index) => ({ index, nodes: nodesWithWord(response, word), isSource: false }))
    .filter(({ nodes }) => nodes.length > 0)
    .toReversed()
  const candidates = found.flatMap((location) => [
    ...location.nodes.map((node) => ({ ...location, nodes: [node] })),
    location
  ])
  const source = candidates.find((location) => isSource(context, recorded, location))
  return source === undefined ? found[0] : { ...source, isSource: true }
}

/** Returns whether changing a path of a response changes the status word. */
export const containsStatus = (
  location: StatusLocation | undefined,
  index: number,
  path: JsonPath
): boolean =>
  location?.index === index &&
  location.nodes.some((node) => path.every((name, depth) => name === node.path[depth]))
