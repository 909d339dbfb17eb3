/** Tracks many tasks with three trackers, while faults are injected and trackers are killed, and counts what is broken. */
import { setTimeout as delay } from "node:timers/promises"
import type { PostgresServer } from "@gentask/tooling/postgres"
import type { Violations } from "./checkInvariants.ts"
import { startTrackers } from "./startTrackers.ts"

export interface SoakOptions {
  readonly server: PostgresServer
  readonly taskCount: number
  readonly runnerCount: number
  readonly killEveryMs: number
  /** How many kills at most. @default unlimited */
  readonly maxKills?: number
  /** How long the run may take. @default 60 minutes */
  readonly timeoutMs?: number
}

export interface SoakReport extends Violations {
  readonly tasks: number
  readonly kills: number
  /** How many of them killed the owner of the account. */
  readonly ownerKills: number
  readonly requests: number
  readonly faults: number
  readonly deliveries: number
  readonly repeatedDeliveries: number
  readonly seconds: number
}

/** The vendor's rate limit. So low that there is always more to poll, and that a busy machine is not the limit. */
const maxPerSecond = 50

/** Runs until all tasks have ended and were saved and delivered. */
export const runSoak = async ({
  server,
  taskCount,
  runnerCount,
  killEveryMs,
  maxKills = Number.POSITIVE_INFINITY,
  timeoutMs = 3_600_000
}: SoakOptions): Promise<SoakReport> => {
  const startedAt = performance.now()
  await using trackers = await startTrackers({
    server,
    maxPerSecond,
    emulator: {
      limits: { jimmy: [{ limit: maxPerSecond, windowSeconds: 1 }] },
      chaos: { seed: 14, rate: 0.3 },
      requestLogSize: 1_000_000
    }
  })
  for (let added = 0; added < taskCount; added += 1000)
    await trackers.addTasks(Math.min(1000, taskCount - added), (index) => ({
      id: `task-${added + index}`,
      runningFor: (index % 50) * 100,
      end: index % 10 === 9 ? "failed" : "succeeded"
    }))
  await Promise.all(Array.from({ length: runnerCount }, () => trackers.start()))

  const state = { isDone: false, kills: 0, ownerKills: 0 }
  const wakeUp = new AbortController()
  /** Kills the runner that was started first, and starts another one. */
  const killOldest = async (): Promise<void> => {
    const owner = await trackers.owner()
    const [oldest = owner] = trackers.runners
    trackers.runners.delete(oldest)
    await oldest.kill()
    state.kills += 1
    if (oldest === owner) state.ownerKills += 1
    await trackers.start()
  }
  const killRunners = async (): Promise<void> => {
    let startedAt = performance.now()
    while (!state.isDone && state.kills < maxKills) {
      const waitMs = Math.max(0, startedAt + killEveryMs - performance.now())
      await delay(waitMs, undefined, { signal: wakeUp.signal }).catch(() => undefined)
      if (state.isDone) return
      startedAt = performance.now()
      await killOldest()
    }
  }
  const killing = killRunners()
  const violations = await trackers.settled(timeoutMs)
  state.isDone = true
  wakeUp.abort()
  await killing
  const { messages } = trackers.receiver
  const { requests, faulted } = trackers.emulator.faultStats()
  return {
    tasks: taskCount,
    kills: state.kills,
    ownerKills: state.ownerKills,
    requests,
    faults: faulted,
    deliveries: messages.length,
    repeatedDeliveries: messages.length - new Set(messages.map(({ headers }) => headers["webhook-id"])).size,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    ...violations
  }
}
