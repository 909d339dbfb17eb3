/** What the new-api gateway, which most relays run, offers beside the format. See https://github.com/QuantumNous/new-api */
import { classifyFailure, firstStringAt, listedTasks, readErrorDetail, valueAt } from "@gentask/core/provider"
import type {
  Amount,
  BalanceOperation,
  ErrorReason,
  JsonObject,
  RecoverOperation
} from "@gentask/core/provider"
import { isInvalidKey } from "./decodeError.ts"
import type { ValidSettings } from "./settings.ts"

const reasonOf = (body: JsonObject, path: string): ErrorReason => {
  const detail = readErrorDetail(body)
  if (isInvalidKey(detail)) return { _tag: "Unauthorized", ...detail }
  if (classifyFailure(detail.message)?.reason === "quota") return { _tag: "InsufficientCredits", ...detail }
  return { _tag: "UnexpectedResponse", path, message: "The gateway did not return it", ...detail }
}

const amountAt = (body: JsonObject, name: string): Amount | null => {
  const amount = valueAt(body, `data.${name}`)
  return typeof amount === "number" ? { amount, unit: "quota" } : null
}

/** The quota of the API key. 500,000 units are 1 USD, unless the relay has changed it. */
export const balance: BalanceOperation<ValidSettings> = {
  request: () => ({ method: "GET", path: "/api/usage/token/" }),
  decode: (body) => {
    const isUnlimited = valueAt(body, "data.unlimited_quota") === true
    const available = isUnlimited ? null : amountAt(body, "total_available")
    const used = amountAt(body, "total_used")
    return available === null && used === null
      ? { _tag: "Error", reason: reasonOf(body, "data.total_available") }
      : { _tag: "Balance", available, used }
  }
}

const pageSize = 100

/** How much earlier and later than the request the gateway may date a task, in seconds. */
const toleranceS = 60

const toListedTask = (item: unknown) => {
  const submitTime = valueAt(item, "submit_time")
  return {
    id: firstStringAt(item, "task_id"),
    model: firstStringAt(item, "properties.origin_model_name", "properties.upstream_model_name"),
    prompt: firstStringAt(item, "properties.input"),
    createdAt: typeof submitTime === "number" && submitTime > 0 ? submitTime * 1000 : undefined
  }
}

/** The tasks of the console's user, which the API key cannot list. */
export const recover: RecoverOperation<ValidSettings> = {
  request: ({ submittedAt, endedAt }, { consoleToken, consoleUser }) =>
    consoleToken === undefined || consoleUser === undefined
      ? undefined
      : {
          method: "GET",
          path: "/api/task/self",
          query: {
            p: "1",
            page_size: String(pageSize),
            start_timestamp: String(Math.floor(submittedAt.getTime() / 1000) - toleranceS),
            end_timestamp: String(Math.ceil(endedAt.getTime() / 1000) + toleranceS)
          }
        },
  authorize: (_request, _credentials, { consoleToken = "", consoleUser = "" }) => ({
    authorization: consoleToken,
    "new-api-user": consoleUser
  }),
  decode: (body) => {
    const items = valueAt(body, "data.items")
    if (!Array.isArray(items)) return { _tag: "Error", reason: reasonOf(body, "data.items") }
    const total = valueAt(body, "data.total")
    const hasAllItems = typeof total === "number" ? total <= items.length : items.length < pageSize
    return listedTasks(items, toListedTask, hasAllItems)
  }
}
