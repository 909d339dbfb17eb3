/** Why a query failed: the reasons of a `ProviderError`, as plain data. */

/** What every reason may contain. */
export interface ErrorDetail {
  /** The vendor's message, or what went wrong on the way to it. */
  readonly message?: string | null | undefined
  /** The vendor's own code, as text. */
  readonly code?: string | null | undefined
  /** The HTTP status of the response. Core sets it. */
  readonly httpStatus?: number | undefined
  /** The vendor's id of the request. */
  readonly requestId?: string | null | undefined
}

/** The vendor rejected the API key. */
export interface Unauthorized extends ErrorDetail {
  /** Always `Unauthorized`. */
  readonly _tag: "Unauthorized"
}
/** The account has no credits left. */
export interface InsufficientCredits extends ErrorDetail {
  /** Always `InsufficientCredits`. */
  readonly _tag: "InsufficientCredits"
}
/** The API key is valid but lacks the permission. */
export interface Forbidden extends ErrorDetail {
  /** Always `Forbidden`. */
  readonly _tag: "Forbidden"
}
/** The vendor does not know the task: not yet, no longer, or not under this API key. */
export interface TaskNotFound extends ErrorDetail {
  /** Always `TaskNotFound`. */
  readonly _tag: "TaskNotFound"
}
/** The vendor rejected the request as invalid. */
export interface InvalidRequest extends ErrorDetail {
  /** Always `InvalidRequest`. */
  readonly _tag: "InvalidRequest"
}
/** Too many requests. */
export interface RateLimited extends ErrorDetail {
  /** Always `RateLimited`. */
  readonly _tag: "RateLimited"
  /** The delay before the next request that the vendor requires, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}
/** The vendor is temporarily unavailable: HTTP 5xx, maintenance or overload. */
export interface Unavailable extends ErrorDetail {
  /** Always `Unavailable`. */
  readonly _tag: "Unavailable"
  /** The delay before the next request that the vendor requires, in milliseconds. */
  readonly retryAfterMs?: number | undefined
}
/** The connection could not be established, or broke. */
export interface Unreachable extends ErrorDetail {
  /** Always `Unreachable`. */
  readonly _tag: "Unreachable"
}
/** The response was not complete within the time limit of one request. */
export interface RequestTimedOut extends ErrorDetail {
  /** Always `RequestTimedOut`. */
  readonly _tag: "RequestTimedOut"
}
/** The response is not what the vendor documents. */
export interface UnexpectedResponse extends ErrorDetail {
  /** Always `UnexpectedResponse`. */
  readonly _tag: "UnexpectedResponse"
  /** The dotted path of the unexpected value in the response. Empty for the response as a whole. */
  readonly path: string
}
/** The response is larger than the limit. */
export interface ResponseTooLarge extends ErrorDetail {
  /** Always `ResponseTooLarge`. */
  readonly _tag: "ResponseTooLarge"
}

/** Why a query failed. It says nothing about the task itself, which may be running or done. */
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

/** Checks whether the same query may succeed later. */
export const isTransient = (reason: ErrorReason): boolean => transient.has(reason._tag)

const refusals: ReadonlySet<ErrorReasonTag> = new Set<ErrorReasonTag>([
  "Unauthorized",
  "InsufficientCredits",
  "Forbidden",
  "InvalidRequest"
])

/** Checks whether the vendor refuses the query for good, so that polling must stop. */
export const isRefusal = (reason: ErrorReason): boolean => refusals.has(reason._tag)
