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
  unexpectedResponse,
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
import * as z from "zod"
import { createsImages } from "./images.ts"
import { tasksPath } from "./submit.ts"

/** Returns the path of a task. */
export const taskPath = (id: string): string => `${tasksPath}/${encodeURIComponent(id)}`

const tooLate = (body: unknown): CancelOutcome | undefined => {
  const { code, message } = readErrorDetail(body)
  return code === "InvalidAction.RunningTaskDeletion" ? { _tag: "TooLate", message } : undefined
}

/**
 * The vendor cancels a queued task, rejects the request for a running one, and deletes the record of one that has ended.
 *
 * @see https://www.volcengine.com/docs/82379/1521720
 */
export const cancel: CancelOperation<unknown, unknown, JsonObject | undefined> = {
  request: ({ id }) => ({ method: "DELETE", path: taskPath(id) }),
  // The vendor documents no members of a success.
  response: z.looseObject({}).optional(),
  decode: (body) => {
    if (body?.["error"] == null) return { _tag: "Canceled" }
    const reason = unexpectedResponse(body, "error", "The response is an error")
    return tooLate(body) ?? { _tag: "Error", reason }
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
const toListedTask = (item: unknown, { request }: LostSubmit) => ({
  id: firstStringAt(item, "id"),
  model: /^(?!ep-).*-\d{6}$/.test(request.model) ? firstStringAt(item, "model") : undefined,
  createdAt: firstInstantAt(item, "created_at")
})

/** The tasks of the last 7 days. Those of the tier `flex` are in a list of their own, and images are in none. */
export const recover: RecoverOperation = {
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
  decode: (body, head, submit) => {
    const total = numberAt(body, "total")
    const listed = valueAt(body, "items")
    const items = listed === null && total === 0 ? [] : listed
    if (!Array.isArray(items)) return unexpectedOutcome(body, "items", "The response has no list")
    const hasAllItems = total !== undefined && total <= items.length
    return listedTasks(
      items,
      (item) => toListedTask(item, submit),
      hasAllItems && coversSubmit(head, submit, week)
    )
  }
}

/** The vendor sends the task, as a query returns it, and documents no signature. */
export const webhook: WebhookOperation = {
  decode: (body) =>
    taskUpdated(firstStringAt(body, "status") === undefined ? undefined : firstStringAt(body, "id"))
}
