import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import type { ProviderSpec, QueryOperation } from "../provider/ProviderSpec.ts"
import type { RequestSpec } from "../provider/RequestSpec.ts"
import type { TaskKey } from "../provider/TaskKey.ts"
import { validate } from "../provider/validate.ts"
import * as TaskRef from "../task/TaskRef.ts"
import { authHeaders } from "./authHeaders.ts"
import { InvalidPath, resolveRequest } from "./resolveRequest.ts"
import type { EncodedRequest } from "./resolveRequest.ts"

/** A query about one task of one account. */
export interface TaskQuery {
  /** The ref in its canonical form. */
  readonly ref: string
  readonly id: string
  readonly account: ResolvedAccount
  /** The task as the provider sees it. */
  readonly task: TaskKey<unknown>
  /** Whether the vendor cannot be queried, because the response to the submit was the result. */
  readonly completesOnSubmit: boolean
  /** Whether an error of the query has the response as `raw`. */
  readonly keepsRaw?: boolean
}

/** Matches refs that are canonical and need no formatting. */
const canonical = /^[a-z0-9@-]+:[\w.:-]+$/

/** Returns the canonical text of a ref. Reuses the caller's string where possible: a million refs need memory. */
const toCanonical = (ref: TaskRef.TaskRef, input: string | TaskRef.TaskRef | undefined): string => {
  if (typeof input === "string" && canonical.test(input)) return input
  const text = TaskRef.format(ref)
  return text === input ? input : text
}

/**
 * Creates a query.
 *
 * @param input The ref as the caller wrote it.
 * @throws {ConfigurationError} If the provider does not accept the ref's params.
 */
export const makeTaskQuery = (
  ref: TaskRef.TaskRef,
  account: ResolvedAccount,
  input?: string | TaskRef.TaskRef
): TaskQuery => {
  const { id, params } = ref
  const text = toCanonical(ref, input)
  const { spec } = account
  const valid =
    Object.keys(params).length === 0 ? defaultParams(text, spec) : validateParams(text, params, spec)
  return {
    ref: text,
    id,
    account,
    task: { id, params: valid },
    completesOnSubmit: spec.query.completesOnSubmit?.(valid) === true
  }
}

/** The params of refs without any, which are the same for every task of a provider. */
const defaults = new WeakMap<ProviderSpec, unknown>()

const defaultParams = (ref: string, spec: ProviderSpec): unknown => {
  const known = defaults.get(spec)
  if (known !== undefined) return known
  const params = Object.freeze(validateParams(ref, {}, spec))
  defaults.set(spec, params)
  return params
}

const validateParams = (ref: string, params: TaskRef.TaskRef["params"], spec: ProviderSpec): unknown => {
  if (spec.params === undefined) {
    const names = Object.keys(params)
    if (names.length === 0) return {}
    throw new ConfigurationError({
      reason: { _tag: "InvalidParams", ref, path: names[0] ?? "" },
      message: `${ref}: ${spec.id} does not accept params. Remove ${names.join(", ")}.`
    })
  }
  const result = validate<unknown>(spec.params, params)
  if (result.ok) return result.value
  const path = result.path === "" ? "" : ` at ${result.path}`
  const isMissing = result.path !== "" && !Object.hasOwn(params, result.path)
  const example = spec.examples?.find((each) => each.includes(`${result.path}=`))
  throw new ConfigurationError({
    reason: { _tag: "InvalidParams", ref, path: result.path },
    message: isMissing
      ? `${ref}: the param ${result.path} is missing.${example === undefined ? "" : ` Write the ref as in ${example}.`}`
      : `${ref}: invalid params${path}: ${result.message}.`
  })
}

const invalidId = ({ ref, account }: TaskQuery, why: string): ConfigurationError =>
  new ConfigurationError({
    reason: { _tag: "InvalidTaskId", ref },
    message: `${ref}: invalid task id for ${account.spec.id}: ${why.replace(/\.$/, "")}.`
  })

/**
 * Has the provider describe the first request of an operation.
 *
 * @throws {ConfigurationError} If the provider rejects the task id.
 */
export const buildRequest = (
  query: TaskQuery,
  operation: QueryOperation<unknown, unknown, unknown>
): RequestSpec => {
  try {
    return operation.request(query.task, query.account.settings)
  } catch (error) {
    throw invalidId(query, error instanceof Error ? error.message : String(error))
  }
}

/**
 * Resolves a request against the account's base URL. The result has no credentials.
 *
 * @throws {ConfigurationError} If the task id would change the path of the request, as `..` does, or the request has a host
 *   that must not receive the API key.
 */
export const encodeRequest = (query: TaskQuery, request: RequestSpec): EncodedRequest => {
  try {
    return resolveRequest(query.account, request)
  } catch (error) {
    throw error instanceof InvalidPath ? invalidId(query, error.message) : error
  }
}

/** Resolves a request without its payload. See {@link encodeRequest}. */
export const resolveUrl = (query: TaskQuery, request: RequestSpec): HttpRequest =>
  encodeRequest(query, request).request

/** Resolves a request and adds the account's credentials. */
export const signRequest = (query: TaskQuery, request: RequestSpec, now: Date): HttpRequest => {
  const resolved = resolveUrl(query, request)
  return { ...resolved, headers: { ...resolved.headers, ...authHeaders(query.account, resolved, now) } }
}
