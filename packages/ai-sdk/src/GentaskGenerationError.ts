import { AISDKError } from "@ai-sdk/provider"

/** The names that the AI SDK recognizes as an abort. */
const abortNames: ReadonlySet<string> = new Set(["AbortError", "ResponseAborted", "TimeoutError"])

/** The fields of a {@link GentaskGenerationError}. */
export interface GentaskGenerationErrorFields {
  /** What is wrong, and what to do. */
  readonly message: string
  /** The refs of the tasks that exist. @default [] */
  readonly refs?: ReadonlyArray<string>
  /** The error of gentask. */
  readonly cause?: unknown
}

/**
 * A generation failed, or its result could not be fetched. `cause` is the error of gentask, such as `TaskFailed`,
 * `SubmitRejected` or `SubmitOutcomeUnknown`.
 *
 * The AI SDK does not retry it, because a second submit may create and charge a second task. After an abort, `name` is
 * that of the signal's reason.
 */
export class GentaskGenerationError extends AISDKError {
  /** The refs of the tasks that exist. Empty if none was created, or if that is unknown. */
  readonly refs: ReadonlyArray<string>
  /** Always false: the same call could create a second task. */
  readonly isRetryable = false

  constructor({ message, refs = [], cause }: GentaskGenerationErrorFields) {
    const name = cause instanceof Error && abortNames.has(cause.name) ? cause.name : "GentaskGenerationError"
    super({ name, message, cause })
    this.refs = refs
  }

  /** The ref of the task. Of several, the first. Null if none was created, or if that is unknown. */
  get ref(): string | null {
    return this.refs[0] ?? null
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const sentence = (text: string): string => (/[.!?。！？]$/u.test(text) ? text : `${text}.`)

/** Whether a tracker did not respond, so that it may have received a submit. */
const isLostResponse = (error: unknown): boolean => {
  const { _tag, reason } = (error ?? {}) as { readonly _tag?: unknown; readonly reason?: unknown }
  return _tag === "TrackerError" && (reason === "Unreachable" || reason === "Unavailable")
}

/** Converts an error of a submit. */
export const submitError = (error: unknown): GentaskGenerationError => {
  const hint = isLostResponse(error)
    ? " It may have received the submit. Look at its tasks before you submit again, or repeat the call with the same Idempotency-Key."
    : ""
  return new GentaskGenerationError({ message: sentence(messageOf(error)) + hint, cause: error })
}

/** Whether an error leaves open whether there is a task: the ref may be one that an app has stored or received. */
const isTaskUncertain = (error: unknown): boolean => {
  const { _tag, reason } = (error ?? {}) as {
    readonly _tag?: unknown
    readonly reason?: { readonly _tag?: unknown }
  }
  return _tag === "ConfigurationError" || (_tag === "ProviderError" && reason?._tag === "TaskNotFound")
}

const isInvalidRef = (error: unknown): boolean =>
  (error as { readonly _tag?: unknown } | undefined)?._tag === "InvalidTaskRef"

/** Converts an error after a submit. It says how to resume, if the task exists. */
export const resumableError = (error: unknown, refs: ReadonlyArray<string>): GentaskGenerationError => {
  if (error instanceof GentaskGenerationError) return error
  const message = sentence(messageOf(error))
  const [ref = ""] = refs
  const about = message.includes(ref) ? message : `${refs.join(", ")}: ${message}`
  const exists = isTaskUncertain(error) ? "If the task exists, resume" : "The task exists. Resume"
  const hint = isInvalidRef(error)
    ? "Pass a ref or an operation that gentask has returned."
    : `${exists} with providerOptions: { gentask: { ref: ${JSON.stringify(ref)} } }. A call without it creates another task.`
  return new GentaskGenerationError({
    message: `${about} ${hint}`,
    refs,
    cause: error
  })
}

/** Returns the error of a task that has ended without success. */
export const taskFailedError = (error: Error, ref: string): GentaskGenerationError =>
  new GentaskGenerationError({ message: error.message, refs: [ref], cause: error })
