import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { PollPolicy } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import type { Emulator, EmulatorOptions } from "@gentask/emulator"
import { jimmy } from "@gentask/provider-jimmy"
import * as Effect from "effect/Effect"
import { describe, expect, it, vi } from "vitest"
import type { TrackerStoreService } from "../../src/store/TrackerStore.ts"
import { newFolder } from "../support/folders.ts"
import { openDatabase } from "../support/openDatabase.ts"
import { startOwners } from "../support/owners.ts"

const wait = { timeout: 20_000, interval: 20 }

const accountOf = (emulator: Emulator) => jimmy({ apiKey: emulator.apiKey, baseUrl: emulator.url })

/** An account with a rate limit, which Jimmy AI does not document. */
const limitedAccount = (
  emulator: Emulator,
  limit: { readonly requests: number; readonly windowMs: number }
) => {
  const account = accountOf(emulator)
  return { ...account, spec: { ...account.spec, rateLimits: () => [limit] } }
}

/** An emulator, and a store in a new folder. */
const setUp = async (stack: AsyncDisposableStack, options: EmulatorOptions = {}) => {
  const emulator = stack.use(await startEmulator(options))
  const folder = stack.use(newFolder())
  const database = stack.use(await openDatabase({ sqlite: join(folder.path, "ledger.db") }))
  const add = async (script: Omit<Parameters<Emulator["addTask"]>[0], "vendor">): Promise<string> => {
    const ref = `jimmy:${emulator.addTask({ vendor: "jimmy", ...script }).id}`
    await database.addTasks([ref])
    return ref
  }
  const dir = join(folder.path, "files")
  const account = accountOf(emulator)
  const start = async (
    pollPolicy = PollPolicy.fixed(100),
    store: TrackerStoreService = database.store,
    provider = account
  ) => stack.use(await startOwners(store, [provider], dir, pollPolicy))
  return { emulator, database, store: database.store, account, dir, add, start }
}

const never = 3_600_000

describe("the owner of an account", () => {
  it("polls tasks that are added, records their end, and saves their outputs", async () => {
    await using stack = new AsyncDisposableStack()
    const { add, start, database, dir } = await setUp(stack)
    const refs = [await add({ runningFor: 300, media: ["webp"] })]
    await start()
    refs.push(await add({ runningFor: 300, media: ["png"] }), await add({ end: "failed" }))
    const records = await vi.waitFor(async () => {
      const tasks = await Promise.all(refs.map((ref) => database.task(ref)))
      expect(tasks.map((task) => `${task?.status} ${task?.saveState}`)).toEqual([
        "succeeded saved",
        "succeeded saved",
        "failed none"
      ])
      return tasks
    }, wait)
    const files = records.flatMap((task) => task?.files ?? [])
    expect(files.map(({ mediaType }) => mediaType)).toEqual(["image/webp", "image/png"])
    expect((await readdir(dir)).filter((name) => /webp$|png$/.test(name))).toHaveLength(2)
  })

  it("writes nothing for polls without news", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, add, start, store } = await setUp(stack)
    await add({ queuedFor: never })
    const settle = vi.fn<typeof store.settle>(store.settle)
    const recordErrors = vi.fn<typeof store.recordErrors>(store.recordErrors)
    await start(PollPolicy.fixed(50), { ...store, settle, recordErrors })
    await vi.waitFor(() => expect(emulator.requests.length).toBeGreaterThan(5), wait)
    expect(settle).toHaveBeenCalledOnce()
    expect(recordErrors).not.toHaveBeenCalled()
  })

  it("hands an account over with the progress of its tasks", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, database, store, add, start } = await setUp(stack)
    const ref = await add({ queuedFor: never })
    const first = await start(PollPolicy.fixed(60_000))
    await vi.waitFor(async () => expect((await database.task(ref))?.status).toBe("queued"), wait)
    await first.close()
    const [open] = await Effect.runPromise(store.openTasks("jimmy", 0, 10))
    expect(open).toMatchObject({ ref, polls: 1, notFoundForMs: null })
    expect(open?.dueInMs).toBeGreaterThan(50_000)
    expect(await database.account("jimmy")).toMatchObject({ owner: null, epoch: 1 })
    await start()
    const later = await add({ media: ["webp"] })
    await vi.waitFor(async () => expect((await database.task(later))?.saveState).toBe("saved"), wait)
    expect(emulator.requests.filter(({ taskId }) => ref.endsWith(taskId ?? ""))).toHaveLength(1)
  })

  it("stops polling when another owner has taken the account", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, database, store, add, start } = await setUp(stack)
    await add({ queuedFor: never })
    const { accounts } = await start()
    await vi.waitFor(() => expect(emulator.requests.length).toBeGreaterThan(1), wait)
    await Effect.runPromise(store.take("jimmy", "another"))
    await vi.waitFor(() => expect(accounts.owned.get("jimmy")).toBeUndefined(), wait)
    const { length } = emulator.requests
    await vi.waitFor(async () => expect((await database.account("jimmy"))?.epoch).toBe(3), {
      ...wait,
      interval: 5
    })
    expect(emulator.requests.length).toBe(length)
  })

  it("keeps a task that is not found, and shows the error", async () => {
    await using stack = new AsyncDisposableStack()
    const { database, start } = await setUp(stack)
    await database.addTasks(["jimmy:missing"])
    const { accounts } = await start()
    await vi.waitFor(
      async () => expect((await database.task("jimmy:missing"))?.lastError).toMatch(/missing/),
      wait
    )
    expect(accounts.status("jimmy")?.lastError?.message).toMatch(/missing/)
    await vi.waitFor(
      async () => expect((await database.account("jimmy"))?.lastError).toMatch(/missing/),
      wait
    )
    expect(await database.task("jimmy:missing")).toMatchObject({ status: "unknown", endedAt: null })
  })

  it("removes the error of a task after a response", async () => {
    await using stack = new AsyncDisposableStack()
    const { database, add, start } = await setUp(stack)
    const ref = await add({ queuedFor: never, responses: [{ status: 503, times: 4 }] })
    await start()
    await vi.waitFor(async () => expect((await database.task(ref))?.lastError).toMatch(/503/), wait)
    await vi.waitFor(
      async () => expect(await database.task(ref)).toMatchObject({ lastError: null, status: "queued" }),
      wait
    )
  })

  it("polls one task from time to time while the key is refused", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, database, store, add, start } = await setUp(stack)
    for (let index = 0; index < 10; index += 1) await add({ queuedFor: never })
    await start(PollPolicy.fixed(50), store, jimmy({ apiKey: "sk-wrong", baseUrl: emulator.url }))
    await vi.waitFor(async () => {
      const errors = (await database.tasks()).filter(({ lastError }) => lastError !== null)
      expect(errors).toHaveLength(10)
    }, wait)
    expect(emulator.requests).toHaveLength(10)
  })

  it("polls a task at once when it is woken", async () => {
    await using stack = new AsyncDisposableStack()
    const { database, add, start } = await setUp(stack)
    const ref = await add({ queuedFor: 500, media: ["webp"] })
    const { accounts } = await start(PollPolicy.fixed(60_000))
    await vi.waitFor(async () => expect((await database.task(ref))?.status).toBe("queued"), wait)
    await vi.waitFor(async () => {
      await Effect.runPromise(accounts.wake(ref))
      expect((await database.task(ref))?.saveState).toBe("saved")
    }, wait)
  })

  it("submits queued requests, and tracks their tasks", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, database, store, start } = await setUp(stack, {
      submits: { jimmy: { task: { runningFor: 200, media: ["webp"] } } }
    })
    await start()
    const request = { account: "jimmy", model: "gpt-image-2", prompt: "A cat" }
    const queued = { id: "1", account: "jimmy", idempotencyKey: "key", digest: "", request }
    await Effect.runPromise(store.queueSubmit(queued))
    const [ref = ""] = await vi.waitFor(async () => {
      const record = await Effect.runPromise(store.submit("1"))
      expect(record?.state).toBe("accepted")
      return record?.refs ?? []
    }, wait)
    await vi.waitFor(async () => expect((await database.task(ref))?.saveState).toBe("saved"), wait)
    expect(emulator.submitCounts().map(({ tasks }) => tasks)).toEqual([1])
  })

  it("records why a submit failed", async () => {
    await using stack = new AsyncDisposableStack()
    const { store, start } = await setUp(stack, {
      submits: { jimmy: { faults: [{ fault: "rejected", status: 400 }, { fault: "reset-after-task" }] } }
    })
    await start()
    const submit = async (id: string, model: string) => {
      const request = { account: "jimmy", model, prompt: "A cat" }
      await Effect.runPromise(
        store.queueSubmit({ id, account: "jimmy", idempotencyKey: id, digest: "", request })
      )
      return vi.waitFor(async () => {
        const record = await Effect.runPromise(store.submit(id))
        expect(record?.state).not.toBe("queued")
        return `${record?.state} ${(record?.error as { readonly _tag?: string } | null)?._tag}`
      }, wait)
    }
    expect(await submit("1", "unknown-model")).toBe("invalid ConfigurationError")
    expect(await submit("2", "gpt-image-2")).toBe("rejected SubmitRejected")
    expect(await submit("3", "gpt-image-2")).toBe("unknown SubmitOutcomeUnknown")
  })

  it("continues the rate limit of submits after its predecessor has handed the account over", async () => {
    await using stack = new AsyncDisposableStack()
    const { store, start, account } = await setUp(stack, {
      submits: { jimmy: { task: { runningFor: never } } }
    })
    const { spec } = account
    const submit = spec.submit && { ...spec.submit, rateLimits: () => [{ requests: 2, windowMs: never }] }
    const limited = { ...account, spec: { ...spec, submit } }
    const queue = async (id: string) => {
      const request = { model: "gpt-image-2", prompt: "A fox in the snow" }
      await Effect.runPromise(
        store.queueSubmit({ id, account: "jimmy", idempotencyKey: id, digest: "", request })
      )
    }
    const isAccepted = (id: string) =>
      vi.waitFor(async () => {
        expect((await Effect.runPromise(store.submit(id)))?.state).toBe("accepted")
      }, wait)
    const first = await start(PollPolicy.fixed(100), store, limited)
    await queue("1")
    await isAccepted("1")
    await first.close()
    await start(PollPolicy.fixed(100), store, limited)
    await queue("2")
    await isAccepted("2")
  })

  it("keeps within the rate limit although it is replaced without handing over", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, store, add, start } = await setUp(stack, {
      limits: { jimmy: [{ limit: 5, windowSeconds: 3 }] }
    })
    for (let index = 0; index < 6; index += 1) await add({ queuedFor: never })
    const account = limitedAccount(emulator, { requests: 5, windowMs: 3000 })
    let isCut = false
    const reserve: typeof store.reserve = (...parameters) =>
      isCut ? Effect.never : store.reserve(...parameters)
    await start(PollPolicy.fixed(10), { ...store, reserve }, account)
    await vi.waitFor(() => expect(emulator.requests).toHaveLength(5), wait)
    // The first owner loses its database, but continues to send until its reservation ends.
    isCut = true
    await start(PollPolicy.fixed(10), store, account)
    await vi.waitFor(() => expect(emulator.requests.length).toBeGreaterThan(15), wait)
    expect(emulator.requests.filter(({ status }) => status === 429)).toEqual([])
  })

  it("saves a task although the downloads of ten others hang", async () => {
    await using stack = new AsyncDisposableStack()
    const { add, start, database } = await setUp(stack)
    // Saved first, because their links expire first.
    for (let index = 0; index < 10; index += 1)
      await add({ linkLifetime: 600_000, mediaFaults: [{ fault: "hang", when: "headers" }] })
    await start()
    const ref = await add({ runningFor: 300 })
    await vi.waitFor(async () => expect((await database.task(ref))?.saveState).toBe("saved"), wait)
  })

  it("renews an expired link before hundreds of polls that wait", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, database, store, add, start } = await setUp(stack, { requestLogSize: 10_000 })
    const ref = await add({ linkLifetime: 0, media: ["webp"] })
    let isHeld = true
    const dueSaves: typeof store.dueSaves = (...parameters) =>
      isHeld ? Effect.succeed([]) : store.dueSaves(...parameters)
    const account = limitedAccount(emulator, { requests: 20, windowMs: 500 })
    await start(PollPolicy.fixed(100), { ...store, dueSaves }, account)
    await vi.waitFor(async () => expect((await database.task(ref))?.status).toBe("succeeded"), wait)
    const others = Array.from({ length: 400 }, () => emulator.addTask({ vendor: "jimmy", queuedFor: never }))
    await database.addTasks(others.map(({ id }) => `jimmy:${id}`))
    await vi.waitFor(() => expect(emulator.requests.length).toBeGreaterThan(100), wait)
    isHeld = false
    const before = emulator.requests.length
    const isRenewal = ({ taskId, purpose }: Emulator["requests"][number]): boolean =>
      ref === `jimmy:${taskId}` && purpose === "query"
    await vi.waitFor(() => expect(emulator.requests.slice(before).some(isRenewal)).toBe(true), wait)
    // All polls that wait take 400 requests.
    expect(emulator.requests.slice(before).findIndex(isRenewal)).toBeLessThan(200)
  })

  it("spreads the first polls of many tasks over the poll interval", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, database, start } = await setUp(stack)
    const refs = Array.from(
      { length: 5000 },
      () => `jimmy:${emulator.addTask({ vendor: "jimmy", queuedFor: never }).id}`
    )
    await database.addTasks(refs)
    await start(PollPolicy.fixed(40_000))
    await vi.waitFor(() => expect(emulator.requests.length).toBeGreaterThan(300), wait)
    // 5,000 polls in 40 s are 125 per second.
    expect(emulator.rates()[0]?.peakPerSecond).toBeLessThan(190)
  })
})
