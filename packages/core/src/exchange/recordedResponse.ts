/** A provider's exchange without any I/O: the request that it makes, and what a recorded answer means. */
import { resolveAccount } from "../account/ResolvedAccount.ts"
import type { ProviderAccount } from "../provider/Account.ts"
import type { FinishedRequest } from "../provider/HttpRequest.ts"
import * as TaskRef from "../task/TaskRef.ts"
import { interpret, readingOf } from "./decodeResponse.ts"
import type { Answer, Interpretation } from "./decodeResponse.ts"
import { describe, finish, makeQuestion } from "./TaskQuery.ts"

/** An answer as it was recorded. */
export interface RecordedAnswer {
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
export const toAnswer = ({ status = 200, headers = {}, body, at = 0 }: RecordedAnswer): Answer => ({
  status,
  headers,
  text: typeof body === "string" ? body : JSON.stringify(body),
  at
})

const questionOf = (account: ProviderAccount, ref: string) =>
  makeQuestion(TaskRef.parse(ref), resolveAccount(account))

/** The request that asks about a task, credentials included. */
export const requestOf = (
  account: ProviderAccount,
  ref: string,
  now: Date = new Date(0)
): FinishedRequest => {
  const question = questionOf(account, ref)
  return finish(question, describe(question, account.spec.query), now)
}

/** What a recorded answer to the question about a task means: a snapshot, a fault, or a follow-up request. */
export const interpretAnswer = (
  account: ProviderAccount,
  ref: string,
  answer: RecordedAnswer
): Interpretation => {
  const question = questionOf(account, ref)
  return interpret(question, readingOf(question), toAnswer(answer))
}
