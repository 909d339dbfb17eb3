import { parseInstant } from "../exchange/parseInstant.ts"
import type { Intent } from "../ledger/Ledger.ts"
import type { ListedTask } from "../provider/RecoverOperation.ts"

/** How much the clocks of the vendor and of this machine may differ, in milliseconds. */
const clockToleranceMs = 60_000

/** How long after the last request a vendor may create the task, in milliseconds. */
const creationDelayMs = 10 * 60_000

const normalize = (text: string): string => text.normalize("NFC").trim().replaceAll(/\s+/g, " ")

/** Undefined if one of the texts is missing. */
const isSame = (listed: string | null | undefined, own: string | null): boolean | undefined =>
  listed == null || own === null ? undefined : normalize(listed) === normalize(own)

/**
 * Returns the tasks of a vendor's list that may be that of an intent: created at its time, with the same prompt and model
 * as far as the vendor lists them, and at least one of the two.
 */
export const matchTasks = (intent: Intent, tasks: ReadonlyArray<ListedTask>): ReadonlyArray<ListedTask> => {
  const from = intent.createdAt.getTime() - clockToleranceMs
  const until = (intent.settledAt ?? intent.createdAt).getTime() + creationDelayMs
  return tasks.filter((task) => {
    const createdAt = task.createdAt == null ? null : parseInstant(task.createdAt)
    if (createdAt === null || createdAt.getTime() < from || createdAt.getTime() > until) return false
    const comparisons = [isSame(task.prompt, intent.prompt), isSame(task.model, intent.model)]
    return comparisons.includes(true) && !comparisons.includes(false)
  })
}
