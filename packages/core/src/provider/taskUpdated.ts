import type { SubmittedTask } from "./SubmitOutcome.ts"
import type { WebhookOutcome } from "./WebhookOperation.ts"

/**
 * A webhook request is about a task, which core then queries. Without an id, the request is ignored.
 *
 * ```ts
 * decode: (body) => taskUpdated(firstStringAt(body, "task_id"))
 * ```
 *
 * @param id The vendor's task id, if the request has one.
 * @param params The params of the ref, if the request has them. @default no params
 */
export const taskUpdated = (
  id: string | null | undefined,
  params?: SubmittedTask["params"]
): WebhookOutcome => {
  if (id == null || id.trim() === "") return { _tag: "Ignored" }
  return { _tag: "TaskUpdated", task: params === undefined ? { id } : { id, params } }
}
