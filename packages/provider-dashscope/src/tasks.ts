/** How a task is canceled, found again, and reported by the vendor. */
import {
  coversSubmit,
  firstInstantAt,
  firstStringAt,
  listedTasks,
  numberAt,
  readErrorDetail,
  taskUpdated,
  unexpectedOutcome,
  valueAt
} from "@gentask/core/provider"
import type {
  CancelOperation,
  CancelOutcome,
  JsonObject,
  LostSubmit,
  RecoverOperation,
  WebhookOperation
} from "@gentask/core/provider"
import { instantAt } from "./decode.ts"
import { familyOf } from "./models/families.ts"

/** Returns the path of a task. */
export const taskPath = (id: string): string => `/api/v1/tasks/${encodeURIComponent(id)}`

const tooLate = (body: JsonObject): CancelOutcome | undefined => {
  const { code, message } = readErrorDetail(body)
  return code === "UnsupportedOperation" ? { _tag: "TooLate", message } : undefined
}

export const cancel: CancelOperation = {
  request: ({ id }) => ({ method: "POST", path: `${taskPath(id)}/cancel` }),
  decode: (body) => {
    const { code, message } = readErrorDetail(body)
    // A success has the id of the request only.
    const isSuccess = firstStringAt(body, "request_id") !== undefined && (code ?? message) === undefined
    return isSuccess ? { _tag: "Canceled" } : (tooLate(body) ?? unexpectedOutcome(body, "request_id"))
  },
  decodeError: (body, { status }) => (status < 500 ? tooLate(body) : undefined)
}

const pageSize = 100
const day = 24 * 60 * 60 * 1000

const withoutDate = (model: string): string => model.replace(/-\d{4}-\d\d-\d\d$/, "")

/**
 * A model may be listed with the date of its version. A name with another end, such as `-flash`, may be that of another
 * model: it does not show whether the task is that of the submit.
 */
const modelOf = (listed = "", { request: { model } }: LostSubmit): string | undefined => {
  if (withoutDate(listed) === withoutDate(model)) return model
  return listed.startsWith(model) || model.startsWith(listed) ? undefined : listed
}

const toListedTask = (item: unknown, submit: LostSubmit) => ({
  id: firstStringAt(item, "task_id"),
  model: modelOf(firstStringAt(item, "model_name"), submit),
  createdAt: instantAt(item, "gmt_create") ?? firstInstantAt(item, "gmt_create")
})

/** The tasks of the last 24 hours, of all keys of the cloud account. */
export const recover: RecoverOperation = {
  request: ({ request }) =>
    familyOf(request.model)?.isSynchronous === true
      ? undefined
      : {
          method: "GET",
          path: "/api/v1/tasks/",
          query: { page_no: "1", page_size: String(pageSize) }
        },
  decode: (body, head, submit) => {
    const items = valueAt(body, "data")
    if (!Array.isArray(items)) return unexpectedOutcome(body, "data", "The response has no list")
    const hasAllItems = (numberAt(body, "total") ?? Infinity) <= items.length
    return listedTasks(
      items,
      (item) => toListedTask(item, submit),
      hasAllItems && coversSubmit(head, submit, day)
    )
  }
}

/** The event of a rule of EventBridge. Its signature needs a certificate of another host, so a query decides. */
export const webhook: WebhookOperation = {
  decode: (body) => {
    const isEnd = body["type"] === "dashscope:System:AsyncTaskFinish"
    return taskUpdated(isEnd ? firstStringAt(body, "data.task_id") : undefined)
  }
}
