/** The values of the contract's string unions at run time. A value that is missing or unknown here is a type error. */
import type {
  ErrorReasonTag,
  FailureReason,
  OutputKind,
  OutputRole,
  TaskStatus
} from "@gentask/core/provider"

const valuesOf = <Value extends string>(values: Readonly<Record<Value, true>>): ReadonlyArray<Value> =>
  Object.keys(values) as Array<Value>

/** Every task status. */
export const taskStatuses = valuesOf<TaskStatus>({
  queued: true,
  running: true,
  succeeded: true,
  failed: true,
  canceled: true,
  expired: true,
  unknown: true
})

/** Every reason of a failure. */
export const failureReasons = valuesOf<FailureReason>({
  moderation: true,
  "invalid-input": true,
  quota: true,
  timeout: true,
  canceled: true,
  upstream: true,
  unknown: true
})

/** Every kind of output. */
export const outputKinds = valuesOf<OutputKind>({
  image: true,
  video: true,
  animation: true,
  audio: true,
  model: true
})

/** Every role of an output. */
export const outputRoles = valuesOf<OutputRole>({
  result: true,
  thumbnail: true,
  preview: true,
  watermarked: true
})

/** Every tag of an error reason. */
export const errorReasonTags = valuesOf<ErrorReasonTag>({
  Unauthorized: true,
  InsufficientCredits: true,
  Forbidden: true,
  TaskNotFound: true,
  InvalidRequest: true,
  RateLimited: true,
  Unavailable: true,
  Unreachable: true,
  RequestTimedOut: true,
  UnexpectedResponse: true,
  ResponseTooLarge: true
})
