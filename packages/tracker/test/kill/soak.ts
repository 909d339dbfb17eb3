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
  readonly requests: number
  readonly faults: number
  readonly deliveries: number
  readonly repeatedDeliveries: number
  readonly seconds: number
}

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
    maxPerSecond: 500,
    emulator: {
      limits: { jimmy: [{ limit: 500, windowSeconds: 1 }] },
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

  const state = { isDone: false, kills: 0 }
  const wakeUp = new AbortController()
  const killOwners = async (): Promise<void> => {
    let startMs = 0
    while (!state.isDone && state.kills < maxKills) {
      const waitMs = Math.max(0, killEveryMs - startMs)
      await delay(waitMs, undefined, { signal: wakeUp.signal }).catch(() => undefined)
      if (state.isDone) return
      const owner = await trackers.owner()
      const killedAt = performance.now()
      trackers.runners.delete(owner)
      await owner.kill()
      state.kills += 1
      await trackers.start()
      startMs = performance.now() - killedAt
    }
  }
  const killing = killOwners()
  const violations = await trackers.settled(timeoutMs)
  state.isDone = true
  wakeUp.abort()
  await killing
  const { messages } = trackers.receiver
  const { requests, faulted } = trackers.emulator.faultStats()
  return {
    tasks: taskCount,
    kills: state.kills,
    requests,
    faults: faulted,
    deliveries: messages.length,
    repeatedDeliveries: messages.length - new Set(messages.map(({ headers }) => headers["webhook-id"])).size,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    ...violations
  }
}
