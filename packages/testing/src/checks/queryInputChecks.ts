/** Checks of what requests are built from: examples, settings, params and rate limits. */
import { TaskRef } from "@gentask/core"
import { buildRequest, resolveAccount } from "@gentask/core/internal"
import { configureAccount } from "@gentask/core/provider"
import type { RequestSpec } from "@gentask/core/provider"
import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { Check } from "../Check.ts"
import { fail } from "../ConformanceError.ts"
import { errorMessage } from "../errorMessage.ts"
import { buildQuery, buildUnsignedRequest } from "../replay/replay.ts"
import type { QueryTarget, TestContext } from "../replay/TestContext.ts"
import { instrumentSpec } from "../sandbox/instrumentSpec.ts"
import { isCrash } from "../sandbox/isCrash.ts"
import { unknownMember } from "../unknownMember.ts"

/**
 * Returns why the request of a target cannot be built, or undefined.
 *
 * @throws {ConformanceError} If the provider crashes instead of rejecting the target.
 */
const rejectionOf = ({ spec, apiKey }: TestContext, target: QueryTarget): string | undefined => {
  const instrumented = instrumentSpec(spec)
  try {
    buildUnsignedRequest(buildQuery({ spec: instrumented.spec, apiKey }, target))
    return undefined
  } catch (error) {
    const crashed = instrumented.violations.find(({ kind, detail }) => kind === "throws" && isCrash(detail))
    if (crashed !== undefined) {
      fail(
        `${crashed.functionName} crashes on ${target.ref} (${crashed.detail}). Build a request without the missing value, or throw an error whose message says what is missing.`
      )
    }
    return errorMessage(error)
  }
}

const checkExamples = (context: TestContext): void => {
  const { id, examples = [] } = context.spec
  if (examples.length === 0) {
    fail(
      `examples is missing. List a task ref for each kind of query, such as "${id}:1234", with every param.`
    )
  }
  for (const ref of examples) {
    const { provider } = TaskRef.parse(ref)
    if (provider !== id) fail(`The example ${ref} is of ${provider}, not of ${id}. Start it with "${id}:".`)
  }
  for (const target of context.examples) {
    const problem = rejectionOf(context, target)
    if (problem !== undefined) {
      fail(
        `The request for the example ${target.ref} cannot be built: ${problem} Correct the example, or pass options that every account needs: conformance(spec, recordings, { account }).`
      )
    }
  }
}

/** Returns undefined if the request cannot be built, which the check of the examples reports. */
const requestOf = (context: TestContext, target: QueryTarget): RequestSpec | undefined => {
  try {
    return buildRequest(buildQuery(context, target), context.spec.query)
  } catch {
    return undefined
  }
}

const checkRequest = (request: RequestSpec, ref: string): void => {
  const { method, path, query = {}, headers = {} } = request
  if (method !== "GET" && method !== "POST") {
    fail(`query.request uses the method ${method} for ${ref}. Use GET, or POST if the vendor documents it.`)
  }
  if (!path.startsWith("/")) {
    fail(`query.request returns the path ${JSON.stringify(path)} for ${ref}. Start it with "/".`)
  }
  const [name] = Object.entries({ ...query, ...headers }).find(([, value]) => typeof value !== "string") ?? []
  if (name !== undefined) {
    fail(`query.request sets ${name} to a value that is not a string for ${ref}. Convert it, or remove it.`)
  }
}

const validate = (name: string, schema: StandardSchemaV1, value: unknown): boolean => {
  let result: ReturnType<(typeof schema)["~standard"]["validate"]>
  try {
    result = schema["~standard"].validate(value)
  } catch (error) {
    return fail(`The schema of ${name} throws (${errorMessage(error)}). Return issues instead.`)
  }
  if (!(result instanceof Promise)) return result.issues === undefined
  result.catch(() => undefined)
  return fail(`The schema of ${name} is asynchronous. Use a synchronous schema.`)
}

const checkSchema = (
  name: "settings" | "params",
  schema: StandardSchemaV1 | undefined,
  valid: ReadonlyArray<Readonly<Record<string, unknown>>>
): void => {
  if (schema === undefined) return
  for (const value of [{}, null, undefined, [], "x", 3, true, { [unknownMember]: {} }]) {
    validate(name, schema, value)
  }
  for (const value of valid) {
    if (validate(name, schema, { ...value, [unknownMember]: "x" })) {
      fail(
        `The schema of ${name} accepts unknown members, so that a misspelled one has no effect. Use a strict schema.`
      )
    }
  }
}

/** Resolves the account of every example and recording. Invalid accounts are left out. */
const resolveAccounts = ({ spec, apiKey, examples, cases }: TestContext) =>
  [...examples, ...cases].flatMap(({ account }) => {
    const configured = configureAccount(spec, { ...account, apiKey })
    try {
      const { endpoint, rateLimits } = resolveAccount(configured)
      const defaults = endpoint === undefined ? undefined : spec.endpoints[endpoint]?.settings
      return [{ settings: { ...defaults, ...configured.settings }, rateLimits }]
    } catch {
      return []
    }
  })

const checkRateLimits = (context: TestContext): void => {
  for (const { requests, windowMs } of resolveAccounts(context).flatMap(({ rateLimits }) => rateLimits)) {
    if (![requests, windowMs].every((number) => Number.isSafeInteger(number) && number > 0)) {
      fail(
        `rateLimits returns ${requests} requests in ${windowMs} ms. Use positive integers, or return no limit if none is documented.`
      )
    }
  }
}

/** The checks of what requests are built from. */
export const queryInputChecks = (context: TestContext): ReadonlyArray<Check> => {
  const { spec, examples, cases } = context
  const targets = [...examples, ...cases]
  return [
    {
      name: "the examples are task refs of this provider whose requests can be built",
      run: () => checkExamples(context)
    },
    {
      name: "every request is a GET or a POST with an absolute path and string values",
      run: () => {
        for (const target of targets) {
          const request = requestOf(context, target)
          if (request !== undefined) checkRequest(request, target.ref)
        }
      }
    },
    {
      name: "a ref without params is queried or rejected with a message",
      run: () => {
        for (const { ref, account } of examples) {
          rejectionOf(context, { ref: TaskRef.format({ ...TaskRef.parse(ref), params: {} }), account })
        }
      }
    },
    {
      name: "the settings schema is strict and synchronous",
      run: () =>
        checkSchema(
          "settings",
          spec.settings,
          resolveAccounts(context).map(({ settings }) => settings)
        )
    },
    {
      name: "the params schema is strict and synchronous",
      run: () =>
        checkSchema(
          "params",
          spec.params,
          targets.map(({ ref }) => TaskRef.parse(ref).params)
        )
    },
    { name: "rateLimits returns positive integers", run: () => checkRateLimits(context) }
  ]
}
