import type { ErrorDetail, ErrorReason } from "./ErrorReason.ts"

/** The details of an error, and the delay that the vendor requires. */
export interface StatusErrorDetail extends ErrorDetail {
  /** The delay that the vendor requires, in milliseconds. Ignored by reasons that are neither rate limits nor outages. */
  readonly retryAfterMs?: number | undefined
}

/**
 * Returns the reason that an HTTP status stands for:
 *
 * | status                           | reason                |
 * | -------------------------------- | --------------------- |
 * | 401                              | `Unauthorized`        |
 * | 402                              | `InsufficientCredits` |
 * | 403                              | `Forbidden`           |
 * | 404, 410                         | `TaskNotFound`        |
 * | 429                              | `RateLimited`         |
 * | 408, 409, 425, 455 (maintenance) | `Unavailable`         |
 * | 5xx                              | `Unavailable`         |
 * | any other 4xx                    | `InvalidRequest`      |
 * | any other                        | `UnexpectedResponse`  |
 *
 * ```ts
 * errorFromStatus(429, { retryAfterMs: 7000 }) // { _tag: "RateLimited", retryAfterMs: 7000 }
 * ```
 *
 * @param status An HTTP status, or a code in a body that copies one.
 * @param detail The vendor's code and message.
 * @returns Undefined for 2xx.
 */
export const errorFromStatus = (status: number, detail: StatusErrorDetail = {}): ErrorReason | undefined => {
  if (status >= 200 && status < 300) return undefined
  const { retryAfterMs, ...rest } = detail
  switch (status) {
    case 401:
      return { _tag: "Unauthorized", ...rest }
    case 402:
      return { _tag: "InsufficientCredits", ...rest }
    case 403:
      return { _tag: "Forbidden", ...rest }
    case 404:
    case 410:
      return { _tag: "TaskNotFound", ...rest }
    case 429:
      return { _tag: "RateLimited", ...rest, retryAfterMs }
    case 408:
    case 409:
    case 425:
    case 455:
      return { _tag: "Unavailable", ...rest, retryAfterMs }
    default:
      if (status >= 500) return { _tag: "Unavailable", ...rest, retryAfterMs }
      if (status >= 400) return { _tag: "InvalidRequest", ...rest }
      return { _tag: "UnexpectedResponse", path: "", ...rest }
  }
}
