/** Several trackers on one Postgres database, of which one is killed, frozen or stopped. */
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { freePort } from "../kill/freePort.ts"
import { newFolder } from "../support/folders.ts"
import { openDatabase } from "../support/openDatabase.ts"
import { hasPostgres, skipReason, startPostgres } from "@gentask/tooling/postgres"
import type { PostgresServer } from "@gentask/tooling/postgres"
import { startProgram } from "../support/startProgram.ts"

const wait = { timeout: 60_000, interval: 25 }
const timeout = 180_000

const limit = { requests: 20, windowMs: 2000 }

/** Two trackers, of which one owns the account. */
const startTwo = async (emulator: Emulator, postgres: string, dir: string) => {
  const start = async () => {
    const runner = { host: "127.0.0.1", port: await freePort() }
    const name = `${runner.host}:${runner.port}`
    const program = startProgram({
      accounts: [{ account: "jimmy", apiKey: emulator.apiKey }],
      baseUrl: emulator.url,
      database: { postgres },
      runner,
      dir,
      limit,
      pollMs: 200,
      userAgent: name
    })
    return { ...program, name }
  }
  const first = await start()
  await first.ready()
  const second = await start()
  await second.ready()
  return { first, second }
}

describe.skipIf(!hasPostgres)(`trackers on Postgres${skipReason}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  const setUp = async (stack: AsyncDisposableStack, taskCount: number) => {
    const emulator = stack.use(await startEmulator({ limits: { jimmy: [{ limit: 20, windowSeconds: 2 }] } }))
    const folder = stack.use(newFolder())
    const url = await server.createDatabase()
    const database = stack.use(await openDatabase({ postgres: url }))
    const tasks = Array.from({ length: taskCount }, (_, index) =>
      emulator.addTask({ vendor: "jimmy", runningFor: 400 * index, media: ["webp"] })
    )
    const refs = tasks.map(({ id }) => `jimmy:${id}`)
    await database.addTasks(refs)
    const { first, second } = await startTwo(emulator, url, join(folder.path, "files"))
    stack.use(first)
    stack.use(second)
    /** The tracker that owns the account, after it has saved tasks. The cluster may have moved the account meanwhile. */
    const working = () =>
      vi.waitFor(async () => {
        const saved = (await database.tasks()).filter(({ saveState }) => saveState === "saved")
        expect(saved.length).toBeGreaterThan(5)
        const account = await database.account("jimmy")
        const owner = [first, second].find(({ name }) => name === account?.owner)
        if (owner === undefined) throw new Error("No owner.")
        return { owner, other: owner === first ? second : first, epoch: account?.epoch ?? 0 }
      }, wait)
    const takenOver = ({ other, epoch }: Awaited<ReturnType<typeof working>>, from: number) =>
      vi.waitFor(async () => {
        expect(await database.account("jimmy")).toMatchObject({ owner: other.name, epoch: epoch + 1 })
        return performance.now() - from
      }, wait)
    /** Waits until all tasks are saved. Calls `observe` again and again meanwhile. */
    const allSaved = (observe = async () => {}) =>
      vi.waitFor(async () => {
        await observe()
        const states = (await database.tasks()).map(({ status, saveState }) => `${status} ${saveState}`)
        expect(states).toEqual(refs.map(() => "succeeded saved"))
      }, wait)
    return { emulator, database, refs, working, takenOver, allSaved }
  }

  const breaches = (emulator: Emulator) => emulator.requests.filter(({ status }) => status === 429)

  it("take the account of a killed tracker over within 5 s, and lose nothing", { timeout }, async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, database, refs, working, takenOver, allSaved } = await setUp(stack, 30)
    const before = await working()
    const killedAt = performance.now()
    await before.owner.kill()
    const tookMs = await takenOver(before, killedAt)
    console.log(`taken over after ${Math.round(tookMs)} ms`)
    expect(tookMs).toBeLessThan(5000)
    await allSaved()
    const ended = (await database.events()).filter(({ type }) => type === "task.ended")
    expect(ended.map(({ ref }) => ref).toSorted()).toEqual(refs.toSorted())
    expect(breaches(emulator)).toEqual([])
  })

  it(
    "take the account of a frozen tracker over, which sends no queries when it continues",
    { timeout },
    async () => {
      await using stack = new AsyncDisposableStack()
      const { emulator, database, working, takenOver, allSaved } = await setUp(stack, 30)
      const before = await working()
      const { owner, epoch } = before
      const frozenAt = performance.now()
      owner.signal("SIGSTOP")
      const tookMs = await takenOver(before, frozenAt)
      console.log(`taken over after ${Math.round(tookMs)} ms`)
      const sent = () =>
        emulator.requests.filter(
          ({ purpose, headers }) => purpose === "query" && headers["user-agent"] === owner.name
        ).length
      const sentBefore = sent()
      let sentAfter = sentBefore
      owner.signal("SIGCONT")
      await allSaved(async () => {
        const now = sent()
        // The cluster may move the account back, and then this tracker owns it again with a higher epoch.
        if ((await database.account("jimmy"))?.epoch === epoch + 1) sentAfter = now
      })
      // Queries whose permit was granted before the freeze may still be sent, and downloads continue.
      expect(sentAfter - sentBefore).toBeLessThanOrEqual(2)
      expect(breaches(emulator)).toEqual([])
    }
  )

  it("take the account of a stopped tracker over at once", { timeout }, async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, working, takenOver, allSaved } = await setUp(stack, 30)
    const before = await working()
    const stoppedAt = performance.now()
    const stopped = before.owner.stop()
    const tookMs = await takenOver(before, stoppedAt)
    console.log(`taken over after ${Math.round(tookMs)} ms`)
    expect(await stopped).toBe(0)
    await allSaved()
    expect(breaches(emulator)).toEqual([])
  })
})
