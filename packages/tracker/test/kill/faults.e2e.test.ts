/**
 * Faults of the environment: databases, networks, disks and clocks that fail, and trackers that start and stop.
 *
 * All of them run if GENTASK_KILL_MATRIX=all is set. By default, only the database crashes.
 */
import { rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import { createTrackerClient } from "@gentask/tracker/client"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { canMount, mountTmpfs } from "@gentask/tooling/mountTmpfs"
import { hasPostgres, skipReason, startPostgres } from "@gentask/tooling/postgres"
import type { PostgresServer } from "@gentask/tooling/postgres"
import { openDatabase } from "../support/openDatabase.ts"
import { startProxy } from "../support/proxy.ts"
import { startProgram } from "../support/startProgram.ts"
import { noViolations } from "./checkInvariants.ts"
import { maxTakeOverMs, startTrackers } from "./startTrackers.ts"
import type { TrackersOptions } from "./startTrackers.ts"

const isFull = process.env["GENTASK_KILL_MATRIX"] === "all"
const timeout = 120_000
const wait = { timeout: 60_000, interval: 25 }
const needsRoot = "(needs root on Linux, to mount a file system)"

describe.skipIf(!hasPostgres)(`trackers on Postgres${skipReason}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  const startTwo = async (stack: AsyncDisposableStack, options: Partial<TrackersOptions> = {}) => {
    const trackers = stack.use(await startTrackers({ server, ...options }))
    await Promise.all([trackers.start(), trackers.start()])
    await trackers.owner()
    return trackers
  }

  it("lose nothing when the database crashes", { timeout }, async () => {
    await using stack = new AsyncDisposableStack()
    const trackers = await startTwo(stack)
    await trackers.addTasks(20, (index) => ({ runningFor: 100 * index }))
    await server.restart()
    expect(await trackers.settled()).toEqual(noViolations)
  })

  it.runIf(isFull)("lose nothing when all their sessions are terminated", { timeout }, async () => {
    await using stack = new AsyncDisposableStack()
    const trackers = await startTwo(stack)
    await trackers.addTasks(40, (index) => ({ runningFor: 100 * index }))
    const terminate =
      "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
    for (const _ of [1, 2, 3]) await server.query(trackers.postgres, terminate)
    expect(await trackers.settled()).toEqual(noViolations)
  })

  it.runIf(isFull)(
    "lose nothing when the session of the owner's locks is terminated",
    { timeout },
    async () => {
      await using stack = new AsyncDisposableStack()
      const trackers = await startTwo(stack)
      await trackers.addTasks(40, (index) => ({ runningFor: 200 * index }))
      const terminate =
        "select count(pg_terminate_backend(pid)) from (select distinct pid from pg_locks where locktype = 'advisory' and objsubid = 2) as locks"
      for (const _ of [1, 2]) {
        await server.query(trackers.postgres, terminate)
        await trackers.owner()
      }
      expect(await trackers.settled()).toEqual(noViolations)
    }
  )

  it.runIf(isFull)(
    "take the account of an owner over whose network loses all packets, and lose nothing",
    { timeout },
    async () => {
      await using stack = new AsyncDisposableStack()
      const trackers = stack.use(await startTrackers({ server }))
      const startBehindProxy = async () => {
        const proxy = await startProxy(server.port)
        stack.defer(() => proxy.close())
        const url = trackers.postgres.replace(`:${server.port}/`, `:${proxy.port}/`)
        return { proxy, runner: await trackers.start(url) }
      }
      const pair = await Promise.all([startBehindProxy(), startBehindProxy()])
      const owner = await trackers.owner()
      await trackers.addTasks(40, (index) => ({ runningFor: 300 * index }))
      const proxy = pair.find(({ runner }) => runner === owner)?.proxy
      proxy?.pause()
      expect(await trackers.takenOver(owner, performance.now())).toBeLessThan(maxTakeOverMs)
      proxy?.resume()
      expect(await trackers.settled()).toEqual(noViolations)
    }
  )

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
    "lose nothing while trackers start and stop during downloads, and always have an owner soon",
    { timeout },
    async () => {
      await using trackers = await startTrackers({ server })
      await trackers.addTasks(60, (index) => ({
        runningFor: 300 * index,
        mediaFaults: index % 3 === 0 ? [{ fault: "hang", when: "body", for: 20_000 }] : []
      }))
      const longest = trackers.watchOwner()
      let previous = await trackers.start()
      await trackers.owner()
      for (const isGraceful of [true, false, true, false, true]) {
        const next = await trackers.start()
        const from = performance.now()
        await (isGraceful ? previous.stop() : previous.kill())
        trackers.runners.delete(previous)
        expect(await trackers.takenOver(previous, from)).toBeLessThan(maxTakeOverMs)
        previous = next
      }
      expect(await longest.stop()).toBeLessThan(maxTakeOverMs)
      expect(await trackers.settled()).toEqual(noViolations)
    }
  )

  it.skipIf(!isFull || !canMount)(
    `save files when a full disk has space again ${needsRoot}`,
    { timeout },
    async () => {
      await using stack = new AsyncDisposableStack()
      const { folder: dir } = stack.use(mountTmpfs("2m"))
      const ballast = join(dir, "ballast")
      const trackers = await startTwo(stack, { dir })
      writeFileSync(ballast, Buffer.alloc(1_900_000))
      await trackers.addTasks(4, () => ({ mediaSize: 300_000 }))
      await vi.waitFor(async () => {
        const errors = await server.query(trackers.postgres, "select save_error from gentask.tasks")
        expect(errors).toMatch(/full/)
      }, wait)
      rmSync(ballast)
      expect(await trackers.settled()).toEqual(noViolations)
    }
  )
})

describe.skipIf(!isFull)("a tracker on a SQLite file", () => {
  it.skipIf(!canMount)(
    `continues when a full disk has space again, and loses nothing that it has accepted ${needsRoot}`,
    { timeout },
    async () => {
      await using stack = new AsyncDisposableStack()
      const emulator = stack.use(await startEmulator())
      const { folder } = stack.use(mountTmpfs("5m"))
      const [sqlite, ballast] = [join(folder, "ledger.db"), join(folder, "ballast")]
      writeFileSync(ballast, Buffer.alloc(2_000_000))
      const program = stack.use(
        startProgram({
          accounts: [{ account: "jimmy", apiKey: emulator.apiKey }],
          baseUrl: emulator.url,
          database: { sqlite },
          dir: join(folder, "files"),
          pollMs: 200,
          userAgent: "tracker"
        })
      )
      const client = createTrackerClient({ url: await program.ready(), token: "token-of-the-tests" })
      const newRef = (): string =>
        `jimmy:${emulator.addTask({ vendor: "jimmy", media: ["webp"], runningFor: 3000 }).id}`
      const accepted = [newRef()]
      await client.track(accepted)
      const unknown: Array<string> = []
      const fill = async (): Promise<never> => {
        for (;;) {
          const refs = Array.from({ length: 1000 }, () => `jimmy:${crypto.randomUUID()}`)
          await client.track(refs)
          unknown.push(...refs)
        }
      }
      await expect(fill()).rejects.toMatchObject({ _tag: "TrackerError", reason: "Unavailable" })
      rmSync(ballast)
      const last = newRef()
      await vi.waitFor(() => client.track([last]), wait)
      accepted.push(last)
      await using database = await openDatabase({ sqlite })
      const tracked = new Set((await database.tasks()).map(({ ref }) => ref))
      expect([...unknown, ...accepted].filter((ref) => !tracked.has(ref))).toEqual([])
      for (const ref of accepted)
        await vi.waitFor(async () => expect((await database.task(ref))?.saveState).toBe("saved"), wait)
      expect(await program.stop()).toBe(0)
    }
  )
})
