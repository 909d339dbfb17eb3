/**
 * AI GPT Image: `GET /api/v1/jobs/recordInfo?taskId=`, and its sibling kie.ai as a dialect.
 *
 * Documented: the record in every state (the vendor's page "Query Task"), the error envelope whose code is the HTTP
 * status (https://aigptimage.com/en/docs/errors), the 429 body (https://aigptimage.com/en/docs/rate-limits), and of
 * kie.ai the states, the empty strings and `updateTime` (https://docs.kie.ai/market/common/get-task-detail).
 * Invented: the sentences of errors, the code and message of canceled and expired tasks, and the names of links.
 */
import type { Results } from "../Results.ts"
import type { EmulatedTask, Phase } from "../TaskScript.ts"
import { hasEnded, momentOf } from "../Timeline.ts"
import type { WireAnswer } from "../WireAnswer.ts"
import { jsonAnswer, phraseOf } from "../WireAnswer.ts"
import type { VendorFormat } from "./VendorFormat.ts"
import { failureMessage, parameter } from "./VendorFormat.ts"

const words: Record<Phase, string> = {
  queued: "waiting",
  running: "waiting",
  succeeded: "success",
  failed: "fail",
  // Documented: "fail: the task failed or was canceled".
  canceled: "fail",
  expired: "fail"
}

const kieWords: Record<Phase, string> = { ...words, queued: "queuing", running: "generating" }

const contentPolicy = "Sorry, but the image we created may violate OpenAI's content policies."

const refuse = (status: number, msg: string, data: unknown = null): WireAnswer =>
  jsonAnswer(status, { code: status, msg, data })

/** What an error's data says of how long to wait; null when it says nothing. */
const waitOf = (retryAfter: number | undefined) => (retryAfter === undefined ? null : { retryAfter })

const asking = (answer: WireAnswer, retryAfter: number | undefined): WireAnswer =>
  retryAfter === undefined ? answer : { ...answer, retryAfter }

const nullToEmpty = (value: string | null): string => value ?? ""

/** AI GPT Image's wire format. */
export const aigptimage = (results: Results): VendorFormat => {
  const resultJson = (task: EmulatedTask, now: number): string =>
    JSON.stringify({
      resultUrls: task.media.map((type, index) => results.link(task, `${index}/result.${type}`, now))
    })

  const recordOf = (task: EmulatedTask, now: number) => {
    const { phase, endedAt } = momentOf(task, now)
    const vocabulary = task.dialect === "kie" ? kieWords : words
    const succeeded = phase === "succeeded"
    const failed = hasEnded(phase) && !succeeded
    return {
      taskId: task.id,
      model: task.model,
      state: task.words[phase] ?? vocabulary[phase],
      param: JSON.stringify({ model: task.model, input: { prompt: task.prompt } }),
      resultJson: succeeded ? resultJson(task, now) : null,
      failCode: failed ? String(task.failure.code ?? 400) : null,
      failMsg: failed ? failureMessage(task, phase, contentPolicy) : null,
      // Documented examples: a failed task has neither a duration nor a completion time.
      costTime: succeeded ? Math.round(endedAt - task.addedAt) : null,
      completeTime: succeeded ? Math.round(endedAt) : null,
      createTime: task.addedAt
    }
  }

  const kieRecordOf = (task: EmulatedTask, now: number) => {
    const record = recordOf(task, now)
    const { phase, progress, endedAt } = momentOf(task, now)
    return {
      ...record,
      resultJson: nullToEmpty(record.resultJson),
      failCode: nullToEmpty(record.failCode),
      failMsg: nullToEmpty(record.failMsg),
      updateTime: Math.round(hasEnded(phase) ? endedAt : now),
      // kie.ai documents a progress for its sora2 models alone, which make videos.
      ...(task.kind === "video" && { progress: Math.floor(progress * 100) })
    }
  }

  return {
    vendor: "aigptimage",
    matches: (method, path) => method === "GET" && path === "/api/v1/jobs/recordInfo",
    read: ({ search }) => {
      const taskId = parameter(search, "taskId")
      return taskId === undefined ? { problem: "taskId is required" } : { question: { taskId } }
    },
    answer: (task, now) =>
      task.dialect === "kie"
        ? jsonAnswer(200, { code: 200, message: "success", data: kieRecordOf(task, now) })
        : jsonAnswer(200, { code: 200, msg: "success", data: recordOf(task, now) }),
    unauthorized: () => refuse(401, "authentication failed"),
    unknownTask: () => refuse(404, "task not found"),
    malformed: (problem) => refuse(400, problem),
    failure: (status, retryAfter) =>
      asking(refuse(status, phraseOf(status).toLowerCase(), waitOf(retryAfter)), retryAfter),
    businessError: (given = 500, retryAfter) => {
      const code = Number(given)
      const msg = code === 455 ? "service under maintenance" : phraseOf(code).toLowerCase()
      return asking(jsonAnswer(200, { code, msg, data: waitOf(retryAfter) }), retryAfter)
    },
    // Documented: how long to wait stands in the body; no Retry-After header is mentioned.
    rateLimited: ({ retryAfter, limit, tier, windowSeconds }) =>
      asking(refuse(429, "rate limit exceeded", { retryAfter, limit, tier, windowSeconds }), retryAfter)
  }
}
