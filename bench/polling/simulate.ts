/** Waits for simulated tasks by a poll policy, on a clock of its own. */
import type { PollPolicy, TaskSnapshot } from "@gentask/core"
import type { Dice } from "./Dice.ts"
import type { SimulatedTask } from "./Workload.ts"

/** Who waits, and how. */
export interface Waiter {
  readonly name: string
  readonly policy: () => PollPolicy.PollPolicy
  /** When the first request is sent, in milliseconds after the submit. @default 0 */
  readonly firstAt?: number | undefined
}

/** What one wait cost. */
export interface Cost {
  readonly requests: number
  /** From the end to the answer that told it, in milliseconds. */
  readonly lag: number
}

const snapshotOf = (progress: number | null): TaskSnapshot => ({
  ref: "simulated:1",
  provider: "simulated",
  account: "simulated",
  id: "1",
  status: "running",
  rawStatus: null,
  progress,
  model: null,
  prompt: null,
  createdAt: null,
  updatedAt: null,
  completedAt: null,
  outputs: [],
  failure: null,
  warnings: []
})

const group = "simulated"

/** The engine's rule: reckoned once, at the first answer at which a quarter is done. */
const reckon = (age: number, progress: number | null): number | undefined =>
  progress !== null && progress >= 0.25 && progress <= 0.95 ? age / progress : undefined

const waitFor = (task: SimulatedTask, policy: PollPolicy.PollPolicy, firstAt: number, dice: Dice): Cost => {
  let age = firstAt
  let requests = 1
  let previous: number | undefined
  let after: number | undefined
  let reckoned: number | undefined
  while (age < task.duration) {
    const progress = task.progress(age)
    reckoned ??= reckon(age, progress)
    after = age
    previous = policy.next({
      age,
      group,
      estimatedTotal: reckoned,
      polls: requests,
      failures: 0,
      previous,
      snapshot: snapshotOf(progress),
      hint: undefined,
      random: dice()
    })
    age += previous
    requests += 1
  }
  if (after !== undefined)
    policy.learn?.({ group, from: firstAt, after, by: age, estimatedTotal: reckoned, random: dice() })
  return { requests, lag: age - task.duration }
}

/** Waits for tasks, one after another. */
export const simulate = (
  tasks: ReadonlyArray<SimulatedTask>,
  { policy, firstAt = 0 }: Waiter,
  dice: Dice
): ReadonlyArray<Cost> => {
  const made = policy()
  return tasks.map((task) => waitFor(task, made, firstAt, dice))
}
