/** Submits a request without the settings that its model does not support. */
import type { SharedV4Warning } from "@ai-sdk/provider"
import type { InputProblem, SubmitInput } from "@gentask/core"
import { submitError } from "./GentaskGenerationError.ts"
import type { SubmitRequest } from "./SubmitRequest.ts"
import type { AcceptedSubmit, SubmitOptions, TaskPort } from "./TaskPort.ts"

/** Settings that only change how the result looks. Without a prompt or a file, the result would be another one. */
const settings = ["aspectRatio", "resolution", "duration", "seed"] as const satisfies ReadonlyArray<
  keyof SubmitInput
>

/** Where an error of core or of a tracker has its kind and its reason. */
interface TaggedError {
  readonly _tag?: unknown
  readonly reason?: { readonly _tag?: unknown; readonly problems?: ReadonlyArray<InputProblem> } | string
  readonly error?: TaggedError | null
}

/** Returns the problems of an input that was invalid, so that nothing was sent. */
const problemsOf = (error: unknown): ReadonlyArray<InputProblem> => {
  if (!(error instanceof Error)) return []
  const tagged = error as TaggedError
  const { _tag, reason } = tagged.error ?? tagged
  return _tag === "ConfigurationError" && typeof reason === "object" && reason._tag === "InvalidInput"
    ? (reason.problems ?? [])
    : []
}

interface Change {
  readonly request: SubmitInput
  readonly warnings: ReadonlyArray<SharedV4Warning>
}

/** Returns the request without what the model does not support. Undefined if nothing can be left out. */
const withoutUnsupported = (
  request: SubmitInput,
  problems: ReadonlyArray<InputProblem>
): Change | undefined => {
  const unsupported = problems.filter(({ code }) => code === "unsupported")
  const names = settings.filter(
    (name) => request[name] !== undefined && unsupported.some(({ path }) => path === name)
  )
  const warnings: Array<SharedV4Warning> = names.map((feature) => ({
    type: "unsupported",
    feature,
    details: `${request.account} ${request.model} does not support it.`
  }))
  const rest = Object.fromEntries(
    Object.entries(request).filter(([name]) => !names.some((setting) => setting === name))
  ) as unknown as SubmitInput
  const frame = unsupported.find(({ path }) => path === "firstFrame")
  const { firstFrame, ...others } = rest
  // Many models take the image to animate as an image, and not as a frame.
  if (
    frame !== undefined &&
    firstFrame !== undefined &&
    others.images === undefined &&
    frame.supported?.includes("images") === true
  )
    return {
      request: { ...others, images: [firstFrame] },
      warnings: [
        ...warnings,
        {
          type: "compatibility",
          feature: "image",
          details: `${request.account} ${request.model} does not support a first frame. The image is sent as an image to use.`
        }
      ]
    }
  return names.length === 0 ? undefined : { request: rest, warnings }
}

/** Another request needs another idempotency key. The same one for the same call, so that a repetition is recognized. */
const withKey = (request: SubmitInput, key: string | undefined, attempt: number): SubmitInput =>
  key === undefined ? request : { ...request, idempotencyKey: `${key.slice(0, 240)}~${attempt}` }

/** A submit with what the AI SDK shows about it. */
export interface SupportedSubmit extends AcceptedSubmit {
  readonly shown: ReadonlyArray<SharedV4Warning>
}

/**
 * Submits a request. Settings that the model does not support are left out, with a warning. They are reported before
 * anything is sent, so that this creates no second task.
 *
 * @throws {GentaskGenerationError} If no task was created, or if that is unknown.
 */
export const submitSupported = async (
  port: TaskPort,
  { request: original, warnings }: SubmitRequest,
  options: SubmitOptions
): Promise<SupportedSubmit> => {
  const shown = [...warnings]
  let request = original
  for (let attempt = 1; ; attempt++) {
    try {
      const accepted = await port.submit(request, options)
      for (const message of accepted.warnings) shown.push({ type: "other", message })
      return { ...accepted, shown }
    } catch (error) {
      const change = withoutUnsupported(request, problemsOf(error))
      if (change === undefined) throw submitError(error)
      shown.push(...change.warnings)
      request = withKey(change.request, original.idempotencyKey, attempt)
    }
  }
}
