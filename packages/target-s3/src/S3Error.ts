import type { TargetError, TargetResponse } from "@gentask/core"
import { rootOf, textOf } from "./xml.ts"

/** The error of a request that the server rejected, or whose attempts all failed. */
export class S3Error extends Error implements TargetError {
  override readonly name = "S3Error"
  readonly isRetryable: boolean
  readonly httpStatus: number | undefined
  /** The code of the server, such as `NoSuchBucket`. */
  readonly code: string | undefined

  constructor(
    message: string,
    fields: {
      readonly isRetryable: boolean
      readonly httpStatus?: number | undefined
      readonly code?: string | undefined
      readonly cause?: unknown
    }
  ) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause })
    this.isRetryable = fields.isRetryable
    this.httpStatus = fields.httpStatus
    this.code = fields.code
  }
}

/** The code in the body of an error; undefined if the response is not an error. The message may contain keys and is not used. */
export const errorCode = ({ text }: Pick<TargetResponse, "text">): string | undefined => {
  if (rootOf(text) !== "Error") return undefined
  const code = textOf(text, "Code")
  return code !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(code) ? code : "unknown"
}

const transientCodes: ReadonlySet<string | undefined> = new Set([
  "InternalError",
  "SlowDown",
  "ServiceUnavailable",
  "RequestTimeout",
  "OperationAborted",
  "ConditionalRequestConflict",
  "Throttling",
  "ThrottlingException",
  "TooManyRequests",
  "RequestLimitExceeded"
])

/** Whether the same request may succeed when it is sent again. */
export const isTransient = (status: number, code: string | undefined): boolean =>
  transientCodes.has(code) || status === 408 || status === 429 || (status >= 500 && status !== 501)

const rejectedKeys: ReadonlySet<string | undefined> = new Set([
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "InvalidSecurity",
  "MissingSecurityHeader"
])

/** Codes of credentials that are not valid any more. */
export const expiredCodes: ReadonlySet<string | undefined> = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "TokenRefreshRequired"
])

const regionIn = ({ headers, text }: TargetResponse): string | undefined => {
  const region = headers["x-amz-bucket-region"] ?? textOf(text, "Region")
  return region !== undefined && /^[a-z0-9-]{1,40}$/.test(region) ? region : undefined
}

const describe = (response: TargetResponse, code: string | undefined, bucket: string): string => {
  const { status } = response
  const region = regionIn(response)
  const detail = code === undefined ? `HTTP ${status}` : `HTTP ${status}, ${code}`
  if ((status >= 300 && status < 400) || code === "AuthorizationHeaderMalformed")
    return region === undefined
      ? `the server redirects to another address (${detail}), and credentials are not sent there: set the region and the endpoint of the bucket`
      : `the bucket ${bucket} is in the region ${region}: set AWS_REGION or the option region to it`
  if (code === "NoSuchBucket") return `the bucket ${bucket} does not exist: create it, or correct its name`
  if (code === "RequestTimeTooSkewed") return "the clock of this machine is wrong: correct it"
  if (expiredCodes.has(code)) return `the credentials have expired (${code}): renew them`
  if (rejectedKeys.has(code))
    return `the server rejected the credentials (${code}): check the keys, the region and the endpoint`
  if (status === 401 || status === 403)
    return `access was denied (${detail}): check the keys and the permissions for the bucket ${bucket}`
  return `the server responded with ${detail}`
}

/** Creates the error of a response. */
export const responseError = (
  response: TargetResponse,
  bucket: string,
  code = errorCode(response)
): S3Error =>
  new S3Error(describe(response, code, bucket), {
    isRetryable: isTransient(response.status, code),
    httpStatus: response.status,
    code
  })
