/** A spec whose functions are supervised: each runs twice, on frozen values and without the world. */
import { isDeepStrictEqual } from "node:util"
import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { FollowUp, QueryOutcome } from "@gentask/core/provider"
import type { ProviderSpec } from "@gentask/core/provider"
import type { HttpRequest } from "@gentask/core/provider"
import { sentenceOf } from "./Check.ts"
import { withoutWorld } from "./sandbox.ts"

/** What a function of a provider did that core would hide, or that the contract does not allow. */
export interface Breach {
  /** `throws` is fine where a sentence refuses an id; the other is never. */
  readonly kind: "throws" | "impure"
  /** The function's name in the spec: `query.decode`. */
  readonly where: string
  /** What it did: `reads the clock (Date.now)`. */
  readonly what: string
}

/** A supervised spec, and what its functions did wrong so far. */
export interface Supervised {
  readonly spec: ProviderSpec
  readonly breaches: ReadonlyArray<Breach>
}

/** What to do about an impure function. */
export const pureAdvice =
  "A provider's functions answer from what they are given, at once and always alike; leave the rest to core."

type AskingOn = Extract<QueryOutcome, { readonly _tag: "FollowUp" }>
type Schema = StandardSchemaV1<unknown, unknown>

/** Freezes objects and arrays at any depth; an instance of a class is left as it is. */
const freeze = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value
  Object.freeze(value)
  for (const each of Object.values(value)) freeze(each)
  return value
}

const ofFrozen = /read only property|not extensible|Cannot (delete|define|redefine) property/

/** What can be compared of a result: what a follow-up's functions answer is seen when they run. */
const comparable = (result: unknown): unknown => {
  if (typeof result !== "object" || result === null) return result
  if ("issues" in result && result.issues !== undefined) return "issues"
  return (result as Partial<QueryOutcome>)._tag === "FollowUp"
    ? (result as AskingOn).followUp?.request
    : result
}

/** Supervises a spec. Its functions answer and throw as before. */
export const supervise = (spec: ProviderSpec): Supervised => {
  const breaches: Array<Breach> = []
  const note = (kind: Breach["kind"], where: string, what: string): void => {
    if (!breaches.some((known) => known.where === where && known.what === what))
      breaches.push({ kind, where, what })
  }
  const impure = (where: string, what: string): void => note("impure", where, what)

  const once = <A>(where: string, run: () => A): A => {
    let touched = false
    try {
      return withoutWorld(run, (what) => {
        touched = true
        impure(where, what)
      })
    } catch (error) {
      const sentence = sentenceOf(error)
      if (error instanceof TypeError && ofFrozen.test(sentence)) {
        impure(where, `changes what it is given (${sentence})`)
      } else if (!touched) note("throws", where, sentence)
      throw error
    }
  }
  const run = <A>(where: string, call: () => A): A => {
    const first = once(where, call)
    if (typeof (first as { then?: unknown } | null | undefined)?.then === "function") {
      Promise.resolve(first).catch(() => undefined)
      impure(where, "gives back a promise")
      return first
    }
    if (!isDeepStrictEqual(comparable(first), comparable(once(where, call)))) {
      impure(where, "gives another answer when it is asked the same again")
    }
    return first
  }

  const schema = (where: string, given: Schema): Schema => ({
    "~standard": {
      ...given["~standard"],
      validate: (value) => run(where, () => given["~standard"].validate(freeze(value)))
    }
  })
  const outcome = (where: string, given: QueryOutcome): QueryOutcome =>
    given?._tag === "FollowUp"
      ? { _tag: "FollowUp", followUp: reading(`${where}'s follow-up`, given.followUp) as FollowUp }
      : given
  /** The reading functions of an exchange or of a follow-up; core calls them without their object. */
  const reading = <Exchange extends Pick<ProviderSpec["query"], "response" | "decode" | "decodeError">>(
    where: string,
    exchange: Exchange
  ): Exchange => {
    const { response, decode: decode, decodeError: decodeError } = exchange
    const read = (name: string, call: typeof decodeError) =>
      call &&
      ((...given: Parameters<typeof call>) => {
        given.forEach(freeze)
        const told = run(`${where}.${name}`, () => call(...given))
        return told && outcome(`${where}.${name}`, told)
      })
    return {
      ...exchange,
      response: schema(`${where}.response`, response),
      decode: read("decode", decode),
      decodeError: read("decodeError", decodeError)
    }
  }

  const { authorize, rateLimits: limits, query } = spec
  const sign = (request: HttpRequest, credentials: Parameters<NonNullable<typeof authorize>>[1]) => {
    const { href } = request.url
    freeze(request)
    freeze(credentials)
    const headers = run("authorize", () => authorize?.(request, credentials) ?? {})
    if (request.url.href !== href) impure("authorize", "changes the URL of the request")
    return headers
  }
  return {
    breaches,
    spec: {
      ...spec,
      query: {
        ...reading("query", query),
        request: (task, settings: unknown) => {
          freeze(task)
          freeze(settings)
          return run("query.request", () => query.request(task, settings))
        }
      },
      settings: spec.settings && schema("settings", spec.settings),
      params: spec.params && schema("params", spec.params),
      authorize: authorize && sign,
      rateLimits: limits && ((settings: unknown) => run("rateLimits", () => limits(freeze(settings))))
    }
  }
}
