/** How a task is canceled, found again, and reported by the vendor. */
import {
  coversSubmit,
  firstInstantAt,
  firstStringAt,
  jsonObject,
  listedTasks,
  numberAt,
  readErrorDetail,
  taskUpdated,
  unexpectedResponse,
  valueAt
} from "@gentask/core/provider"
import type {
  CancelOperation,
  JsonObject,
  LostSubmit,
  RecoverOperation,
  WebhookOperation
} from "@gentask/core/provider"
import { instantAt } from "./decode.ts"
import { familyOf } from "./models/families.ts"
import { errorDetail } from "./wire.ts"

/** Returns the path of a task. */
export const taskPath = (id: string): string => `/api/v1/tasks/${encodeURIComponent(id)}`

const tooLateCode = "UnsupportedOperation"

export const cancel: CancelOperation<unknown, unknown, JsonObject> = {
  request: ({ id }) => ({ method: "POST", path: `${taskPath(id)}/cancel` }),
  response: jsonObject,
  decode: (body) => {
    const detail = errorDetail(body)
    const { requestId, code, message } = detail
    if (code === tooLateCode) return { _tag: "TooLate", message }
    // A success has the id of the request only.
    return requestId != null && code === undefined && message === undefined
      ? { _tag: "Canceled" }
      : { _tag: "Error", reason: { ...detail, ...unexpectedResponse(body, "request_id") } }
  },
  decodeError: (body, { status }) => {
    const { code, message } = readErrorDetail(body)
    return status < 500 && code === tooLateCode ? { _tag: "TooLate", message } : undefined
  }
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
export const recover: RecoverOperation<unknown, JsonObject> = {
  request: ({ request }) =>
    familyOf(request.model)?.isSynchronous === true
      ? undefined
      : {
          method: "GET",
          path: "/api/v1/tasks/",
          query: { page_no: "1", page_size: String(pageSize) }
        },
  response: jsonObject,
  decode: (body, head, submit) => {
    const items = valueAt(body, "data")
    if (!Array.isArray(items))
      return {
        _tag: "Error",
        reason: { ...errorDetail(body), ...unexpectedResponse(body, "data", "The response has no list") }
      }
    const hasAllItems = (numberAt(body, "total") ?? Infinity) <= items.length
    return listedTasks(
      items,
      (item) => toListedTask(item, submit),
      hasAllItems && coversSubmit(head, submit, day)
    )
  }
}

/** The event of a rule of EventBridge. Its signature needs a certificate of another host, so a query decides. */
export const webhook: WebhookOperation<unknown, JsonObject> = {
  response: jsonObject,
  decode: (body) => {
    const isEnd = body["type"] === "dashscope:System:AsyncTaskFinish"
    return taskUpdated(isEnd ? firstStringAt(body, "data.task_id") : undefined)
  }
}
