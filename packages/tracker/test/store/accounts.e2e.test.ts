/** Owners of accounts: epochs and reservations. */
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { makeSnapshot } from "../support/records.ts"
import { describeStores } from "../support/stores.ts"

const run = Effect.runPromise

const nothingSpent = { agesMs: [], pausedForMs: 0 }

describeStores((create) => {
  it("raises the epoch with each owner, and reports nothing spent for a new account", async () => {
    const { store } = await (await create()).open()
    expect(await run(store.take("acme", "first"))).toEqual({
      account: "acme",
      epoch: 1,
      spent: nothingSpent
    })
    expect((await run(store.take("acme", "second"))).epoch).toBe(2)
    expect((await run(store.take("acme@other", "second"))).epoch).toBe(1)
    expect((await run(store.accounts)).map(({ account, epoch, owner }) => [account, epoch, owner])).toEqual([
      ["acme", 2, "second"],
      ["acme@other", 1, "second"]
    ])
  })

  it("refuses every write of an owner after another process has taken the account", async () => {
    const database = await create()
    const [first, second] = [(await database.open()).store, (await database.open()).store]
    await run(first.addTasks([{ ref: "acme:1" }]))
    await run(first.queueSubmit({ id: "s", account: "acme", idempotencyKey: "k", request: {}, digest: "d" }))
    const old = await run(first.take("acme", "first"))
    const current = await run(second.take("acme", "second"))
    const before = await run(second.events(0, 100))
    const results = await run(
      Effect.all([
        first.reserve(old, nothingSpent),
        first.settle(old, [makeSnapshot("1", { status: "succeeded" })]),
        first.saved(old, "acme:1", []),
        first.saveFailed(old, "acme:1", "no", undefined),
        first.submitSettled(old, "s", { state: "accepted", refs: ["acme:2"], error: null }),
        first.release(old, nothingSpent, [{ ref: "acme:1", dueInMs: 9000, polls: 9, notFoundForMs: 9 }])
      ])
    )
    expect(results).toEqual([false, false, false, false, false, false])
    expect(await run(second.events(0, 100))).toEqual(before)
    expect(await run(second.openTasks("acme", 0, 10))).toMatchObject([{ ref: "acme:1", polls: 0 }])
    expect((await run(second.submit("s")))?.state).toBe("queued")
    expect(await run(second.accounts)).toMatchObject([{ owner: "second", epoch: 2 }])
    expect(await run(second.settle(current, [makeSnapshot("1", { status: "succeeded" })]))).toBe(true)
  })

  it("counts what the previous owner has reserved as sent at the end of the reservation", async () => {
    const database = await create()
    const [first, second] = [(await database.open()).store, (await database.open()).store]
    const owner = await run(first.take("acme", "first"))
    const start = performance.now()
    await run(first.reserve(owner, { agesMs: [8000, 1000, -3000, -3000], pausedForMs: 60_000 }))
    const { spent } = await run(second.take("acme", "second"))
    // Both clocks are rounded to milliseconds.
    const elapsed = performance.now() - start + 2
    const isShifted = (ageMs: number | undefined, recordedMs: number): boolean =>
      ageMs !== undefined && ageMs >= recordedMs && ageMs <= recordedMs + elapsed
    expect(
      spent.agesMs.map((ageMs, index) => isShifted(ageMs, [8000, 1000, -3000, -3000][index] ?? 0))
    ).toEqual([true, true, true, true])
    expect(spent.pausedForMs).toBeLessThanOrEqual(60_000)
    expect(spent.pausedForMs).toBeGreaterThanOrEqual(60_000 - elapsed)
    // A successor that has not reserved anything yet has sent nothing, so the reservation of the first one still counts.
    const third = await run(first.take("acme", "third"))
    expect(third.spent.agesMs).toHaveLength(4)
  })

  it("ends the reservation when the owner releases the account, and keeps the state of its tasks", async () => {
    const { store } = await (await create()).open()
    await run(store.addTasks([{ ref: "acme:1" }, { ref: "acme:2" }]))
    const owner = await run(store.take("acme", "first"))
    await run(store.reserve(owner, { agesMs: [-3000], pausedForMs: 0 }))
    const progress = { ref: "acme:1", dueInMs: 60_000, polls: 7, notFoundForMs: 5000 }
    const spent = { agesMs: [100], pausedForMs: 0, submits: { agesMs: [50], pausedForMs: 60_000 } }
    expect(await run(store.release(owner, spent, [progress]))).toBe(true)
    expect(await run(store.accounts)).toMatchObject([{ owner: null, openTasks: 2 }])
    const next = await run(store.take("acme", "second"))
    expect(next.spent.agesMs).toHaveLength(1)
    expect(next.spent.agesMs[0]).toBeGreaterThanOrEqual(100)
    expect(next.spent.submits?.agesMs[0]).toBeGreaterThanOrEqual(50)
    expect(next.spent.submits?.pausedForMs).toBeLessThanOrEqual(60_000)
    await run(store.reserve(next, nothingSpent))
    expect((await run(store.take("acme", "third"))).spent).not.toHaveProperty("submits")
    const [task, other] = await run(store.openTasks("acme", 0, 10))
    expect(task).toMatchObject({ ref: "acme:1", polls: 7 })
    expect(task?.dueInMs).toBeGreaterThan(50_000)
    expect(task?.dueInMs).toBeLessThanOrEqual(60_000)
    expect(task?.notFoundForMs).toBeGreaterThanOrEqual(5000)
    expect(other).toMatchObject({ ref: "acme:2", polls: 0, dueInMs: 0, notFoundForMs: null })
  })

  it("waits for a transaction of the previous owner", async () => {
    const database = await create()
    const [first, second] = [await database.open(), await database.open()]
    await run(first.store.addTasks([{ ref: "acme:1" }]))
    const owner = await run(first.store.take("acme", "first"))
    const isSettled = Promise.withResolvers<undefined>()
    const mayCommit = Promise.withResolvers<undefined>()
    const settled = run(
      first.sql.withTransaction(
        Effect.gen(function* () {
          yield* first.store.settle(owner, [makeSnapshot("1", { status: "succeeded" })])
          isSettled.resolve(undefined)
          yield* Effect.promise(() => mayCommit.promise)
        })
      )
    )
    await isSettled.promise
    let isTaken = false
    const taken = run(second.store.take("acme", "second")).finally(() => {
      isTaken = true
    })
    for (let reads = 0; reads < 50; reads += 1) await run(second.store.openTasks("acme", 0, 10))
    expect(isTaken).toBe(false)
    mayCommit.resolve(undefined)
    await Promise.all([settled, taken])
    expect(await run(second.store.openTasks("acme", 0, 10))).toEqual([])
  })

  it("lets exactly one of many processes have the highest epoch", async () => {
    const database = await create()
    const stores = await Promise.all(Array.from({ length: 3 }, () => database.open()))
    const taken = await Promise.all(
      Array.from({ length: 30 }, (_, index) => {
        const { store } = stores[index % stores.length] ?? stores[0] ?? { store: undefined }
        if (store === undefined) throw new Error("No store")
        return run(store.take("acme", `owner ${index}`))
      })
    )
    expect(taken.map(({ epoch }) => epoch).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 30 }, (_, index) => index + 1)
    )
  })
})
