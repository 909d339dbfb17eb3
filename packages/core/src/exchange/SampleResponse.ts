/** A provider's exchange without any I/O: the request that it makes, and what a recorded answer means. */
import { resolveAccount } from "../account/resolveAccount.ts"
import type { ProviderAccount } from "../provider/ProviderAccount.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import * as TaskRef from "../task/TaskRef.ts"
import { decodeResponse, queryDecoder } from "./decodeResponse.ts"
import type { ReceivedResponse, DecodedResponse } from "./decodeResponse.ts"
import { buildRequest, signRequest, makeTaskQuery } from "./TaskQuery.ts"

/** An answer as it was recorded. */
export interface SampleResponse {
  /** @default 200 */
  readonly status?: number | undefined
  /** Names are in lower case. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** A JSON value; a string is the body's text as it is. */
  readonly body: unknown
  /** When it arrived, in milliseconds since 1970. @default 0 */
  readonly at?: number | undefined
}

/** A recorded answer, as the transport would give it. */
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

const questionOf = (account: ProviderAccount, ref: string) =>
  makeTaskQuery(TaskRef.parse(ref), resolveAccount(account))

/** The request that asks about a task, credentials included. */
export const requestOf = (account: ProviderAccount, ref: string, now: Date = new Date(0)): HttpRequest => {
  const question = questionOf(account, ref)
  return signRequest(question, buildRequest(question, account.spec.query), now)
}

/** What a recorded answer to the question about a task means: a snapshot, a fault, or a follow-up request. */
export const decodeRecorded = (
  account: ProviderAccount,
  ref: string,
  answer: SampleResponse
): DecodedResponse => {
  const question = questionOf(account, ref)
  return decodeResponse(question, queryDecoder(question), toReceivedResponse(answer))
}
