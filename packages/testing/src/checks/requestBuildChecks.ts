/** Whether a spec's examples, settings, hints and limits can be used to ask. */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import { buildRequest } from "@gentask/core/internal"
import { resolveAccount } from "@gentask/core/internal"
import { configureAccount } from "@gentask/core/provider"
import type { RequestSpec } from "@gentask/core/provider"
import { TaskRef } from "@gentask/core"
import { fail, sentenceOf } from "../Check.ts"
import type { Check } from "../Check.ts"
import { questionOf, requestOf } from "../replay.ts"
import type { Asking, Options, Subject } from "../replay.ts"
import { supervise } from "../supervise.ts"

/** A member that no schema knows. */
const foreign = "gentask_unknown_member"

const checkSchema = (
  name: string,
  schema: StandardSchemaV1 | undefined,
  valid: ReadonlyArray<Options>
): void => {
  if (schema === undefined) return
  const accepts = (value: unknown): boolean => {
    try {
      const result = schema["~standard"].validate(value)
      if (!(result instanceof Promise)) return result.issues === undefined
      result.catch(() => undefined)
    } catch (error) {
      return fail(`The schema of ${name} throws (${sentenceOf(error)}). Let it answer issues instead.`)
    }
    return fail(`The schema of ${name} answers with a promise. Let it answer at once.`)
  }
  for (const value of [{}, null, undefined, [], "x", 3, true, { [foreign]: {} }]) accepts(value)
  for (const value of valid) {
    if (accepts({ ...value, [foreign]: "x" })) {
      fail(
        `${name} takes members that nobody knows, so that a misspelt one goes unnoticed. Make its schema strict.`
      )
    }
  }
}

/** How a language says that a program went wrong, in contrast to a sentence that was written for people. */
const crash =
  /^(Cannot (read|set|destructure|convert)|.* is not (a function|a constructor|defined|iterable|an object)\b)/

/** Why a task cannot be asked about, if it cannot; a crash of the provider's fails the check. */
const refusal = ({ spec, apiKey }: Subject, asking: Asking): string | undefined => {
  const { spec: supervised, breaches } = supervise(spec)
  try {
    requestOf(questionOf({ spec: supervised, apiKey }, asking))
    return undefined
  } catch (error) {
    const crashed = breaches.find(({ kind, what }) => kind === "throws" && crash.test(what))
    if (crashed !== undefined) {
      fail(
        `${crashed.where} breaks on ${asking.ref} (${crashed.what}). Ask with what is there, or throw an error whose message says what is missing.`
      )
    }
    return sentenceOf(error)
  }
}

/** What the provider describes; nothing that is wrong where it cannot ask, which the check of the examples tells. */
const describeFor = (subject: Subject, asking: Asking): RequestSpec => {
  try {
    const question = questionOf(subject, asking)
    return buildRequest(question, subject.spec.query)
  } catch {
    return { method: "GET", path: "/" }
  }
}

/** The checks of what a provider asks with. */
export const askingChecks = (subject: Subject): ReadonlyArray<Check> => {
  const { spec, apiKey, cases, examples } = subject
  const askings: ReadonlyArray<Asking> = [...examples, ...cases]
  /** The accounts that can be made, as they were given and as they are used. */
  const accounts = () =>
    askings.flatMap(({ options }) => {
      const given = configureAccount(spec, { ...options, apiKey })
      try {
        return [{ given, resolved: resolveAccount(given) }]
      } catch {
        return []
      }
    })

  return [
    {
      name: "the examples are task refs of this provider, and each makes a request",
      run: () => {
        if (!Array.isArray(spec.examples) || spec.examples.length === 0) {
          fail(
            `examples is missing. Give a task ref for each way to ask, such as "${spec.id}:1234", with every hint.`
          )
        }
        for (const ref of spec.examples ?? []) {
          const { provider } = TaskRef.parse(ref)
          if (provider !== spec.id)
            fail(`The example ${ref} is of ${provider}, not of ${spec.id}. Begin it with "${spec.id}:".`)
        }
        for (const asking of examples) {
          const why = refusal(subject, asking)
          if (why !== undefined) {
            fail(
              `The example ${asking.ref} makes no request: ${why} Mend the example; options that every account needs can be given as conformance(spec, recordings, { account }).`
            )
          }
        }
      }
    },
    {
      name: "every request is a GET or a POST of texts, at a path below the base URL",
      run: () => {
        for (const asking of [...subject.examples, ...subject.cases]) {
          const { method, path, query = {}, headers = {} } = describeFor(subject, asking)
          if (method !== "GET" && method !== "POST")
            fail(
              `query.request uses the method ${String(method)} for ${asking.ref}. A query is a GET, or a POST where the vendor documents one.`
            )
          if (!path.startsWith("/"))
            fail(`query.request gives the path ${JSON.stringify(path)} for ${asking.ref}. Begin it with "/".`)
          const odd = Object.entries({ ...query, ...headers }).find(([, value]) => typeof value !== "string")
          if (odd !== undefined)
            fail(
              `query.request gives ${odd[0]} a value that is no text for ${asking.ref}. Write it as a text, or leave it out.`
            )
        }
      }
    },
    {
      name: "a task without hints is asked about, or refused with a sentence",
      run: () => {
        for (const { ref, options } of examples) {
          refusal(subject, { ref: TaskRef.format({ ...TaskRef.parse(ref), params: {} }), options })
        }
      }
    },
    {
      name: "settings are strict, and read at once",
      run: () =>
        checkSchema(
          "settings",
          spec.settings,
          accounts().map(({ given, resolved: { endpoint } }) => ({
            ...(endpoint === undefined ? undefined : spec.endpoints[endpoint]?.settings),
            ...given.settings
          }))
        )
    },
    {
      name: "hints are strict, and read at once",
      run: () =>
        checkSchema(
          "hints",
          spec.params,
          askings.map(({ ref }) => TaskRef.parse(ref).params)
        )
    },
    {
      name: "limits are positive whole numbers of requests and of milliseconds",
      run: () => {
        for (const { resolved } of accounts()) {
          for (const { requests, windowMs: window } of resolved.rateLimits) {
            if (![requests, window].every((number) => Number.isSafeInteger(number) && number > 0)) {
              fail(
                `limits says ${requests} requests in ${window} milliseconds. Give positive whole numbers, or no limit where none is documented.`
              )
            }
          }
        }
      }
    }
  ]
}
