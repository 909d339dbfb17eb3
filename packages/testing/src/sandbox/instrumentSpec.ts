import { isDeepStrictEqual } from "node:util"
import { jsonObject } from "@gentask/core/provider"
import type { FollowUp, ProviderSpec, QueryOutcome } from "@gentask/core/provider"
import type { StandardSchemaV1 } from "@standard-schema/spec"
import { errorMessage } from "../errorMessage.ts"
import { wrapOperations } from "./instrumentOperations.ts"
import { runInSandbox } from "./sandbox.ts"

/** Something that a provider's function did and that core would hide, or that the contract does not allow. */
export interface Violation {
  /** `throws` is allowed where a function rejects its input with a message. `impure` is never allowed. */
  readonly kind: "throws" | "impure"
  /** The function's name in the spec: `query.decode`. */
  readonly functionName: string
  /** What it did, to follow the name in a sentence, or the message of what it threw. */
  readonly detail: string
}

/** An instrumented spec, with the violations of its functions so far. */
export interface InstrumentedSpec {
  readonly spec: ProviderSpec
  readonly violations: ReadonlyArray<Violation>
}

/** The last sentence of a message about an impure function: how to fix it. */
export const purityAdvice =
  "Functions of a provider must be synchronous, and their result must depend on their arguments alone."

type Schema = StandardSchemaV1<unknown, unknown>
type Authorize = NonNullable<ProviderSpec["authorize"]>
type Decoder = Pick<ProviderSpec["query"], "response" | "decode" | "decodeError">

/** Freezes objects and arrays at any depth. Instances of classes stay as they are. */
const deepFreeze = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value
  Object.freeze(value)
  for (const member of Object.values(value)) deepFreeze(member)
  return value
}

const frozenError =
  /read only property|which has only a getter|not extensible|Cannot (delete|define|redefine) property/

/** The part of a result that can be compared. The functions of a follow-up are compared when they run. */
const comparable = (result: unknown): unknown => {
  if (typeof result !== "object" || result === null) return result
  if ("issues" in result && result.issues !== undefined) return "issues"
  const outcome = result as QueryOutcome
  return outcome._tag === "FollowUp" ? outcome.followUp?.request : result
}

/** Runs functions twice in the sandbox, and collects their violations. */
class Recorder {
  readonly violations: Array<Violation> = []

  add(kind: Violation["kind"], functionName: string, detail: string): void {
    if (!this.violations.some((known) => known.functionName === functionName && known.detail === detail)) {
      this.violations.push({ kind, functionName, detail })
    }
  }

  run<A>(functionName: string, call: () => A): A {
    const result = this.#runOnce(functionName, call)
    if (typeof (result as { then?: unknown } | null | undefined)?.then === "function") {
      Promise.resolve(result).catch(() => undefined)
      this.add("impure", functionName, "returns a promise")
    } else if (!isDeepStrictEqual(comparable(result), comparable(this.#runOnce(functionName, call)))) {
      this.add(
        "impure",
        functionName,
        "returns another result when it is called again with the same arguments"
      )
    }
    return result
  }

  #runOnce<A>(functionName: string, call: () => A): A {
    let hasViolation = false
    try {
      return runInSandbox(call, (action) => {
        hasViolation = true
        this.add("impure", functionName, action)
      })
    } catch (error) {
      const message = errorMessage(error)
      if (error instanceof TypeError && frozenError.test(message)) {
        this.add("impure", functionName, `changes its arguments (${message})`)
      } else if (!hasViolation) this.add("throws", functionName, message)
      throw error
    }
  }
}

/**
 * Wraps every function of a spec: each runs twice, on frozen arguments and without clock, random numbers, environment and
 * network. The wrapped functions return and throw what the original ones do.
 */
export const instrumentSpec = (spec: ProviderSpec): InstrumentedSpec => {
  const recorder = new Recorder()

  const wrapSchema = (name: string, schema: Schema): Schema => ({
    "~standard": {
      ...schema["~standard"],
      validate: (value) => recorder.run(name, () => schema["~standard"].validate(deepFreeze(value)))
    }
  })
  const wrapOutcome = (name: string, outcome: QueryOutcome): QueryOutcome =>
    outcome?._tag === "FollowUp"
      ? { _tag: "FollowUp", followUp: wrapDecoder(`${name}'s follow-up`, outcome.followUp) as FollowUp }
      : outcome
  const wrapDecoder = <D extends Decoder>(name: string, decoder: D): D => {
    const wrap = (member: "decode" | "decodeError"): Decoder["decodeError"] => {
      // Core calls these functions without their object.
      const original = decoder[member]
      if (original === undefined) return undefined
      return (...args) => {
        args.forEach(deepFreeze)
        const outcome = recorder.run(`${name}.${member}`, () => original(...args))
        return outcome && wrapOutcome(`${name}.${member}`, outcome)
      }
    }
    return {
      ...decoder,
      response: wrapSchema(`${name}.response`, decoder.response ?? jsonObject),
      decode: wrap("decode"),
      decodeError: wrap("decodeError")
    }
  }

  const { authorize, errors, rateLimits, query } = spec
  const readError = errors?.read
  const wrapAuthorize =
    (original: Authorize): Authorize =>
    (request, credentials) => {
      const { href } = request.url
      deepFreeze(request)
      deepFreeze(credentials)
      const headers = recorder.run("authorize", () => original(request, credentials))
      // A URL cannot be frozen.
      if (request.url.href !== href) recorder.add("impure", "authorize", "changes the URL of the request")
      return headers
    }
  return {
    violations: recorder.violations,
    spec: {
      ...spec,
      ...wrapOperations(spec, {
        wrapSchema,
        wrapFunction:
          (name, original) =>
          (...args) => {
            args.forEach(deepFreeze)
            return recorder.run(name, () => original(...args))
          }
      }),
      query: {
        ...wrapDecoder("query", query),
        request: (task, settings: unknown) => {
          deepFreeze(task)
          deepFreeze(settings)
          return recorder.run("query.request", () => query.request(task, settings))
        }
      },
      errors: errors && {
        ...errors,
        read:
          readError &&
          ((body, head, operation) => {
            deepFreeze(body)
            deepFreeze(head)
            return recorder.run("errors.read", () => readError(body, head, operation))
          })
      },
      settings: spec.settings && wrapSchema("settings", spec.settings),
      params: spec.params && wrapSchema("params", spec.params),
      authorize: authorize && wrapAuthorize(authorize),
      rateLimits:
        rateLimits &&
        ((settings: unknown) => recorder.run("rateLimits", () => rateLimits(deepFreeze(settings))))
    }
  }
}
