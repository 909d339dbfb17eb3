/**
 * AI GPT Image: `GET /api/v1/jobs/recordInfo?taskId=`, with the related format of kie.ai as a dialect.
 *
 * Documented: the record in every state (the vendor's page "Query Task"), the error envelope whose code is the HTTP
 * status (https://aigptimage.com/en/docs/errors), the 429 body (https://aigptimage.com/en/docs/rate-limits), and for
 * kie.ai the states, the empty strings and `updateTime` (https://docs.kie.ai/market/common/get-task-detail).
 * Invented: error messages, the code and message of canceled and expired tasks, and the file names in links.
 */
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { ResultLinks } from "../ResultLinks.ts"
import type { TaskPhase } from "../TaskScript.ts"
import { hasEnded, stateAt } from "../TaskState.ts"
import { listedResults } from "../TaskView.ts"
import type { WireResponse } from "../WireResponse.ts"
import { jsonResponse, statusTextOf } from "../WireResponse.ts"
import { isVeoTask, veoQueryPath, veoRecord } from "./kieVeo.ts"
import type { VendorFormat } from "./VendorFormat.ts"
import { failureMessage, parameter } from "./VendorFormat.ts"

const statuses: Record<TaskPhase, string> = {
  queued: "waiting",
  running: "waiting",
  succeeded: "success",
  failed: "fail",
  // Documented: "fail: the task failed or was canceled".
  canceled: "fail",
  expired: "fail"
}

const kieStatuses: Record<TaskPhase, string> = { ...statuses, queued: "queuing", running: "generating" }

const contentPolicy = "Sorry, but the image we created may violate OpenAI's content policies."

const errorResponse = (status: number, msg: string, data: unknown = null): WireResponse =>
  jsonResponse(status, { code: status, msg, data })

/** The data of an error. */
const errorData = (retryAfter: number | undefined) => (retryAfter === undefined ? null : { retryAfter })

const withRetryAfter = (response: WireResponse, retryAfter: number | undefined): WireResponse =>
  retryAfter === undefined ? response : { ...response, retryAfter }

const nullToEmpty = (value: string | null): string => value ?? ""

/** AI GPT Image's wire format. */
export const aigptimageFormat = (results: ResultLinks): VendorFormat => {
  const resultJson = (task: EmulatedTask, now: number): string =>
    JSON.stringify({
      resultUrls: listedResults(task).map(({ type, index }) =>
        results.link(task, `${index}/result.${type}`, now)
      )
    })

  const recordOf = (task: EmulatedTask, now: number) => {
    const { phase, endedAt } = stateAt(task, now)
    const vendorStatuses = task.dialect === "kie" ? kieStatuses : statuses
    const succeeded = phase === "succeeded"
    const failed = hasEnded(phase) && !succeeded
    return {
      taskId: task.id,
      model: task.model,
      state: task.statuses[phase] ?? vendorStatuses[phase],
      // Documented: the original request parameters.
      param: JSON.stringify(task.submit?.body ?? { model: task.model, input: { prompt: task.prompt } }),
      resultJson: succeeded ? resultJson(task, now) : null,
      failCode: failed ? String(task.failure.code ?? 400) : null,
      failMsg: failed ? failureMessage(task, phase, contentPolicy) : null,
      // In the documented examples a failed task has neither a duration nor a completion time.
      costTime: succeeded ? Math.round(endedAt - task.addedAt) : null,
      completeTime: succeeded ? Math.round(endedAt) : null,
      createTime: task.addedAt
    }
  }

  const kieRecordOf = (task: EmulatedTask, now: number) => {
    const record = recordOf(task, now)
    const { phase, progress, endedAt } = stateAt(task, now)
    return {
      ...record,
      resultJson: nullToEmpty(record.resultJson),
      failCode: nullToEmpty(record.failCode),
      failMsg: nullToEmpty(record.failMsg),
      updateTime: Math.round(hasEnded(phase) ? endedAt : now),
      ...(phase === "succeeded" && task.submit !== null && { creditsConsumed: task.submit.cost }),
      // kie.ai documents a progress only for its sora2 models, which make videos.
      ...(task.kind === "video" && { progress: Math.floor(progress * 100) })
    }
  }

  return {
    vendor: "aigptimage",
    matches: (method, path) =>
      method === "GET" && (path === "/api/v1/jobs/recordInfo" || path === veoQueryPath),
    parse: ({ path, search }) => {
      const taskId = parameter(search, "taskId")
      return taskId === undefined
        ? { problem: "taskId is required" }
        : { query: { taskId, isVeo: path === veoQueryPath } }
    },
    matchesTask: (task, { isVeo = false }) => isVeo === (isVeoTask(task) ?? isVeo),
    respond: (task, now, query) => {
      if (query.isVeo === true) return veoRecord(results, task, now)
      return task.dialect === "kie"
        ? jsonResponse(200, { code: 200, message: "success", data: kieRecordOf(task, now) })
        : jsonResponse(200, { code: 200, msg: "success", data: recordOf(task, now) })
    },
    unauthorized: (request) =>
      request?.host === "kie"
        ? jsonResponse(200, { code: 401, msg: "You do not have access permissions", data: null })
        : errorResponse(401, "authentication failed"),
    // Documented by clients of kie.ai: HTTP 200 with this code during the first seconds. The message of Veo is that of
    // its page.
    notVisibleYet: (task) =>
      task.dialect === "kie"
        ? jsonResponse(200, {
            code: 422,
            msg: isVeoTask(task) === true ? "record is null" : "recordInfo is null",
            data: null
          })
        : errorResponse(404, "task not found"),
    unknownTask: () => errorResponse(404, "task not found"),
    malformed: (problem) => errorResponse(400, problem),
    httpError: (status, retryAfter) =>
      withRetryAfter(
        errorResponse(status, statusTextOf(status).toLowerCase(), errorData(retryAfter)),
        retryAfter
      ),
    businessError: (errorCode = 500, retryAfter) => {
      const code = Number(errorCode)
      const msg = code === 455 ? "service under maintenance" : statusTextOf(code).toLowerCase()
      return withRetryAfter(jsonResponse(200, { code, msg, data: errorData(retryAfter) }), retryAfter)
    },
    // Documented: the delay is in the body. The document does not mention a Retry-After header.
    rateLimited: ({ retryAfter, limit, tier, windowSeconds }) =>
      withRetryAfter(
        errorResponse(429, "rate limit exceeded", { retryAfter, limit, tier, windowSeconds }),
        retryAfter
      )
  }
}
