/** Why a vendor could not, or would not, tell about a task: the reasons of a provider error, as plain data. */

/** What every fault may carry: the vendor's own words, for the person who reads the error. */
export interface ErrorDetail {
  /** What the vendor said, or what went wrong on the way. */
  readonly message?: string | null | undefined
  /** The vendor's own code, as text. */
  readonly code?: string | null | undefined
  /** The HTTP status of the answer, if there was one. */
  readonly httpStatus?: number | undefined
  /** The vendor's id of the exchange. */
  readonly requestId?: string | null | undefined
}

/** The vendor refuses the key. */
export interface Unauthorized extends ErrorDetail {
  readonly _tag: "Unauthorized"
}
/** The account has no credit left. */
export interface InsufficientCredits extends ErrorDetail {
  readonly _tag: "InsufficientCredits"
}
/** The key is good, and may not do this. */
export interface Forbidden extends ErrorDetail {
  readonly _tag: "Forbidden"
}
/** The vendor knows no such task: not yet, no longer, or not under this key. */
export interface TaskNotFound extends ErrorDetail {
  readonly _tag: "TaskNotFound"
}
/** The vendor says that the question itself is wrong. */
export interface InvalidRequest extends ErrorDetail {
  readonly _tag: "InvalidRequest"
}
/** Too many requests. */
export interface RateLimited extends ErrorDetail {
  readonly _tag: "RateLimited"
  /** How long the vendor asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}
/** The vendor is there and cannot answer now: 5xx, maintenance, overload. */
export interface Unavailable extends ErrorDetail {
  readonly _tag: "Unavailable"
  /** How long the vendor asks to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}
/** No connection, or one that broke. */
export interface Unreachable extends ErrorDetail {
  readonly _tag: "Unreachable"
}
/** No whole answer within the time limit of one request. */
export interface RequestTimedOut extends ErrorDetail {
  readonly _tag: "RequestTimedOut"
}
/** An answer that is not what the vendor documents. */
export interface UnexpectedResponse extends ErrorDetail {
  readonly _tag: "UnexpectedResponse"
  /** Where in the answer, as a dotted path; empty for the answer as a whole. */
  readonly path: string
}
/** An answer larger than the limit; reading stopped there. */
export interface ResponseTooLarge extends ErrorDetail {
  readonly _tag: "ResponseTooLarge"
}

/** Why we could not learn about a task. */
export type ErrorReason =
  | Unauthorized
  | InsufficientCredits
  | Forbidden
  | TaskNotFound
  | InvalidRequest
  | RateLimited
  | Unavailable
  | Unreachable
  | RequestTimedOut
  | UnexpectedResponse
  | ResponseTooLarge

/** The names of the reasons. */
export type ErrorReasonTag = ErrorReason["_tag"]

const transient: ReadonlySet<ErrorReasonTag> = new Set<ErrorReasonTag>([
  "RateLimited",
  "Unavailable",
  "Unreachable",
  "RequestTimedOut",
  "UnexpectedResponse"
])

/** Tells whether the same question, asked again later, may well be answered. */
export const isTransient = (fault: ErrorReason): boolean => transient.has(fault._tag)

const refusals: ReadonlySet<ErrorReasonTag> = new Set<ErrorReasonTag>([
  "Unauthorized",
  "InsufficientCredits",
  "Forbidden",
  "InvalidRequest"
])

/** Tells whether the vendor refused for good, so that waiting on cannot help. */
export const isRefusal = (fault: ErrorReason): boolean => refusals.has(fault._tag)

/**
 * The fault that an HTTP status, or a business code that copies HTTP's, stands for; undefined for 2xx. 404 is a
 * task that is not found, 408, 425, 455 (maintenance) and 5xx are passing troubles, and any other 4xx is an
 * invalid request.
 */
export const errorFromStatus = (
  status: number,
  detail: ErrorDetail & { readonly retryAfter?: number | undefined } = {}
): ErrorReason | undefined => {
  if (status >= 200 && status < 300) return undefined
  const { retryAfter, ...rest } = detail
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
      return { _tag: "RateLimited", ...rest, retryAfterMs: retryAfter }
    case 408:
    case 409:
    case 425:
    case 455:
      return { _tag: "Unavailable", ...rest, retryAfterMs: retryAfter }
    default:
      if (status >= 500) return { _tag: "Unavailable", ...rest, retryAfterMs: retryAfter }
      if (status >= 400) return { _tag: "InvalidRequest", ...rest }
      return { _tag: "UnexpectedResponse", path: "", ...rest }
  }
}

/** The fault of a body's code that copies an HTTP status, 400 to 599, as number or text; undefined for any other code. */
export const errorFromHttpCode = (
  code: string | number | null | undefined,
  detail: ErrorDetail & { readonly retryAfter?: number | undefined } = {}
): ErrorReason | undefined =>
  /^[45]\d\d$/.test(String(code))
    ? errorFromStatus(Number(code), { code: String(code), ...detail })
    : undefined

/**
 * The fault that a body's code stands for, where the code is not the vendor's sign of success: 400 to 599 copy HTTP's
 * statuses, and any other code that the vendor does not document tells nothing about the task.
 */
export const errorFromCode = (
  code: string | number,
  {
    path = "code",
    ...detail
  }: ErrorDetail & {
    readonly retryAfter?: number | undefined
    /** Where the code stands in the answer, as a dotted path. @default "code" */
    readonly path?: string
  } = {}
): ErrorReason =>
  errorFromHttpCode(code, detail) ?? { _tag: "UnexpectedResponse", path, code: String(code), ...detail }
