/**
 * Jimeng's envelope, and the origin's codes with their messages and HTTP statuses.
 *
 * Documented: volcengine.com/docs/85621, the tables of error codes of image 4.0 and video 3.0.
 */
import { randomUUID } from "node:crypto"
import { jsonResponse } from "../WireResponse.ts"
import type { WireResponse } from "../WireResponse.ts"

/** The origin's messages by code. For any other code the script should have a message. */
export const originMessages: Readonly<Record<number, string>> = {
  50200: "Req Key Not Supported",
  50204: "Req Key Not Supported",
  50215: "Input invalid for this service.",
  50218: "Resource exists risk.",
  50220: "Download Url Error",
  50400: "Access Denied",
  50411: "Pre Img Risk Not Pass",
  50412: "Text Risk Not Pass",
  50413: "Post Text Risk Not Pass",
  50429: "Request Has Reached API Limit, Please Try Later",
  50430: "Request Has Reached API Concurrent Limit, Please Try Later",
  50500: "Internal Error",
  50501: "Internal RPC Error",
  50511: "Post Img Risk Not Pass",
  50512: "Post Text Risk Not Pass",
  50513: "Pre Video Risk Not Pass",
  50514: "Pre Audio Risk Not Pass",
  50516: "Post Video Risk Not Pass",
  50517: "Post Audio Risk Not Pass",
  50518: "Pre Img Risk Not Pass: Copyright",
  50519: "Post Img Risk Not Pass: Copyright",
  50520: "Risk Internal Error",
  50521: "Antidirt Internal Error",
  50522: "Image Copyright Internal Error"
}

/** The HTTP status of the origin's errors. */
export const originHttpStatus = (code: number): number => {
  if (code === 50_429 || code === 50_430) return 429
  if (code === 50_400) return 401
  return code === 50_500 || code === 50_501 ? 500 : 400
}

/** The members of Jimeng's envelope. */
export interface Envelope {
  /** The code, which is repeated as `status`. */
  readonly code: number
  /** The data. */
  readonly data: object | null
  /** The message. */
  readonly message: string
  /** How long the request took, as text with a unit. */
  readonly elapsed: string
}

/** A response in Jimeng's envelope. */
export const envelope = (httpStatus: number, { code, data, message, elapsed }: Envelope): WireResponse =>
  jsonResponse(httpStatus, {
    code,
    data,
    message,
    request_id: randomUUID(),
    status: code,
    time_elapsed: elapsed
  })

/** An error in Jimeng's envelope, whose `data` is null. */
export const errorEnvelope = (httpStatus: number, code: number, message: string): WireResponse =>
  envelope(httpStatus, { code, data: null, message, elapsed: "35.381µs" })

/** The origin's error for a code. */
export const originError = (code: number, problem?: string): WireResponse => {
  const message = originMessages[code] ?? "Error"
  return errorEnvelope(
    originHttpStatus(code),
    code,
    problem === undefined ? message : `${message} ${problem}`
  )
}

/** The paths of Jimeng: octopusx and deepwl; new-api (with and without its slash); rivus; yutoai; Volcengine itself. */
export const jimengPaths: ReadonlySet<string> = new Set([
  "/jm",
  "/jimeng/",
  "/jimeng",
  "/volcark/visual",
  "/volcv/v1",
  "/"
])
