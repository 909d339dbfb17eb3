/** When a client should retry, and how the response says so. */
import * as z from "zod"
import { headerValue, strictObject, wholeSeconds } from "../fieldSchemas.ts"
import type { WireResponse } from "../WireResponse.ts"

const shape = {
  /** Seconds until the client should retry. A whole number. */
  seconds: wholeSeconds,
  /**
   * Milliseconds by which the server's clock is ahead, or behind if negative. The `Date` header and the date in
   * `Retry-After` are of this clock. @default 0
   */
  clockSkew: z.int().optional()
}

/** How long to wait, and the form of the Retry-After of a query. */
const queryForm = strictObject({
  ...shape,
  /**
   * How the client learns it: `seconds` and `date` are the two forms of the Retry-After header, `repeated` sends two
   * lines with one form each, and `body` is `data.retryAfter` of AI GPT Image. A date is rounded up to the second.
   * @default "seconds"
   */
  as: z.enum(["seconds", "date", "repeated", "body"]).optional()
})

/** How long to wait, and the form of the Retry-After of a result. */
const mediaForm = strictObject({
  ...shape,
  /** As for a query. @default "seconds" */
  as: z.enum(["seconds", "date", "repeated"]).optional()
})

/** When the client should retry, and how the response says so. */
export type RetryAfter = z.infer<typeof queryForm>

/** The Retry-After of a query: seconds, an object with its form, or the text of the header. */
export const queryRetryAfter = z.union([wholeSeconds, headerValue, queryForm], {
  error:
    'expected an integer number of seconds, the text of the header, or { seconds, as?: "seconds", "date", "repeated" or "body", clockSkew? }'
})

/** The Retry-After of a result: seconds, an object with its form, or the text of the header. */
export const mediaRetryAfter = z.union([wholeSeconds, headerValue, mediaForm], {
  error:
    'expected an integer number of seconds, the text of the header, or { seconds, as?: "seconds", "date" or "repeated", clockSkew? }'
})

/** The Retry-After of a script in any notation. */
type ScriptedRetryAfter = z.infer<typeof queryRetryAfter> | undefined

/** The seconds that the body contains, if they are there. */
export const retryAfterInBody = (retryAfter: ScriptedRetryAfter): number | undefined =>
  typeof retryAfter === "object" && retryAfter.as === "body" ? retryAfter.seconds : undefined

const headersOf = ({
  seconds,
  as,
  clockSkew = 0
}: RetryAfter): Pick<WireResponse, "headers" | "repeatedHeaders"> => {
  const now = Date.now() + clockSkew
  // Rounded up to the second, so that a client that waits until then is never early.
  const date = new Date(Math.ceil(now / 1000 + seconds) * 1000).toUTCString()
  const headers = {
    "retry-after": as === "date" ? date : String(seconds),
    ...(clockSkew !== 0 && { date: new Date(now).toUTCString() })
  }
  return as === "repeated"
    ? { headers, repeatedHeaders: { "retry-after": [String(seconds), date] } }
    : { headers }
}

/** The response with a Retry-After header, if there is one to add. */
export const withRetryAfter = (response: WireResponse, retryAfter: ScriptedRetryAfter): WireResponse => {
  if (retryAfter === undefined || retryAfterInBody(retryAfter) !== undefined) return response
  const added =
    typeof retryAfter === "string"
      ? { headers: { "retry-after": retryAfter } }
      : headersOf(typeof retryAfter === "number" ? { seconds: retryAfter } : retryAfter)
  return { ...response, ...added, headers: { ...response.headers, ...added.headers } }
}
