/** How a task is canceled, found again, and reported by the vendor. */
import { firstInstantAt, firstStringAt, numberAt, readErrorDetail, valueAt } from "@gentask/core/provider"
import type {
  CancelOperation,
  CancelOutcome,
  ListedTask,
  LostSubmit,
  RecoverOperation,
  ResponseHead,
  WebhookOperation
} from "@gentask/core/provider"
import { createsImages } from "./images.ts"
import { tasksPath } from "./submit.ts"
import { anyResponse, response } from "./wire.ts"
import type { AnyResponse, ArkResponse } from "./wire.ts"

/** Returns the path of a task. */
export const taskPath = (id: string): string => `${tasksPath}/${encodeURIComponent(id)}`

const tooLate = (body: unknown): CancelOutcome | undefined => {
  const { code, message } = readErrorDetail(body)
  return code === "InvalidAction.RunningTaskDeletion" ? { _tag: "TooLate", message } : undefined
}

const unexpected = { _tag: "UnexpectedResponse", path: "error" } as const

/**
 * The vendor cancels a queued task, rejects the request for a running one, and deletes the record of one that has ended.
 *
 * @see https://www.volcengine.com/docs/82379/1521720
 */
export const cancel: CancelOperation<unknown, unknown, AnyResponse | undefined> = {
  request: ({ id }) => ({ method: "DELETE", path: taskPath(id) }),
  // The vendor documents no members of a success.
  response: anyResponse.optional(),
  decode: (body) => {
    if (body?.["error"] == null) return { _tag: "Canceled" }
    return tooLate(body) ?? { _tag: "Error", reason: { ...readErrorDetail(body), ...unexpected } }
  },
  decodeError: (body, { status }) => (status < 500 ? tooLate(body) : undefined),
  deletesResults: true
}

/** The vendor's maximum. */
const pageSize = 500
const week = 7 * 24 * 60 * 60 * 1000

/**
 * The listed model is the one that was used. It can be compared if the submit named the model with its date, and not an
 * endpoint or an alias.
 */
const toListedTask = (item: unknown, { request }: LostSubmit): ReadonlyArray<ListedTask> => {
  const id = firstStringAt(item, "id")
  if (id === undefined) return []
  const isComparable = /^(?!ep-).*-\d{6}$/.test(request.model)
  return [
    {
      id,
      model: isComparable ? firstStringAt(item, "model") : undefined,
      createdAt: firstInstantAt(item, "created_at")
    }
  ]
}

/** Whether the list, which has the last 7 days, has the time of the submit. */
const coversSubmit = ({ headers }: ResponseHead, { submittedAt }: LostSubmit): boolean =>
  Date.parse(headers["date"] ?? "") - submittedAt.getTime() < week

/** The tasks of the last 7 days. Those of the tier `flex` are in a list of their own, and images are in none. */
export const recover: RecoverOperation<unknown, AnyResponse> = {
  request: ({ request }) => {
    if (createsImages(request)) return undefined
    const tier = firstStringAt(request.input, "service_tier")
    return {
      method: "GET",
      path: tasksPath,
      query: {
        page_num: "1",
        page_size: String(pageSize),
        ...(tier === undefined ? {} : { "filter.service_tier": tier })
      }
    }
  },
  response: anyResponse,
  decode: (body, head, submit) => {
    const total = numberAt(body, "total")
    const listed = valueAt(body, "items")
    const items = listed === null && total === 0 ? [] : listed
    if (!Array.isArray(items)) {
      const { code, message = "The response has no list" } = readErrorDetail(body)
      return { _tag: "Error", reason: { _tag: "UnexpectedResponse", path: "items", code, message } }
    }
    const tasks = items.flatMap((item) => toListedTask(item, submit))
    const hasAll = total !== undefined && total <= items.length
    // An item that cannot be read may be the task.
    const isComplete = hasAll && tasks.length === items.length && coversSubmit(head, submit)
    return { _tag: "Tasks", tasks, isComplete }
  }
}

/** The vendor sends the task, as a query returns it, and documents no signature. */
export const webhook: WebhookOperation<unknown, ArkResponse> = {
  response,
  decode: ({ id, status }) => (id && status ? { _tag: "TaskUpdated", task: { id } } : { _tag: "Ignored" })
}
