import { codeAt, firstStringAt, statusTable } from "@gentask/core/provider"
import type { StatusWords, TaskStatus } from "@gentask/core/provider"

// The vendor documents `waiting` as "pending or processing". `queuing` and `generating` are kie.ai's, and so are
// `running` and `failed`, which only its clients mention.
const states: StatusWords = {
  queued: ["queuing"],
  running: ["waiting", "generating", "running"],
  succeeded: ["success"],
  failed: ["fail", "failed"]
}

/** The values of `successFlag`, which a Veo task of kie.ai has instead of a state. */
const flags: StatusWords = { running: ["0"], succeeded: ["1"], failed: ["2", "3"] }

const allWords = (status: TaskStatus): ReadonlyArray<string> =>
  [states, flags].flatMap((words) => words[status] ?? [])

/** The words of both. */
export const statuses: StatusWords = {
  queued: allWords("queued"),
  running: allWords("running"),
  succeeded: allWords("succeeded"),
  failed: allWords("failed")
}

const statusOfState = statusTable(states)
const statusOfFlag = statusTable(flags)

/** The state of a record, which Veo has as a number. */
export const stateOf = (record: unknown): string | undefined =>
  firstStringAt(record, "state") ?? codeAt(record, "successFlag")

export const statusOf = (record: unknown): TaskStatus =>
  firstStringAt(record, "state") === undefined
    ? statusOfFlag(codeAt(record, "successFlag"))
    : statusOfState(stateOf(record))
