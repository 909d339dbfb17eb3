import { parseInstant } from "../exchange/parseInstant.ts"
import type { Intent } from "../ledger/Ledger.ts"
import type { ListedTask } from "../provider/RecoverOperation.ts"

/** How much the clocks of the vendor and of this machine may differ, in milliseconds. */
const clockToleranceMs = 60_000

/** How long after the last request a vendor may create the task, in milliseconds. Relays try several channels. */
export const creationDelayMs = 10 * 60_000

/** The tasks of a list, compared with an intent. */
export interface MatchedTasks {
  /** Tasks that have the time of the intent, and its prompt or model. */
  readonly matches: ReadonlyArray<ListedTask>
  /** Tasks about which the vendor lists too little to exclude them. */
  readonly possible: ReadonlyArray<ListedTask>
}

const normalize = (text: string): string => text.normalize("NFC").trim().replaceAll(/\s+/g, " ")

/** Undefined if one of the texts is missing. */
const isSame = (listed: string | null | undefined, own: string | null): boolean | undefined =>
  listed == null || own === null ? undefined : normalize(listed) === normalize(own)

/** Whether a task was created at the time of an intent. Undefined if the vendor does not list when. */
const isInTime = ({ createdAt, settledAt }: Intent, task: ListedTask): boolean | undefined => {
  const at = task.createdAt == null ? null : parseInstant(task.createdAt)
  if (at === null) return undefined
  const from = createdAt.getTime() - clockToleranceMs
  const until = (settledAt ?? createdAt).getTime() + creationDelayMs
  return at.getTime() >= from && at.getTime() <= until
}

/** A list may contain a task twice, for example if its pages have moved. */
const withoutDuplicates = (tasks: ReadonlyArray<ListedTask>): Iterable<ListedTask> =>
  new Map(tasks.map((task) => [JSON.stringify([task.id, task.params]), task])).values()

/**
 * Compares the tasks of a vendor's list with an intent: by their idempotency key if the vendor lists it, or else by the
 * time that they were created, and by the prompt and the model as far as the vendor lists them.
 */
export const matchTasks = (intent: Intent, tasks: ReadonlyArray<ListedTask>): MatchedTasks => {
  const matches: Array<ListedTask> = []
  const possible: Array<ListedTask> = []
  for (const task of withoutDuplicates(tasks)) {
    if (task.idempotencyKey != null) {
      if (task.idempotencyKey === intent.idempotencyKey) matches.push(task)
      continue
    }
    const texts = new Set([isSame(task.prompt, intent.prompt), isSame(task.model, intent.model)])
    const inTime = isInTime(intent, task)
    if (inTime === false || texts.has(false)) continue
    if (inTime === true && texts.has(true)) matches.push(task)
    else possible.push(task)
  }
  return { matches, possible }
}
