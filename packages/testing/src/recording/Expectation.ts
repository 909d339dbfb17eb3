/** The decoded result of a response, in the JSON form of a recording's `means`. */
import type { DecodedResponse, Failure, Output } from "@gentask/core/internal"
import type {
  Amount,
  ErrorReason,
  ErrorReasonTag,
  FailureReason,
  OutputKind,
  OutputRole,
  TaskStatus
} from "@gentask/core/provider"

/** An expected output. Members that would be null are left out. */
export interface ExpectedOutput {
  /** The kind of media. */
  readonly kind: OutputKind
  /** What the file is for. @default "result" */
  readonly role?: OutputRole
  /** The absolute URL. Absent for inline media. */
  readonly url?: string
  /** Inline media in base64, instead of `url`. */
  readonly base64?: string
  /** The media type that the vendor reports, such as `image/png`. */
  readonly mediaType?: string
  /** In pixels. */
  readonly width?: number
  /** In pixels. */
  readonly height?: number
  /** When the link expires: ISO 8601. */
  readonly expiresAt?: string
  /** Whether the link needs the account's credentials. @default false */
  readonly isPrivate?: boolean
}

/** An expected failure of a task. Members that would be null are left out. */
export interface ExpectedFailure {
  /** The normalized reason. */
  readonly reason: FailureReason
  /** The vendor's code. */
  readonly code?: string
  /** The vendor's message. */
  readonly message?: string
  /** The vendor's id of the request. */
  readonly requestId?: string
  /** Whether submitting the task again may help (`canResubmit` of a failure). */
  readonly resubmit?: boolean
}

/**
 * An expected snapshot. Members that would be null or empty are left out, and so are the task's ref, provider, account
 * and id. Instants are ISO 8601.
 */
export interface ExpectedSnapshot {
  /** The normalized status. */
  readonly status: TaskStatus
  /** The vendor's status word. */
  readonly rawStatus?: string
  /** From 0 to 1. */
  readonly progress?: number
  /** The model that the vendor reports. */
  readonly model?: string
  /** The prompt that the vendor reports. */
  readonly prompt?: string
  /** When the task was created. */
  readonly createdAt?: string
  /** When the task last changed. */
  readonly updatedAt?: string
  /** When the task reached a terminal status. */
  readonly completedAt?: string
  /** The media files, in the order of the response. */
  readonly outputs?: ReadonlyArray<ExpectedOutput>
  /** Present if the status is `failed`, `canceled` or `expired`. */
  readonly failure?: ExpectedFailure
  /** How many tasks are before this one in the vendor's queue. */
  readonly queuePosition?: number
  /** What the vendor charged for the task. */
  readonly cost?: Amount
  /** Whether the vendor has marked the media as made by AI. */
  readonly aigcMetaTagged?: boolean
  /** Sentences about values that were ignored or are doubtful. */
  readonly warnings?: ReadonlyArray<string>
  /** The delay before the next poll that the vendor suggests, in milliseconds (`pollAfterMs` of a draft). */
  readonly pollAfter?: number
  /** The minimum delay before the next poll that the vendor requires, in milliseconds (from `Retry-After`). */
  readonly retryAfter?: number
}

/** An expected error: the response does not report the task's status. Members that would be null are left out. */
export interface ExpectedError {
  /** The reason's tag. */
  readonly _tag: ErrorReasonTag
  /** The vendor's code. */
  readonly code?: string
  /** The vendor's message. */
  readonly message?: string
  /** The vendor's id of the request. */
  readonly requestId?: string
  /** For `UnexpectedResponse`: the path of the unexpected member. Absent for the response as a whole. */
  readonly path?: string
  /** The delay that the vendor requires, in milliseconds (`retryAfterMs` of a reason). */
  readonly retryAfter?: number
  /** The reason's HTTP status. Absent if it is that of the response. */
  readonly httpStatus?: number
}

/** The expected result of a recording: a snapshot, or an error in the member `fault`. */
export type Expectation = ExpectedSnapshot | { readonly fault: ExpectedError }

type WithoutEmpty<A> = { readonly [Name in keyof A]?: NonNullable<A[Name]> }

/** Returns a copy without members that are null, undefined, `""` or `[]`. */
export const withoutEmpty = <A extends object>(value: A): WithoutEmpty<A> =>
  Object.fromEntries(
    Object.entries(value).filter(
      ([, member]) =>
        member !== null &&
        member !== undefined &&
        member !== "" &&
        !(Array.isArray(member) && member.length === 0)
    )
  ) as WithoutEmpty<A>

/** Returns an instant in UTC. */
export const normalizeInstant = (text: string | undefined): string | undefined =>
  text === undefined || Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString()

const toExpectedOutput = ({ inline, expiresAt, role, ...output }: Output) =>
  withoutEmpty({
    kind: output.kind,
    role: role === "result" ? undefined : role,
    url: output.url,
    base64: inline?.base64,
    mediaType: output.mediaType,
    width: output.width,
    height: output.height,
    expiresAt: expiresAt?.toISOString(),
    isPrivate: output.isPrivate
  }) as ExpectedOutput

const toExpectedFailure = ({ canResubmit, ...failure }: Failure) =>
  withoutEmpty({ ...failure, resubmit: canResubmit }) as ExpectedFailure

/** Converts an error reason to the JSON form. It leaves out the HTTP status of the response. */
export const toExpectedError = (reason: ErrorReason, httpStatus: number): ExpectedError =>
  withoutEmpty({
    _tag: reason._tag,
    code: reason.code,
    message: reason.message,
    requestId: reason.requestId,
    path: "path" in reason ? reason.path : undefined,
    retryAfter: "retryAfterMs" in reason ? reason.retryAfterMs : undefined,
    httpStatus: reason.httpStatus === httpStatus ? undefined : reason.httpStatus
  }) as ExpectedError

/**
 * Converts a decoded response to the JSON form.
 *
 * @param httpStatus The HTTP status of the response, which the result leaves out.
 */
export const toExpectation = (
  decoded: Exclude<DecodedResponse, { readonly _tag: "FollowUp" }>,
  httpStatus = 200
): Expectation => {
  if (decoded._tag === "Error") return { fault: toExpectedError(decoded.reason, httpStatus) }
  const { snapshot, pollAfterMs, retryAfterMs } = decoded
  return withoutEmpty({
    status: snapshot.status,
    rawStatus: snapshot.rawStatus,
    progress: snapshot.progress,
    model: snapshot.model,
    prompt: snapshot.prompt,
    createdAt: snapshot.createdAt?.toISOString(),
    updatedAt: snapshot.updatedAt?.toISOString(),
    completedAt: snapshot.completedAt?.toISOString(),
    outputs: snapshot.outputs.map(toExpectedOutput),
    failure: snapshot.failure === null ? null : toExpectedFailure(snapshot.failure),
    queuePosition: snapshot.queuePosition,
    cost: snapshot.cost,
    aigcMetaTagged: snapshot.aigcMetaTagged,
    warnings: snapshot.warnings,
    pollAfter: pollAfterMs,
    retryAfter: retryAfterMs
  }) as ExpectedSnapshot
}

/** Returns a hand-written expectation in the form that `toExpectation` writes: instants in UTC, defaults left out. */
export const normalizeExpectation = (expectation: Expectation): Expectation => {
  if ("fault" in expectation) return { fault: withoutEmpty(expectation.fault) as ExpectedError }
  return withoutEmpty({
    ...expectation,
    createdAt: normalizeInstant(expectation.createdAt),
    updatedAt: normalizeInstant(expectation.updatedAt),
    completedAt: normalizeInstant(expectation.completedAt),
    outputs: expectation.outputs?.map((output) =>
      withoutEmpty({
        ...output,
        role: output.role === "result" ? undefined : output.role,
        isPrivate: output.isPrivate === false ? undefined : output.isPrivate,
        expiresAt: normalizeInstant(output.expiresAt)
      })
    )
  }) as ExpectedSnapshot
}
