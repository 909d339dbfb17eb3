/** The list of tasks, the resource packs of the account, and notifications. */
import { createHmac, timingSafeEqual } from "node:crypto"
import { errorFromCode, firstInstantAt, firstStringAt, numberAt, valueAt } from "@gentask/core/provider"
import type {
  BalanceOperation,
  ErrorReason,
  ListedTask,
  RecoverOperation,
  SubmittedTask,
  WebhookCredentials,
  WebhookOperation,
  WebhookRequest
} from "@gentask/core/provider"
import * as z from "zod"
import { codeOf, errorDetailOf, reasonOf } from "./errorReason.ts"
import { requireRoute, tasksPath } from "./route.ts"
import { externalIdOf } from "./submit.ts"
import { loose } from "./wire.ts"
import type { KlingEnvelope } from "./wire.ts"

const errorOf = (body: KlingEnvelope, path: string): ErrorReason =>
  reasonOf(body) ??
  (codeOf(body) === "0"
    ? { _tag: "UnexpectedResponse", path, ...errorDetailOf(body) }
    : errorFromCode(codeOf(body), errorDetailOf(body)))

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
export const recover: RecoverOperation<unknown, KlingEnvelope> = {
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
  response: loose,
  decode: (body, _head, { request, submittedAt }) => {
    const { path } = requireRoute(request.model)
    const listed = path === tasksPath ? valueAt(body.data, "result") : body.data
    if (codeOf(body) !== "0" || !Array.isArray(listed))
      return { _tag: "Error", reason: errorOf(body, path === tasksPath ? "data.result" : "data") }
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
    const hasMore = valueAt(body.data, "has_more") === true || entries.length >= pageSize
    return { _tag: "Tasks", tasks: found, isComplete: isReadable && !hasMore }
  }
}

/** See https://kling.ai/document-api/api/assets/account-usage. Packs that have ended are not credit. */
export const balance: BalanceOperation<unknown, KlingEnvelope> = {
  request: () => ({
    method: "GET",
    path: "/account/costs",
    // The time of the purchase. The vendor requires both.
    query: { start_time: "0", end_time: "4102444800000" },
    headers: { "content-type": "application/json" }
  }),
  response: loose,
  decode: (body) => {
    const packs = valueAt(body.data, "resource_pack_subscribe_infos")
    if (codeOf(body) !== "0" || !Array.isArray(packs))
      return { _tag: "Error", reason: errorOf(body, "data.resource_pack_subscribe_infos") }
    const amounts = packs
      .filter((pack) => firstStringAt(pack, "status")?.toLowerCase() === "online")
      .map((pack) => numberAt(pack, "remaining_quantity"))
    const isReadable = amounts.every((amount) => amount !== undefined)
    const amount = amounts.reduce((sum: number, each = 0) => sum + each, 0)
    return { _tag: "Balance", available: isReadable ? { amount, unit: "units" } : null, used: null }
  }
}

const maxAgeMs = 5 * 60_000

/** See https://kling.ai/document-api/api/get-started/callbacks. It is the signature of https://www.standardwebhooks.com. */
const verify = (
  { headers, text, receivedAt }: WebhookRequest,
  { secret = "" }: WebhookCredentials
): boolean => {
  const id = headers["webhook-id"] ?? ""
  const timestamp = headers["webhook-timestamp"] ?? ""
  const age = Math.abs(receivedAt.getTime() - Number(timestamp) * 1000)
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64")
  if (key.length === 0 || id === "" || !/^\d+$/.test(timestamp) || age > maxAgeMs) return false
  const digest = createHmac("sha256", key).update(`${id}.${timestamp}.${text}`).digest("base64")
  const expected = Buffer.from(`v1,${digest}`)
  // There are two signatures for 7 days after a rotation of the secret.
  return (headers["webhook-signature"] ?? "").split(" ").some((signature) => {
    const given = Buffer.from(signature)
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

const notification = z.looseObject({
  id: z.string().min(1).nullish().catch(null),
  task_id: z.string().min(1).nullish().catch(null)
})

/** Notifications of paths below `/v1` do not contain the path. */
const taskOf = ({ id, task_id: legacyId }: z.infer<typeof notification>): SubmittedTask | undefined => {
  if (legacyId != null) return { id: legacyId }
  return id == null ? undefined : { id, params: { path: tasksPath } }
}

export const webhook: WebhookOperation<unknown, z.infer<typeof notification>> = {
  verify,
  response: notification,
  decode: (body) => {
    const task = taskOf(body)
    return task === undefined ? { _tag: "Ignored" } : { _tag: "TaskUpdated", task }
  }
}
