/** What proxies send in a vendor's place, and how an answer asks to wait. */
import type { WireAnswer } from "../WireAnswer.ts"
import { phraseOf } from "../WireAnswer.ts"
import type { RetryAfter } from "./Fault.ts"

const htmlType = Object.freeze({ "content-type": "text/html; charset=utf-8" })

/** A page for people, as proxies and gateways send it. */
export const htmlPage = (status: number): WireAnswer => {
  const title = status === 200 ? "Just a moment..." : `${status} ${phraseOf(status)}`
  return {
    status,
    headers: htmlType,
    body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr><center>nginx</center></body></html>\n`
  }
}

/** An answer without a byte and without a type. */
export const emptyAnswer = (status: number): WireAnswer => ({ status, headers: {}, body: "" })

/** Both ways of saying it in one. */
export const retryAfterOf = (given: number | RetryAfter | undefined): RetryAfter | undefined =>
  typeof given === "number" ? { seconds: given } : given

/** An answer that asks to wait by its header, if by anything. */
export const withRetryAfter = (answer: WireAnswer, wait: RetryAfter | undefined): WireAnswer => {
  if (wait === undefined || wait.as === "body") return answer
  // Up to the second, so that nobody who waits until then comes too soon.
  const instant = new Date(Math.ceil(Date.now() / 1000 + wait.seconds) * 1000)
  const value = wait.as === "date" ? instant.toUTCString() : String(wait.seconds)
  return { ...answer, headers: { ...answer.headers, "retry-after": value } }
}
