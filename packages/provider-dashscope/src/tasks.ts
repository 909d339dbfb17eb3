/** How a task is canceled, found again, and reported by the vendor. */
import { firstInstantAt, firstStringAt, readErrorDetail, valueAt } from "@gentask/core/provider"
import type {
  CancelOperation,
  ListedTask,
  LostSubmit,
  RecoverOperation,
  ResponseHead,
  WebhookOperation
} from "@gentask/core/provider"
import { instantAt } from "./decode.ts"
import { familyOf } from "./families.ts"
import { anyResponse, errorDetail } from "./wire.ts"
import type { AnyResponse } from "./wire.ts"

/** Returns the path of a task. */
export const taskPath = (id: string): string => `/api/v1/tasks/${encodeURIComponent(id)}`

const tooLateCode = "UnsupportedOperation"

export const cancel: CancelOperation<unknown, unknown, AnyResponse> = {
  request: ({ id }) => ({ method: "POST", path: `${taskPath(id)}/cancel` }),
  response: anyResponse,
  decode: (body) => {
    const detail = errorDetail(body)
    const { requestId, code, message = "The response has no request_id" } = detail
    if (code === tooLateCode) return { _tag: "TooLate", message: detail.message }
    // A success has the id of the request only.
    return requestId != null && code === undefined && detail.message === undefined
      ? { _tag: "Canceled" }
      : { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "request_id", ...detail, message } }
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

const toListedTask = (item: unknown, submit: LostSubmit): ReadonlyArray<ListedTask> => {
  const id = firstStringAt(item, "task_id")
  if (id === undefined) return []
  const model = modelOf(firstStringAt(item, "model_name"), submit)
  return [{ id, model, createdAt: instantAt(item, "gmt_create") ?? firstInstantAt(item, "gmt_create") }]
}

/** Whether the list, which has the last 24 hours, has the time of the submit. */
const coversSubmit = ({ headers }: ResponseHead, { submittedAt }: LostSubmit): boolean =>
  Date.parse(headers["date"] ?? "") - submittedAt.getTime() < day

/** The tasks of the last 24 hours, of all keys of the cloud account. */
export const recover: RecoverOperation<unknown, AnyResponse> = {
  request: ({ request }) =>
    familyOf(request.model)?.isSynchronous === true
      ? undefined
      : {
          method: "GET",
          path: "/api/v1/tasks/",
          query: { page_no: "1", page_size: String(pageSize) }
        },
  response: anyResponse,
  decode: (body, head, submit) => {
    const items = valueAt(body, "data")
    if (!Array.isArray(items)) {
      const { message = "The response has no list", ...detail } = errorDetail(body)
      return { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "data", ...detail, message } }
    }
    const total = valueAt(body, "total")
    const tasks = items.flatMap((item) => toListedTask(item, submit))
    const hasAll = typeof total === "number" && total <= items.length
    // An item that cannot be read may be the task.
    const isComplete = hasAll && tasks.length === items.length && coversSubmit(head, submit)
    return { _tag: "Tasks", tasks, isComplete }
  }
}

/** The event of a rule of EventBridge. Its signature needs a certificate of another host, so a query decides. */
export const webhook: WebhookOperation<unknown, AnyResponse> = {
  response: anyResponse,
  decode: (body) => {
    const id = firstStringAt(body, "data.task_id")
    return body["type"] === "dashscope:System:AsyncTaskFinish" && id !== undefined
      ? { _tag: "TaskUpdated", task: { id } }
      : { _tag: "Ignored" }
  }
}
