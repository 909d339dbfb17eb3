/** The list of tasks, the resource packs of the account, and notifications. */
import {
  firstInstantAt,
  firstStringAt,
  numberAt,
  taskUpdated,
  unexpectedOutcome,
  valueAt
} from "@gentask/core/provider"
import type { BalanceOperation, ListedTask, RecoverOperation, WebhookOperation } from "@gentask/core/provider"
import { verifyStandardWebhook } from "@gentask/core/signatures"
import { requireRoute, tasksPath } from "./route.ts"
import { externalIdOf } from "./submit.ts"

/** The largest page of both lists. */
const pageSize = 500
/** How much the clocks of the vendor and of this machine may differ, in milliseconds. */
const toleranceMs = 10 * 60_000

/** What a list says about a task. */
interface ListedEntry {
  readonly id: string | undefined
  readonly externalId: string | undefined
  readonly createdAt: number | string | undefined
}

/**
 * Finds a task by the id that the submit sent. The vendor also returns a task for such an id, but documents no response for
 * an unknown one.
 */
export const recover: RecoverOperation = {
  request: ({ request, submittedAt, endedAt }) => {
    const { createPath, path } = requireRoute(request.model)
    if (path !== tasksPath)
      return { method: "GET", path: createPath, query: { pageNum: "1", pageSize: String(pageSize) } }
    const body = {
      start_time: String(submittedAt.getTime() - toleranceMs),
      end_time: String(endedAt.getTime() + toleranceMs),
      limit: pageSize
    }
    return { method: "POST", path: "/tasks", body }
  },
  decode: (body, _head, { request, submittedAt }) => {
    const { path } = requireRoute(request.model)
    const listPath = path === tasksPath ? "data.result" : "data"
    const listed = valueAt(body, listPath)
    if (!Array.isArray(listed)) return unexpectedOutcome(body, listPath)
    const externalId = externalIdOf(request)
    const entries: ReadonlyArray<ListedEntry> = listed.map((task) => ({
      id: firstStringAt(task, "task_id", "id"),
      externalId: firstStringAt(task, "task_info.external_task_id", "external_id"),
      createdAt: firstInstantAt(task, "created_at", "create_time")
    }))
    const found = entries.flatMap(({ id, createdAt, ...entry }): ReadonlyArray<ListedTask> => {
      if (id === undefined || entry.externalId !== externalId) return []
      return [{ id, params: { path }, createdAt, idempotencyKey: request.idempotencyKey }]
    })
    const isOlder = ({ createdAt }: ListedEntry): boolean =>
      typeof createdAt === "number" && createdAt < submittedAt.getTime() - toleranceMs
    const isReadable = entries.every(
      (entry) => isOlder(entry) || (entry.id !== undefined && entry.externalId !== undefined)
    )
    const hasMore = valueAt(body, "data.has_more") === true || entries.length >= pageSize
    return { _tag: "Tasks", tasks: found, isComplete: isReadable && !hasMore }
  }
}

/** See https://kling.ai/document-api/api/assets/account-usage. Packs that have ended are not credit. */
export const balance: BalanceOperation = {
  request: () => ({
    method: "GET",
    path: "/account/costs",
    // The time of the purchase. The vendor requires both.
    query: { start_time: "0", end_time: "4102444800000" },
    headers: { "content-type": "application/json" }
  }),
  decode: (body) => {
    const path = "data.resource_pack_subscribe_infos"
    const packs = valueAt(body, path)
    if (!Array.isArray(packs)) return unexpectedOutcome(body, path)
    const amounts = packs
      .filter((pack) => firstStringAt(pack, "status")?.toLowerCase() === "online")
      .map((pack) => numberAt(pack, "remaining_quantity"))
    const isReadable = amounts.every((amount) => amount !== undefined)
    const amount = amounts.reduce((sum: number, each = 0) => sum + each, 0)
    return { _tag: "Balance", available: isReadable ? { amount, unit: "units" } : null, used: null }
  }
}

/**
 * See https://kling.ai/document-api/api/get-started/callbacks. Notifications of paths below `/v1` do not contain the path.
 * The signature is that of https://www.standardwebhooks.com, with two for 7 days after a rotation of the secret.
 */
export const webhook: WebhookOperation = {
  verify: (request, { secret }) => verifyStandardWebhook(request, secret),
  decode: (body) => {
    const legacyId = firstStringAt(body, "task_id")
    return legacyId === undefined
      ? taskUpdated(firstStringAt(body, "id"), { path: tasksPath })
      : taskUpdated(legacyId)
  }
}
