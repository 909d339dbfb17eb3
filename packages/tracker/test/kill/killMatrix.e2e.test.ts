/**
 * Kills trackers at each point at which something could be lost or repeated. The points are reached from outside: by a vendor
 * that delays a response, a webhook that is not confirmed, or a proxy in front of the database.
 *
 * GENTASK_KILL_MATRIX=all runs all combinations of points and killed processes. By default, a few of them run.
 */
import { createTrackerClient } from "@gentask/tracker/client"
import * as Effect from "effect/Effect"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { hasPostgres, skipReason, startPostgres } from "@gentask/tooling/postgres"
import type { PostgresServer } from "@gentask/tooling/postgres"
import { noViolations } from "./checkInvariants.ts"
import { startFaultyPostgres } from "./faultyPostgres.ts"
import type { CutPoint } from "./faultyPostgres.ts"
import { startTrackers } from "./startTrackers.ts"
import type { Runner, TrackersOptions } from "./startTrackers.ts"

const isFull = process.env["GENTASK_KILL_MATRIX"] === "all"
const timeout = 120_000
const wait = { timeout: 60_000, interval: 25 }
const maxTakeOverMs = 5000

type Victim = "owner" | "other" | "all"
type Trackers = Awaited<ReturnType<typeof startTrackers>>

interface Scene {
  readonly trackers: Trackers
  /** The owner of the account when the point was reached. */
  readonly owner: Runner
  /** Cuts a connection of the owner to its database. */
  readonly cutAt: (point: CutPoint, pattern: RegExp) => Promise<void>
  /** Resolves when the receiver has a message that it has not confirmed. */
  readonly unconfirmed: Promise<void>
}

interface Point {
  readonly name: string
  /** Resolves when the point is reached. */
  readonly reach: (scene: Scene) => Promise<unknown>
  /** Whether the webhook's receiver confirms nothing until the kill. */
  readonly isWebhook?: boolean
}

const addSlowTask = ({ trackers }: Scene, script: Parameters<Trackers["addTasks"]>[1] = () => ({})) =>
  trackers.addTasks(1, script)

const cutPoint = (name: string, point: CutPoint, kind: string): Point => ({
  name,
  reach: async (scene) => {
    const reached = scene.cutAt(point, new RegExp(`"kind":"${kind}"`))
    await addSlowTask(scene, () => ({ runningFor: 500 }))
    await reached
  }
})

const points: ReadonlyArray<Point> = [
  {
    name: "a task was added, and the client has no response",
    reach: async ({ trackers, owner, cutAt }) => {
      const reached = cutAt("after", /select seq, 'task\.added'/)
      const { id } = trackers.emulator.addTask({ vendor: "jimmy", media: ["webp"] })
      trackers.refs.push(`jimmy:${id}`)
      const client = createTrackerClient({ url: await owner.ready(), token: "token-of-the-tests" })
      void client.track([`jimmy:${id}`]).catch(() => undefined)
      await reached
    }
  },
  {
    name: "a poll was sent, and has no response",
    reach: async (scene) => {
      const [ref = ""] = await addSlowTask(scene, () => ({
        faults: [{ fault: "hang", when: "headers", for: 20_000 }]
      }))
      await vi.waitFor(() => {
        const { requests } = scene.trackers.emulator
        expect(requests.some(({ taskId }) => `jimmy:${taskId}` === ref)).toBe(true)
      }, wait)
    }
  },
  cutPoint("the vendor has responded, and nothing was recorded", "before", "task.status"),
  cutPoint("the end of a task was committed, and no process was notified", "after", "task.status"),
  {
    name: "a webhook was sent, and its delivery is not recorded",
    isWebhook: true,
    reach: async (scene) => {
      await addSlowTask(scene)
      await scene.unconfirmed
    }
  },
  {
    name: "a part of a file was downloaded",
    reach: async (scene) => {
      const [ref = ""] = await addSlowTask(scene, () => ({
        mediaSize: 400_000,
        mediaFaults: [{ fault: "hang", when: "body", after: 100_000, for: 20_000 }]
      }))
      await vi.waitFor(() => {
        const { requests } = scene.trackers.emulator
        expect(requests.some(({ taskId, purpose }) => purpose === "media" && `jimmy:${taskId}` === ref)).toBe(
          true
        )
      }, wait)
    }
  },
  cutPoint("a file was saved, and is not recorded", "before", "task.all-saved"),
  cutPoint("a saved file was recorded, and the process does not know it", "after", "task.all-saved")
]

const few = new Set([0, 2, 4, 6])

const cases = points.flatMap((point, index) =>
  (["owner", "other", "all"] as const)
    .filter((victim) => isFull || (few.has(index) && victim === (index === 4 ? "all" : "owner")))
    .map((victim) => ({ point, victim, name: point.name }))
)

describe.skipIf(!hasPostgres)(`trackers on Postgres${skipReason}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  const setUp = async (options: Partial<TrackersOptions> = {}) => {
    await using stack = new AsyncDisposableStack()
    const proxy = stack.use(await startFaultyPostgres(server.port))
    const trackers = stack.use(await startTrackers({ server, ...options }))
    const throughProxy = trackers.postgres.replace(`:${server.port}/`, `:${proxy.port}/`)
    const [first, second] = await Promise.all([trackers.start(throughProxy), trackers.start(throughProxy)])
    const owner = await trackers.owner()
    const other = owner === first ? second : first
    const moved = stack.move()
    return {
      trackers,
      owner,
      other,
      cutAt: proxy.cutAt,
      [Symbol.asyncDispose]: () => moved.disposeAsync()
    }
  }

  it.each(cases)(
    "lose and repeat nothing if $victim is killed when $name",
    { timeout },
    async ({ point, victim }) => {
      let isConfirming = point.isWebhook !== true
      const message = Promise.withResolvers<void>()
      await using scene = await setUp({
        onMessage: () => {
          message.resolve()
          return isConfirming
        }
      })
      const { trackers, owner, other } = scene
      await point.reach({ ...scene, unconfirmed: message.promise })
      const killed: Record<Victim, ReadonlyArray<Runner>> = {
        owner: [owner],
        other: [other],
        all: [owner, other]
      }
      const killedAt = performance.now()
      await Promise.all(killed[victim].map((each) => each.kill()))
      isConfirming = true
      if (victim === "owner") expect(await trackers.takenOver(owner, killedAt)).toBeLessThan(maxTakeOverMs)
      if (victim === "all") await trackers.start()
      expect(await trackers.settled()).toEqual(noViolations)
    }
  )

  it("never submit a task twice if the owner is killed before its id is recorded", { timeout }, async () => {
    await using scene = await setUp()
    const { trackers, owner, cutAt } = scene
    const reached = cutAt("before", /"kind":"task\.submitted"/)
    const request = { account: "jimmy", model: "gpt-image-2", prompt: "A fox" }
    const submit = { id: "lost", account: "jimmy", idempotencyKey: "lost", digest: "lost", request }
    await Effect.runPromise(trackers.database.store.queueSubmit(submit))
    await reached
    await owner.kill()
    await vi.waitFor(async () => {
      expect((await Effect.runPromise(trackers.database.store.submit("lost")))?.state).not.toBe("queued")
    }, wait)
    expect(trackers.emulator.submitCounts()).toMatchObject([{ posts: 1, tasks: 1 }])
  })

  it.runIf(isFull)("lose nothing when the database crashes", { timeout }, async () => {
    await using scene = await setUp()
    await scene.trackers.addTasks(40, (index) => ({ runningFor: 100 * index }))
    await server.restart()
    expect(await scene.trackers.settled()).toEqual(noViolations)
  })

  it.runIf(isFull)("lose nothing when all their connections are terminated", { timeout }, async () => {
    await using scene = await setUp()
    const { trackers } = scene
    await trackers.addTasks(40, (index) => ({ runningFor: 100 * index }))
    const terminate =
      "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
    for (const _ of [1, 2, 3]) await server.query(trackers.postgres, terminate)
    expect(await trackers.settled()).toEqual(noViolations)
  })

  it.runIf(isFull).each([-3_600_000, 3_600_000])(
    "keep the rate limit and lose nothing when the wall clock steps by %i ms",
    { timeout },
    async (stepMs) => {
      await using trackers = await startTrackers({ server })
      const clock = new URL(`./steppedClock.mjs?stepMs=${stepMs}&afterMs=4000`, import.meta.url)
      await trackers.start(trackers.postgres, ["--import", clock.href])
      await trackers.addTasks(40, (index) => ({ runningFor: 200 * index }))
      expect(await trackers.settled()).toEqual(noViolations)
    }
  )

  it.runIf(isFull)(
    "lose nothing while trackers start and stop, and always have an owner soon",
    { timeout },
    async () => {
      await using trackers = await startTrackers({ server })
      await trackers.addTasks(60, (index) => ({ runningFor: 300 * index }))
      let previous = await trackers.start()
      for (const isGraceful of [true, false, true, false, true]) {
        const next = await trackers.start()
        const from = performance.now()
        await (isGraceful ? previous.stop() : previous.kill())
        trackers.runners.delete(previous)
        expect(await trackers.takenOver(previous, from)).toBeLessThan(maxTakeOverMs)
        previous = next
      }
      expect(await trackers.settled()).toEqual(noViolations)
    }
  )
})
