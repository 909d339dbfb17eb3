/** An answer before it meets a socket: plain data, so that a layer between may spoil it. */
import { STATUS_CODES } from "node:http"
import type { Body } from "./ByteSource.ts"
import type { Manner } from "./faults/Manner.ts"
import type { Answer } from "./TaskScript.ts"

/** An answer as plain data. `content-length` is added on delivery. */
export interface WireAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Body
  /** How it is sent; absent, it is sent at once and whole. */
  readonly manner?: Manner
  /** Seconds that the body, and no header, asks the client to wait. */
  readonly retryAfter?: number
}

/** What an HTTP status is called. */
export const phraseOf = (status: number): string => STATUS_CODES[status] ?? "Error"

const jsonHeaders = Object.freeze({ "content-type": "application/json; charset=utf-8" })

/** An answer whose body is JSON. */
export const jsonAnswer = (
  status: number,
  value: unknown,
  headers?: Readonly<Record<string, string>>
): WireAnswer => ({
  status,
  headers: headers === undefined ? jsonHeaders : { ...jsonHeaders, ...headers },
  body: JSON.stringify(value)
})

const lowerCased = (headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

/** An answer that a test wrote itself. */
export const scriptedAnswer = ({ status = 200, headers, body, text = "" }: Answer): WireAnswer => {
  // In one case, so that a script's "Content-Type" takes the place of ours and does not join it.
  const given = lowerCased(headers)
  if (body !== undefined) return jsonAnswer(status, body, given)
  return { status, headers: { "content-type": "text/plain; charset=utf-8", ...given }, body: text }
}

/** The scripted answer for the poll of this number (0 for the first), if the script still has one. */
export const answerForPoll = (answers: readonly Answer[], poll: number): Answer | undefined => {
  let before = 0
  for (const answer of answers) {
    before += answer.times === "forever" ? Number.POSITIVE_INFINITY : (answer.times ?? 1)
    if (poll < before) return answer
  }
  return undefined
}
