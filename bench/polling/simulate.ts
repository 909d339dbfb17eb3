/** Waits for simulated tasks on a simulated clock. */
import type { PollPolicy, TaskSnapshot } from "@gentask/core"
import type { Random } from "./random.ts"
import type { SimulatedTask } from "./Workload.ts"

/** A poll policy and its name. */
export interface NamedPolicy {
  readonly name: string
  readonly policy: () => PollPolicy.PollPolicy
  /** The time from the submit to the first request, in milliseconds. @default 0 */
  readonly firstAt?: number | undefined
}

/** The cost of one wait. */
export interface Cost {
  readonly requests: number
  /** The time from the end of the task to the response that reports it, in milliseconds. */
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

/** The rule of core: an estimate from the first response with at least a quarter of progress. */
const estimateTotal = (age: number, progress: number | null): number | undefined =>
  progress !== null && progress >= 0.25 && progress <= 0.95 ? age / progress : undefined

const waitFor = (
  task: SimulatedTask,
  policy: PollPolicy.PollPolicy,
  firstAt: number,
  random: Random
): Cost => {
  let age = firstAt
  let requests = 1
  let previous: number | undefined
  let after: number | undefined
  let reckoned: number | undefined
  while (age < task.duration) {
    const progress = task.progress(age)
    reckoned ??= estimateTotal(age, progress)
    after = age
    previous = policy.next({
      age,
      group,
      reckoned,
      polls: requests,
      misses: 0,
      previous,
      snapshot: snapshotOf(progress),
      hint: undefined,
      random: random()
    })
    age += previous
    requests += 1
  }
  if (after !== undefined)
    policy.learn?.({ group, from: firstAt, after, by: age, reckoned, random: random() })
  return { requests, lag: age - task.duration }
}

/** Waits for tasks, one after another. */
export const simulate = (
  tasks: ReadonlyArray<SimulatedTask>,
  { policy: makePolicy, firstAt = 0 }: NamedPolicy,
  random: Random
): ReadonlyArray<Cost> => {
  const policy = makePolicy()
  return tasks.map((task) => waitFor(task, policy, firstAt, random))
}
