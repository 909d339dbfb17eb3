/** Creates the tasks of a call, or resumes one. */
import type { SharedV4ProviderOptions, SharedV4Warning } from "@ai-sdk/provider"
import { parseCallOptions } from "./callOptions.ts"
import type { Operation } from "./operation.ts"
import type { SubmitRequest } from "./SubmitRequest.ts"
import { submitSupported } from "./submitSupported.ts"
import type { ResultFile, TaskPort } from "./TaskPort.ts"

/** A task that was created for a generation. */
export interface SubmittedGeneration {
  /** The ref of the task. Of several, the first. */
  readonly ref: string
  /** The refs of all tasks. Some vendors create several for one request. */
  readonly refs: ReadonlyArray<string>
  /** The id of the model, such as `sora:sora-2`. */
  readonly modelId: string
}

/** What the models of a provider have in common. */
export interface ModelContext {
  readonly port: TaskPort
  readonly onSubmit: ((submitted: SubmittedGeneration) => void) | undefined
}

/** The tasks of a call. */
export interface StartedTasks extends Operation {
  readonly warnings: Array<SharedV4Warning>
}

/** The options of a call that concern its start. */
export interface StartOptions {
  readonly providerOptions: SharedV4ProviderOptions
  readonly abortSignal?: AbortSignal | undefined
  readonly webhookUrl?: string | undefined
}

/** Creates the tasks of a call, or returns the one to resume. */
export const startTasks = async (
  { port, onSubmit }: ModelContext,
  modelId: string,
  call: StartOptions,
  makeRequest: () => SubmitRequest
): Promise<StartedTasks> => {
  const { abortSignal: signal, webhookUrl } = call
  const { ref: resumed } = parseCallOptions(call.providerOptions)
  if (resumed !== undefined && webhookUrl !== undefined)
    throw new TypeError(
      `The webhook of ${resumed} cannot be set any more. Leave out the webhook, and the task is polled.`
    )
  if (resumed !== undefined) return { refs: [resumed], warnings: [] }
  const { hasWebhooks } = port
  const options = { signal, webhookUrl: hasWebhooks ? webhookUrl : undefined }
  const { refs, shown } = await submitSupported(port, makeRequest(), options)
  const warnings = [...shown]
  if (webhookUrl !== undefined && !hasWebhooks)
    warnings.push({
      type: "unsupported",
      feature: "webhookUrl",
      details: "Only a tracker sends webhooks: use the option tracker of createGentaskProvider."
    })
  try {
    onSubmit?.({ ref: refs[0] ?? "", refs, modelId })
  } catch (error) {
    // The task exists, and is paid for.
    warnings.push({ type: "other", message: `onSubmit failed: ${String(error)}` })
  }
  return { refs, submittedAt: Date.now(), warnings }
}

/** Converts the files of a task to provider metadata. */
export const fileMetadata = ({
  ref,
  path,
  publicUrl,
  mediaType,
  bytes,
  sha256
}: ResultFile): Record<string, string | number> => ({
  ref,
  mediaType,
  ...(path === undefined ? {} : { path }),
  ...(publicUrl === undefined ? {} : { url: publicUrl }),
  ...(bytes === undefined ? {} : { bytes }),
  ...(sha256 === undefined ? {} : { sha256 })
})
