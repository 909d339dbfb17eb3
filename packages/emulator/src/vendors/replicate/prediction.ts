/**
 * Replicate's prediction object.
 *
 * Documented: the statuses (https://replicate.com/docs/topics/predictions/lifecycle), `urls`, and the fields of the
 * examples. Invented: `output` is a list for images and a text for anything else, since it depends on the model; and
 * that a finished prediction of a failed task has `output: null`.
 */
import type { EmulatedTask } from "../../EmulatedTask.ts"
import { isRecord } from "../../json.ts"
import type { ResultLinks } from "../../ResultLinks.ts"
import { hasEnded, stateAt } from "../../TaskState.ts"
import type { TaskPhase } from "../../TaskScript.ts"
import { listedResults } from "../../TaskView.ts"
import type { TaskView } from "../../TaskView.ts"
import { hasRun, logsAt } from "../taskProgress.ts"
import { failureMessage } from "../VendorFormat.ts"
import type { VendorContext } from "../VendorModule.ts"

const statuses: Readonly<Record<TaskPhase, string>> = {
  queued: "starting",
  running: "processing",
  succeeded: "succeeded",
  failed: "failed",
  canceled: "canceled",
  expired: "aborted"
}

const outputOf = (links: ResultLinks, task: TaskView, now: number): unknown => {
  const outputs = listedResults(task).map(({ type, index }) => links.link(task, `out-${index}.${type}`, now))
  return task.kind === "image" ? outputs : (outputs[0] ?? null)
}

const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString()

/** Where the object of a task is. */
export const urlsOf = (url: string, { id }: EmulatedTask) => ({
  cancel: `${url}/v1/predictions/${id}/cancel`,
  get: `${url}/v1/predictions/${id}`,
  web: `${url}/p/${id}`
})

/** The prediction object at `now`. */
export const predictionAt = ({ links, url }: VendorContext, task: TaskView, now: number) => {
  const { phase, startedAt, endedAt } = stateAt(task, now)
  const hasStarted = phase !== "queued" && (phase === "running" || hasRun(task, now))
  const isDone = hasEnded(phase)
  const { input, version } = task.data
  return {
    id: task.id,
    model: task.model,
    version: typeof version === "string" ? version : "hidden",
    input: isRecord(input) ? input : { prompt: task.prompt },
    logs: logsAt(task, now).join("\n"),
    output: phase === "succeeded" ? outputOf(links, task, now) : null,
    data_removed: false,
    error: isDone && phase !== "succeeded" ? failureMessage(task, phase, "Prediction failed.") : null,
    source: "api",
    status: task.statuses[phase] ?? statuses[phase],
    created_at: isoTime(task.addedAt),
    started_at: hasStarted ? isoTime(startedAt) : null,
    completed_at: isDone ? isoTime(endedAt) : null,
    urls: urlsOf(url, task),
    metrics: isDone
      ? { predict_time: (endedAt - startedAt) / 1000, total_time: (endedAt - task.addedAt) / 1000 }
      : {}
  }
}
