/** From a task ref to the request that asks about it. Pure: nothing is sent here. */
import type { QueryOperation, ProviderSpec, TaskKey } from "../provider/ProviderSpec.ts"
import { Secret } from "../provider/Secret.ts"
import { validate } from "../provider/validate.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import type { RequestSpec } from "../provider/RequestSpec.ts"
import * as TaskRef from "../task/TaskRef.ts"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import { redact } from "./redact.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"

/** A task, and the account to ask about it. */
export interface TaskQuery {
  /** The ref as text, the same for everyone who asks this question. */
  readonly ref: string
  readonly id: string
  readonly account: ResolvedAccount
  /** The task as the provider sees it. */
  readonly task: TaskKey<unknown>
}

/** A ref that is written as `TaskRef.format` writes it: all that is in it stands for itself. */
const plain = /^[a-z0-9@-]+:[\w.:-]+$/

/** The ref as text: mostly the caller's own, of which no second one is needed. */
const textOf = (ref: TaskRef.TaskRef, written: string | TaskRef.TaskRef | undefined): string => {
  if (typeof written === "string" && plain.test(written)) return written
  const text = TaskRef.format(ref)
  return text === written ? written : text
}

/** Puts a ref and an account together; checks the ref's hints. `written` is the ref as the caller wrote it. */
export const makeTaskQuery = (
  ref: TaskRef.TaskRef,
  account: ResolvedAccount,
  written?: string | TaskRef.TaskRef
): TaskQuery => {
  const { id, params: hints } = ref
  const text = textOf(ref, written)
  const { spec } = account
  const read = Object.keys(hints).length === 0 ? readNone(text, spec) : readHints(text, hints, spec)
  return { ref: text, id, account, task: { id, params: read } }
}

/** What a provider reads where a ref has no hints: the same for all of them. */
const none = new WeakMap<ProviderSpec, unknown>()

const readNone = (ref: string, spec: ProviderSpec): unknown => {
  const known = none.get(spec)
  if (known !== undefined) return known
  const read = Object.freeze(readHints(ref, {}, spec))
  none.set(spec, read)
  return read
}

const readHints = (ref: string, hints: TaskRef.TaskRef["params"], spec: ProviderSpec): unknown => {
  if (spec.params === undefined) {
    const names = Object.keys(hints)
    if (names.length === 0) return {}
    throw new ConfigurationError({
      reason: { _tag: "InvalidParams", ref, path: names[0] ?? "" },
      message: `${ref}: ${spec.id} takes no hints. Leave out ${names.join(", ")}.`
    })
  }
  const result = validate<unknown>(spec.params, hints)
  if (result.ok) return result.value
  throw new ConfigurationError({
    reason: { _tag: "InvalidParams", ref, path: result.path },
    message: `${ref}: its hints are wrong${result.path === "" ? "" : ` at ${result.path}`}: ${result.message}.`
  })
}

const invalidId = (question: TaskQuery, why: string): ConfigurationError =>
  new ConfigurationError({
    reason: { _tag: "InvalidTaskId", ref: question.ref },
    message: `${question.ref}: ${question.account.spec.id} cannot ask about this task id: ${why}.`
  })

/** The first request of an exchange, as the provider describes it. */
export const buildRequest = (
  question: TaskQuery,
  exchange: QueryOperation<unknown, unknown, unknown>
): RequestSpec => {
  try {
    return exchange.request(question.task, question.account.settings)
  } catch (error) {
    throw invalidId(question, error instanceof Error ? error.message : String(error))
  }
}

/** Puts a request on the account's base URL; the credentials are not in it yet. */
export const resolveUrl = (question: TaskQuery, request: RequestSpec): HttpRequest => {
  const { account } = question
  const path = account.basePath + request.path
  const query = request.query === undefined ? "" : new URLSearchParams(request.query).toString()
  const url = URL.parse(account.origin + path + (query === "" ? "" : `?${query}`))
  // An id such as `..` would climb out of the vendor's path.
  if (url?.pathname !== path) throw invalidId(question, "it would change the path of the request")
  const body = request.body === undefined ? undefined : JSON.stringify(request.body)
  const headers =
    account.userAgent === undefined
      ? { ...request.headers }
      : { ...request.headers, "user-agent": account.userAgent }
  return { method: request.method, url, headers, body }
}

/** Puts a request on the account's base URL and gives it the credentials. */
export const signRequest = (question: TaskQuery, request: RequestSpec, now: Date): HttpRequest => {
  const finished = resolveUrl(question, request)
  return { ...finished, headers: { ...finished.headers, ...authHeaders(question.account, finished, now) } }
}

/** The headers that prove who asks. */
export const authHeaders = (
  account: ResolvedAccount,
  request: HttpRequest,
  now: Date
): Readonly<Record<string, string>> => {
  const apiKey = Secret.reveal(account.apiKey)
  if (account.spec.authorize === undefined) return { authorization: `Bearer ${apiKey}` }
  try {
    return account.spec.authorize(request, { apiKey, endpoint: account.endpoint, now })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    // A provider may quote the key that it cannot use.
    throw new ConfigurationError({
      reason: { _tag: "InvalidApiKey", account: account.name },
      message: redact(why, apiKey)
    })
  }
}
