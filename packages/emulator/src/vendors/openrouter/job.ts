/**
 * OpenRouter's video job.
 *
 * Documented: its members, the statuses, and the path of its content (the OpenAPI document of @openrouter/sdk; the guide
 * https://openrouter.ai/docs/guides/overview/multimodal/video-generation). Invented: the text of a failure, and that
 * `generation_id` is there from the start.
 */
import type { EmulatedTask } from "../../EmulatedTask.ts"
import type { TaskPhase } from "../../TaskScript.ts"
import { hasEnded, stateAt } from "../../TaskState.ts"
import { listedResults } from "../../TaskView.ts"
import type { TaskView } from "../../TaskView.ts"
import { failureMessage } from "../VendorFormat.ts"
import type { VendorContext } from "../VendorModule.ts"

/** What a video costs, in USD. */
export const price = 0.5

const statuses: Readonly<Record<TaskPhase, string>> = {
  queued: "pending",
  running: "in_progress",
  succeeded: "completed",
  failed: "failed",
  canceled: "cancelled",
  expired: "expired"
}

/** The path below the base URL of the job with an id. */
export const pathOf = (id: string): string => `/api/v1/videos/${encodeURIComponent(id)}`

const resultOf = ({ links }: VendorContext, task: TaskView): object => ({
  unsigned_urls: listedResults(task).map(({ index }) =>
    links.endpointLink(task, `${pathOf(task.id)}/content?index=${index}`)
  ),
  usage: { cost: task.submit?.cost ?? price, is_byok: false }
})

/** The job at `now`. */
export const jobAt = (context: VendorContext, task: TaskView, now: number): object => {
  const { phase } = stateAt(task, now)
  return {
    id: task.id,
    generation_id: `gen-${task.id}`,
    polling_url: pathOf(task.id),
    status: task.statuses[phase] ?? statuses[phase],
    ...(phase === "succeeded" && resultOf(context, task)),
    ...(hasEnded(phase) &&
      phase !== "succeeded" && { error: failureMessage(task, phase, "The provider failed.") })
  }
}

/** The event of a webhook. */
export const eventAt = (context: VendorContext, task: EmulatedTask, now: number): object => {
  const { phase } = stateAt(task, now)
  const { polling_url: _, ...job } = jobAt(context, task, now) as { readonly polling_url: string }
  return {
    type: `video.generation.${statuses[phase]}`,
    created_at: new Date(now).toISOString(),
    data: { ...job, model: task.model }
  }
}
