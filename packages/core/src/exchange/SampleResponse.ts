import { resolveAccount } from "../account/resolveAccount.ts"
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import * as TaskRef from "../task/TaskRef.ts"
import { decodeResponse, queryDecoder } from "./decodeResponse.ts"
import type { DecodedResponse, ReceivedResponse } from "./Decoding.ts"
import { buildRequest, makeTaskQuery, signRequest } from "./TaskQuery.ts"

/** A response for a test. */
export interface SampleResponse {
  /** @default 200 */
  readonly status?: number | undefined
  /** Header names are in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** A JSON value, or text that is sent as it is. */
  readonly body: unknown
  /** When it arrived, in milliseconds since 1970. @default 0 */
  readonly at?: number | undefined
}

/** Completes a sample response as a transport would deliver it. */
export const toReceivedResponse = ({
  status = 200,
  headers = {},
  body,
  at = 0
}: SampleResponse): ReceivedResponse => ({
  status,
  headers,
  text: typeof body === "string" ? body : JSON.stringify(body),
  at
})

const queryOf = (account: ProviderAccount, ref: string) =>
  makeTaskQuery(TaskRef.parse(ref), resolveAccount(account))

/**
 * Returns the request that queries a task, with credentials. Sends nothing.
 *
 * ```ts
 * const request = requestOf(jimmy({ apiKey: "key" }), "jimmy:1001")
 * expect(request.url.pathname).toBe("/api/open-api/v1/images/1001")
 * ```
 *
 * @param now The time to sign for. Defaults to 1970-01-01, as in a recording.
 */
export const requestOf = (account: ProviderAccount, ref: string, now: Date = new Date(0)): HttpRequest => {
  const query = queryOf(account, ref)
  return signRequest(query, buildRequest(query, account.spec.query), now)
}

/**
 * Decodes a sample response to the query about a task: into a snapshot, an error, or a follow-up request.
 *
 * ```ts
 * const decoded = decodeRecorded(jimmy({ apiKey: "key" }), "jimmy:1001", { status: 404, body: {} })
 * expect(decoded).toMatchObject({ _tag: "Error", reason: { _tag: "TaskNotFound" } })
 * ```
 */
export const decodeRecorded = (
  account: ProviderAccount,
  ref: string,
  response: SampleResponse
): DecodedResponse => {
  const query = queryOf(account, ref)
  return decodeResponse(query, queryDecoder(query), toReceivedResponse(response))
}
