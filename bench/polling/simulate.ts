import type { PollPolicy, TaskSnapshot } from "@gentask/core"
import { unreportedSnapshot } from "@gentask/core/internal"
import type { Random } from "./Random.ts"
import type { SimulatedTask } from "./workloads.ts"

/** A poll policy that is compared with others. */
export interface Candidate {
  readonly name: string
  /** Creates the policy. It is used for all tasks of one vendor. */
  readonly policy: () => PollPolicy.PollPolicy
  /** The delay before the first request, in milliseconds. @default 0 */
  readonly firstDelayMs?: number | undefined
}

/** The cost of polling one task until its end. */
export interface PollCost {
  readonly requests: number
  /** The time between the end of the task and the response that reported it, in milliseconds. */
  readonly lagMs: number
}

const snapshotOf = (progress: number | null): TaskSnapshot => ({
  ...unreportedSnapshot("simulated:1", "running"),
  progress
})

const durationKey = "simulated"

/** Estimates the total duration by the same rule as the client. */
const estimateTotal = (ageMs: number, progress: number | null): number | undefined =>
  progress !== null && progress >= 0.25 && progress <= 0.95 ? ageMs / progress : undefined

const pollTask = (
  task: SimulatedTask,
  policy: PollPolicy.PollPolicy,
  firstDelayMs: number,
  random: Random
): PollCost => {
  let ageMs = firstDelayMs
  let requests = 1
  let previousDelayMs: number | undefined
  let afterMs: number | undefined
  let estimatedTotalMs: number | undefined
  while (ageMs < task.durationMs) {
    const progress = task.progress(ageMs)
    estimatedTotalMs ??= estimateTotal(ageMs, progress)
    afterMs = ageMs
    previousDelayMs = policy.next({
      ageMs,
      durationKey,
      estimatedTotalMs,
      polls: requests,
      failures: 0,
      previousDelayMs,
      snapshot: snapshotOf(progress),
      hint: undefined,
      random: random()
    })
    ageMs += previousDelayMs
    requests += 1
  }
  if (afterMs !== undefined) {
    const span = { durationKey, fromMs: firstDelayMs, afterMs, byMs: ageMs, estimatedTotalMs }
    policy.learn?.({ ...span, random: random() })
  }
  return { requests, lagMs: ageMs - task.durationMs }
}

/** Polls the tasks of one vendor, one after another, on a simulated clock. */
export const simulate = (
  tasks: ReadonlyArray<SimulatedTask>,
  { policy: createPolicy, firstDelayMs = 0 }: Candidate,
  random: Random
): ReadonlyArray<PollCost> => {
  const policy = createPolicy()
  return tasks.map((task) => pollTask(task, policy, firstDelayMs, random))
}
