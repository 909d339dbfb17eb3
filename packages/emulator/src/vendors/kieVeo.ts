/**
 * kie.ai's query of Veo tasks: `GET /api/v1/veo/record-info?taskId=`.
 *
 * Documented: the path, `successFlag` and its values, `response.resultUrls`, the error codes 400, 500 and 501, and the
 * format of times, which is that of the example (docs.kie.ai, "Get Veo3.1 Video Details"); and the bodies of callbacks
 * ("Veo3.1 Video Generation Callbacks"). Invented: which of the flags and codes a failed task has.
 */
import type { EmulatedTask } from "../EmulatedTask.ts"
import { isRecord } from "../json.ts"
import type { ResultLinks } from "../ResultLinks.ts"
import type { TaskPhase } from "../TaskScript.ts"
import { hasEnded, stateAt } from "../TaskState.ts"
import type { WireResponse } from "../WireResponse.ts"
import { jsonResponse } from "../WireResponse.ts"
import { failureMessage } from "./VendorFormat.ts"

/** The path of the query. */
export const veoQueryPath = "/api/v1/veo/record-info"

// Documented: 0 generating, 1 success, 2 failed, 3 generation failed upstream.
const successFlags: Record<TaskPhase, number> = {
  queued: 0,
  running: 0,
  succeeded: 1,
  failed: 3,
  canceled: 2,
  expired: 2
}

const timeOf = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().slice(0, 19).replace("T", " ")

/** Whether a task was created by `POST /api/v1/veo/generate`. Null for a task that was not submitted. */
export const isVeoTask = ({ submit, model }: EmulatedTask): boolean | null =>
  submit === null ? null : submit.service === "kie" && model.startsWith("veo3")

/** The body of the callback about a Veo task with this record. */
export const veoCallback = (record: Readonly<Record<string, unknown>>): object => {
  const { taskId, successFlag, errorCode, errorMessage, response } = record
  if (successFlag !== 1) return { code: errorCode, msg: errorMessage, data: { taskId } }
  const info = { ...(isRecord(response) && { resultUrls: response["resultUrls"] }), resolution: "720p" }
  return {
    code: 200,
    msg: "Veo3.1 video generated successfully.",
    data: { taskId, info, fallbackFlag: false }
  }
}

/** The response that reports the state of a Veo task. */
export const veoRecord = (results: ResultLinks, task: EmulatedTask, now: number): WireResponse => {
  const { phase, endedAt } = stateAt(task, now)
  const succeeded = phase === "succeeded"
  const failed = hasEnded(phase) && !succeeded
  const resultUrls = (): readonly string[] =>
    task.media.map((type, index) => results.link(task, `${index}/result.${type}`, now))
  return jsonResponse(200, {
    code: 200,
    msg: "success",
    data: {
      taskId: task.id,
      paramJson: JSON.stringify(task.submit?.body ?? { prompt: task.prompt }),
      completeTime: hasEnded(phase) ? timeOf(endedAt) : null,
      response: succeeded ? { taskId: task.id, resultUrls: resultUrls() } : null,
      successFlag: successFlags[phase],
      errorCode: failed ? Number(task.failure.code ?? 501) : null,
      errorMessage: failed ? failureMessage(task, phase, "Failed - Video generation task failed") : "",
      createTime: timeOf(task.addedAt)
    }
  })
}
