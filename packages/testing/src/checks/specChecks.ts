/** Whether a spec is well formed, as far as it is data. */
import { providerIdPattern } from "@gentask/core/internal"
import type { OutputKind } from "@gentask/core/provider"
import type { TaskStatus } from "@gentask/core/provider"
import { fail } from "../Check.ts"
import type { Check } from "../Check.ts"
import type { Subject } from "../replay.ts"

type Members = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value)
const isFunction = (value: unknown): boolean => typeof value === "function"
const isText = (value: unknown): value is string => typeof value === "string" && value.trim() !== ""
const isSchema = (value: unknown): boolean =>
  (typeof value === "object" || typeof value === "function") &&
  value !== null &&
  isFunction((value as { readonly "~standard"?: { readonly validate?: unknown } })["~standard"]?.validate)
const isAbsentOr = (is: (value: unknown) => boolean) => (value: unknown) => value === undefined || is(value)

const isEndpoints = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).length > 0 &&
  Object.values(value).every((each) => isObject(each) && isText(each["baseUrl"]))

const parts: ReadonlyArray<readonly [name: string, is: (value: unknown) => boolean, due: string]> = [
  ["specVersion", (value) => value === 1, "the number 1"],
  ["id", isText, "a text"],
  ["title", isText, "a text"],
  ["docs", isText, "a text"],
  ["endpoints", isEndpoints, "an object of endpoints, each with a baseUrl"],
  ["query", isObject, "an object"],
  ["settings", isAbsentOr(isSchema), "a Standard Schema"],
  ["params", isAbsentOr(isSchema), "a Standard Schema"],
  ["authorize", isAbsentOr(isFunction), "a function"],
  ["rateLimits", isAbsentOr(isFunction), "a function"]
]
const queryParts: typeof parts = [
  ["request", isFunction, "a function"],
  ["response", isSchema, "a Standard Schema"],
  ["decode", isFunction, "a function"],
  ["decodeError", isAbsentOr(isFunction), "a function"]
]

/** What keeps a value from being a spec at all: without these parts, nothing else can be checked. */
export const missingParts = (spec: unknown): ReadonlyArray<string> => {
  if (!isObject(spec)) return ["it is no object; export the spec itself, as the package's default"]
  const { query } = spec
  const missing = (of: Members, prefix: string, due: typeof parts) =>
    due.filter(([name, is]) => !is(of[name])).map(([name, , what]) => `${prefix}${name} is not ${what}`)
  return [...missing(spec, "", parts), ...(isObject(query) ? missing(query, "query.", queryParts) : [])]
}

const kinds: ReadonlySet<OutputKind> = new Set<OutputKind>(["image", "video", "animation", "audio"])
const statuses: ReadonlySet<TaskStatus> = new Set<TaskStatus>([
  "queued",
  "running",
  "succeeded",
  "failed",
  "canceled",
  "expired",
  "unknown"
])

const isHttps = (text: string): boolean => URL.canParse(text) && new URL(text).protocol === "https:"

/** A base URL: a host and a path, and nothing that a request would have to carry along. */
const isBaseUrl = (text: string): boolean => {
  if (!isHttps(text)) return false
  const { username, password, search, hash } = new URL(text)
  return username + password + search + hash === ""
}

const isPositive = (value: unknown): value is number =>
  typeof value === "number" && value > 0 && Number.isFinite(value)

/** The same word, whatever its case and the blanks around it. */
const folded = (word: string): string => word.trim().toLowerCase()

/** The checks of a spec's data. */
export const specChecks = ({ spec }: Subject): ReadonlyArray<Check> => [
  {
    name: "the id is made of lower-case letters, digits and hyphens",
    run: () => {
      if (!providerIdPattern.test(spec.id)) {
        fail(
          `${JSON.stringify(spec.id)} cannot stand before the colon of a task ref. Make the id of lower-case letters, digits and hyphens, a letter first.`
        )
      }
    }
  },
  {
    name: "docs and endpoints are https URLs",
    run: () => {
      const links = [spec.docs, ...Object.values(spec.endpoints).flatMap(({ docs }) => docs ?? [])]
      const docs = links.find((link) => !isHttps(link))
      if (docs !== undefined)
        fail(
          `docs ${JSON.stringify(docs)} is no https URL. Give the page where the vendor documents the format.`
        )
      const [name] = Object.entries(spec.endpoints).find(([, { baseUrl }]) => !isBaseUrl(baseUrl)) ?? []
      if (name !== undefined)
        fail(
          `The baseUrl of the endpoint ${name} is no https URL of a host and a path. Give one such as https://api.example.com.`
        )
    }
  },
  {
    name: "the default endpoint is one of the endpoints",
    run: () => {
      const { defaultEndpoint: name, endpoints } = spec
      if (name !== undefined && !Object.hasOwn(endpoints, name)) {
        fail(
          `defaultEndpoint is ${JSON.stringify(name)}, and the endpoints are ${Object.keys(endpoints).join(", ")}. Name one of them, or leave it out.`
        )
      }
    }
  },
  {
    name: "makes names the kinds of media that tasks make",
    run: () => {
      if (!Array.isArray(spec.mediaKinds) || spec.mediaKinds.length === 0)
        fail(`makes is missing. Name the kinds of media, of ${[...kinds].join(", ")}.`)
      const odd = spec.mediaKinds?.find((kind) => !kinds.has(kind))
      if (odd !== undefined)
        fail(
          `makes holds ${JSON.stringify(odd)}, which is no kind of media. Choose of ${[...kinds].join(", ")}.`
        )
    }
  },
  {
    name: "statuses says what each word of the vendor's means, once",
    run: () => {
      if (!isObject(spec.statuses) || Object.keys(spec.statuses).length === 0) {
        fail(
          'statuses is missing. List the vendor\'s words by what they mean: { running: ["processing"], … }.'
        )
      }
      const seen = new Map<string, string>()
      for (const [status, words] of Object.entries(spec.statuses ?? {})) {
        if (!statuses.has(status as TaskStatus))
          fail(
            `statuses has the member ${status}, which is no status. Choose of ${[...statuses].join(", ")}.`
          )
        for (const word of words) {
          if (!isText(word) || word !== word.trim())
            fail(
              `statuses.${status} holds ${JSON.stringify(word)}. A word is a text without blanks around it.`
            )
          const other = seen.get(folded(word))
          if (other !== undefined)
            fail(
              `The word ${JSON.stringify(word)} stands under ${other} and under ${status}; case does not tell words apart. Leave it where it belongs, once.`
            )
          seen.set(folded(word), status)
        }
      }
    }
  },
  {
    name: "the poll hint goes from a shorter wait to a longer one",
    run: () => {
      const { pollHint: hint } = spec
      if (
        hint !== undefined &&
        !(isPositive(hint.minMs) && isPositive(hint.maxMs) && hint.minMs <= hint.maxMs)
      ) {
        fail(
          `pollHint is from ${hint.minMs} to ${hint.maxMs}. Give positive milliseconds, min no more than max, or leave it out.`
        )
      }
    }
  },
  {
    name: "the lifetimes of results are positive, and of kinds that its tasks make",
    run: () => {
      for (const [kind, lifetime] of Object.entries(spec.resultLifetimeMs ?? {})) {
        if (!isPositive(lifetime))
          fail(`resultLifetime.${kind} is ${String(lifetime)}. Give positive milliseconds, or leave it out.`)
        if (spec.mediaKinds?.includes(kind as OutputKind) !== true) {
          fail(`resultLifetime has ${kind}, and makes has not. Add it to makes, or leave it out here.`)
        }
      }
    }
  }
]
