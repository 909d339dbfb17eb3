/**
 * Processes that are killed in each step of a submit. `KILL_RUNS=20 vitest run test/submitKill` kills 20 processes in each
 * step, and once by default.
 */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it, vi } from "vitest"
import { openLedger } from "@gentask/ledger"
import type { SqliteLedger } from "@gentask/ledger"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { startSubmitter } from "./submitProcess.ts"
import { countPosts, startSubmits, submitSystems } from "./submitSystems.ts"
import type { SubmitSystem } from "./TestVendor.ts"
import type { SubmitterOptions } from "./submitter.ts"

const runs = Array.from({ length: Number(process.env["KILL_RUNS"] ?? 1) }, (_, index) => index + 1)
const systemOf = (name: string): SubmitSystem => {
  const system = submitSystems.find((each) => each.name === name)
  if (system === undefined) throw new Error(name)
  return system
}

type Running = Awaited<ReturnType<typeof startSubmits>>

/** A client and the ledger that it shares with the killed process. */
interface Killed extends Running {
  readonly file: SqliteLedger
  readonly request: SubmitterOptions["requests"][number]
}

/** Starts a submit in a process, kills the process when `isReached`, and calls `check` with a client of another process. */
const killIn = async (
  name: string,
  options: Pick<SubmitterOptions, "stopAt"> & { readonly withFile?: boolean; readonly late?: boolean },
  isReached: (running: Running) => boolean,
  check: (killed: Killed) => Promise<void>
): Promise<void> => {
  const system = systemOf(name)
  await using folder = await temporaryFolder()
  const path = join(folder.path, "ledger.db")
  const image = join(folder.path, "a.png")
  await writeFile(image, Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"))
  await using file = await openLedger({ path })
  await using running = await startSubmits({}, { ledger: file })
  if (options.late === true) running.script(system, { fault: "late", ms: 60_000 })
  const { url, apiKey, accessKey } = running.emulator
  const request = {
    account: system.account,
    model: system.model,
    prompt: "A fox",
    idempotencyKey: "order-7",
    ...(options.withFile === true ? { images: [{ path: image }] } : {})
  }
  const accept = options.withFile === true ? await running.emulator.refuseConnections() : undefined
  await using submitter = startSubmitter({ url, apiKey, accessKey, path, requests: [request], ...options })
  await vi.waitFor(
    () => {
      const isStopped = submitter.events.some(({ stopped }) => stopped === options.stopAt)
      const hasStarted = submitter.events.length > 0
      if (!hasStarted || !(options.stopAt === undefined ? isReached(running) : isStopped))
        throw new Error("running")
    },
    { timeout: 60_000, interval: 5 }
  )
  submitter.kill()
  await submitter.end()
  await accept?.()
  await check({ ...running, file, request })
}

const always = (): boolean => true

const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error
  )

/** Nothing was recorded and nothing was sent, so that the same submit can be sent. */
const expectNothing = async ({ gentask, emulator, file, request }: Killed): Promise<void> => {
  expect(await file.intents()).toEqual([])
  expect(emulator.posts()).toEqual([])
  expect(await gentask.submit(request)).toMatchObject({ isReplay: false })
  expect(countPosts(emulator.posts())).toEqual({ posts: 1, tasks: 1 })
}

/** There is an intent without an outcome. `tasks` are the vendor's. */
const expectPending = async (killed: Killed, tasks: number): Promise<void> => {
  expect(await killed.file.intents()).toMatchObject([
    { state: "pending", refs: [], idempotencyKey: "order-7" }
  ])
  expect(countPosts(killed.emulator.posts()).tasks).toBe(tasks)
}

const expectUnknown = async ({ gentask, emulator, file, request }: Killed): Promise<void> => {
  const before = emulator.posts().length
  const [intent] = await file.intents()
  expect(await gentask.reconcile()).toMatchObject([{ intent: intent?.id, result: "unknown" }])
  expect(await errorOf(gentask.submit(request))).toMatchObject({
    _tag: "SubmitOutcomeUnknown",
    intent: intent?.id,
    lastError: { code: "UNSETTLED" }
  })
  expect(await file.intents({ states: ["unknown"] })).toMatchObject([
    { prompt: "A fox", model: request.model }
  ])
  expect(emulator.posts()).toHaveLength(before)
}

/** The vendor supports the query: the task is found, and the same submit returns it. */
const expectFound = async ({ gentask, emulator, request }: Killed): Promise<void> => {
  const [task] = emulator.tasks()
  const ref = expect.stringContaining(`:${task?.id}`)
  expect(await gentask.reconcile()).toMatchObject([{ result: "accepted", refs: [ref] }])
  expect(await gentask.submit(request)).toMatchObject({ ref, isReplay: true })
  expect(countPosts(emulator.posts()).tasks).toBe(1)
}

describe.concurrent.each(runs)("kill -9, run %i,", { timeout: 120_000 }, () => {
  it("while the input is validated leaves nothing", () =>
    killIn("jimmy", { stopAt: "validate" }, always, expectNothing))

  it("while a file is uploaded leaves nothing", () =>
    killIn("jimmy", { withFile: true }, always, expectNothing))

  it("before the intent is recorded leaves nothing", () =>
    killIn("jimmy", { stopAt: "begin" }, always, expectNothing))

  it("after the intent was recorded leaves an unknown outcome, and nothing is sent again", () =>
    killIn("jimmy", { stopAt: "begun" }, always, async (killed) => {
      await expectPending(killed, 0)
      await expectUnknown(killed)
    }))

  it.each(["jimmy", "kie", "jimeng at octopusx"])(
    "while the request to %s is under way leaves an unknown outcome, and nothing is sent again",
    (name) =>
      killIn(
        name,
        { late: true },
        ({ emulator }) => emulator.posts().length > 0,
        async (killed) => {
          await expectPending(killed, 1)
          await expectUnknown(killed)
        }
      )
  )

  it.each(["sora", "aigptimage"])("while the request to %s is under way loses no task", (name) =>
    killIn(
      name,
      { late: true },
      ({ emulator }) => emulator.posts().length > 0,
      async (killed) => {
        await expectPending(killed, 1)
        await expectFound(killed)
      }
    )
  )

  it("before the id is recorded leaves an unknown outcome, and nothing is sent again", () =>
    killIn("jimmy", { stopAt: "settle" }, always, async (killed) => {
      await expectPending(killed, 1)
      await expectUnknown(killed)
    }))

  it.each(["sora", "aigptimage"])("before the id of a task of %s is recorded loses no task", (name) =>
    killIn(name, { stopAt: "settle" }, always, async (killed) => {
      await expectPending(killed, 1)
      await expectFound(killed)
    })
  )

  it("after the id was recorded loses no task", () =>
    killIn("jimmy", { stopAt: "settled" }, always, async ({ gentask, emulator, file, request }) => {
      const [task] = emulator.tasks()
      const ref = `jimmy:${task?.id}?kind=image`
      expect(await file.intents()).toMatchObject([{ state: "accepted" }])
      expect((await gentask.submit(request)).ref.split("?")[0]).toBe(ref.split("?")[0])
      expect(countPosts(emulator.posts())).toEqual({ posts: 1, tasks: 1 })
    }))
})
