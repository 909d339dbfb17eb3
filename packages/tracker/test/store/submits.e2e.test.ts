/** Submits and deliveries. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { expect, it, vi } from "vitest"
import { makeFile, makeIntent, makeOutput, makeSnapshot } from "../support/records.ts"
import { describeStores } from "../support/stores.ts"
import type { QueuedSubmit, TrackerStoreService } from "../../src/store/TrackerStore.ts"

const run = Effect.runPromise

const makeSubmit = (fields: Partial<QueuedSubmit> = {}): QueuedSubmit => ({
  id: "submit-1",
  account: "acme",
  idempotencyKey: "key",
  request: { prompt: "NUL \0 and \ud800" },
  digest: "digest-1",
  ...fields
})

const makeEndpoint = (id: string, events: ReadonlyArray<string> = []) => ({
  id,
  url: "https://example.com/hook",
  events,
  secrets: ["whsec_a", "whsec_b"],
  isEnabled: true,
  createdAt: new Date("2026-01-02T03:04:05.006Z")
})

/** Collects the hints of a store. */
const collectHints = (store: TrackerStoreService) => {
  const hints: Array<string> = []
  const fiber = Effect.runFork(
    Stream.runForEach(store.changes, (hint) => Effect.sync(() => void hints.push(hint)))
  )
  return { hints, stop: () => run(Fiber.interrupt(fiber)) }
}

describeStores((create) => {
  it("returns the recorded submit if the account has one with the same key", async () => {
    const database = await create()
    const stores = await Promise.all([database.open(), database.open()])
    const queued = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        run(
          (stores[index % 2] ?? stores[0]).store.queueSubmit(
            makeSubmit({ id: `submit-${index}`, digest: `digest-${index}` })
          )
        )
      )
    )
    const [{ store }] = stores
    const [recorded] = await run(store.queuedSubmits("acme", 10))
    expect(new Set(queued.map(({ id, digest }) => `${id} ${digest}`))).toEqual(
      new Set([`${recorded?.id} ${recorded?.digest}`])
    )
    expect(recorded?.request).toEqual(makeSubmit().request)
    const other = makeSubmit({ id: "other", account: "acme@other" })
    expect((await run(store.queueSubmit(other))).id).toBe("other")
    expect(await run(store.queuedSubmits("acme", 10))).toHaveLength(1)
  })

  it("records the outcome of a submit once, unless it was unknown", async () => {
    const { store, sql } = await (await create()).open()
    const owner = await run(store.take("acme", "me"))
    await run(store.queueSubmit(makeSubmit()))
    const error = { _tag: "SubmitOutcomeUnknown" }
    await run(store.submitSettled(owner, "submit-1", { state: "unknown", refs: [], error }))
    expect(await run(store.submit("submit-1"))).toMatchObject({ state: "unknown", error })
    expect(await run(store.queuedSubmits("acme", 10))).toEqual([])
    expect(await run(sql`select request from submits`)).toEqual([{ request: null }])
    await run(store.submitSettled(owner, "submit-1", { state: "accepted", refs: ["acme:1"], error: null }))
    await run(store.submitSettled(owner, "submit-1", { state: "rejected", refs: [], error }))
    expect(await run(store.submit("submit-1"))).toMatchObject({
      state: "accepted",
      refs: ["acme:1"],
      error: null
    })
    expect(await run(store.submit("submit-2"))).toBeUndefined()
    expect((await run(store.queueSubmit(makeSubmit({ id: "again" })))).state).toBe("accepted")
  })

  it("adds deliveries for the endpoints that want an event", async () => {
    const { store } = await (await create()).open()
    await run(store.addTasks([{ ref: "acme:1" }]))
    for (const endpoint of [
      makeEndpoint("all"),
      makeEndpoint("ended", ["task.ended", "task.saved"]),
      { ...makeEndpoint("disabled"), isEnabled: false }
    ])
      await run(store.putEndpoint(endpoint))
    expect(await run(store.endpoints)).toHaveLength(3)
    expect((await run(store.endpoints))[0]).toEqual(makeEndpoint("all"))
    const owner = await run(store.take("acme", "me"))
    await run(store.settle(owner, [makeSnapshot("1", { status: "running" })]))
    await run(store.settle(owner, [makeSnapshot("1", { status: "failed" })]))
    const deliveries = await run(store.takeDeliveries("acme", 10, 60_000))
    expect(deliveries.map(({ event, endpoint }) => `${event.id} ${endpoint.id}`).toSorted()).toEqual([
      "acme:1/failed all",
      "acme:1/failed ended",
      "acme:1/running/1 all"
    ])
    expect(await run(store.takeDeliveries("acme@other", 10, 60_000))).toEqual([])
  })

  it("adds deliveries of tasks that were submitted, saved, or could not be saved", async () => {
    const { store } = await (await create()).open()
    await run(store.putEndpoint(makeEndpoint("hook", ["task.added", "task.saved", "task.save-failed"])))
    const intent = makeIntent()
    await store.ledger.begin(intent)
    const tasks = [makeSnapshot("1"), makeSnapshot("2")]
    await store.ledger.settle(intent.id, { state: "accepted", tasks, attempts: 1 })
    const owner = await run(store.take("acme", "me"))
    const ended = { status: "succeeded", outputs: [makeOutput()] } as const
    await run(store.settle(owner, [makeSnapshot("1", ended), makeSnapshot("2", ended)]))
    await run(store.saved(owner, "acme:1", [makeFile("/out/1.png")]))
    await run(store.saveFailed(owner, "acme:2", "gone", undefined))
    const deliveries = await run(store.takeDeliveries("acme", 10, 60_000))
    expect(deliveries.map(({ event }) => event.id).toSorted()).toEqual([
      "acme:1/added",
      "acme:1/saved",
      "acme:2/added",
      "acme:2/save-failed"
    ])
  })

  it("makes deliveries that the previous owner has taken due again for its successor", async () => {
    const { store } = await (await create()).open()
    await run(store.putEndpoint(makeEndpoint("hook")))
    await run(store.addTasks([{ ref: "acme:1" }, { ref: "acme:2" }, { ref: "acme@other:1" }]))
    await run(store.take("acme", "first"))
    const [failed, lost] = await run(store.takeDeliveries("acme", 10, 60_000))
    await run(store.takeDeliveries("acme@other", 10, 60_000))
    await run(store.deliveryFailed(failed?.id ?? 0, "HTTP 500", 60_000))
    await run(store.take("acme", "second"))
    const deliveries = await run(store.takeDeliveries("acme", 10, 60_000))
    expect(deliveries.map(({ id }) => id)).toEqual([lost?.id])
    expect(await run(store.takeDeliveries("acme@other", 10, 60_000))).toEqual([])
  })

  it("hides leased deliveries, and returns them again when the lease or the delay has ended", async () => {
    const database = await create()
    const [first, second] = [(await database.open()).store, (await database.open()).store]
    await run(first.putEndpoint(makeEndpoint("hook")))
    await run(first.addTasks([{ ref: "acme:1" }, { ref: "acme:2" }, { ref: "acme:3" }]))
    const [lost] = await run(first.takeDeliveries("acme", 1, 0))
    const [leased, other] = await run(second.takeDeliveries("acme", 2, 60_000))
    if (lost === undefined || leased === undefined || other === undefined) throw new Error("No delivery")
    const rest = await run(first.takeDeliveries("acme", 10, 60_000))
    expect(new Set([leased.id, other.id, ...rest.map(({ id }) => id)]).size).toBe(3)
    expect(await run(first.takeDeliveries("acme", 10, 60_000))).toEqual([])
    await run(first.deliveryFailed(leased.id, "503 \0", 0))
    expect(await run(second.takeDeliveries("acme", 10, 60_000))).toMatchObject([
      { id: leased.id, attempts: 1, lastError: "503  ", event: { id: leased.event.id } }
    ])
    await run(first.deliveryFailed(leased.id, "gone", undefined))
    await run(first.delivered(other.id))
    expect(await run(first.replay("hook"))).toBe(1)
    expect(await run(first.replay("hook"))).toBe(0)
    expect(await run(first.takeDeliveries("acme", 10, 60_000))).toMatchObject([
      { id: leased.id, attempts: 0 }
    ])
    expect(await run(first.deleteEndpoint("hook"))).toBe(true)
    expect(await run(first.deleteEndpoint("hook"))).toBe(false)
  })

  it("returns no deliveries of the given endpoints", async () => {
    const { store } = await (await create()).open()
    for (const id of ["busy", "free"]) await run(store.putEndpoint(makeEndpoint(id)))
    await run(store.addTasks([{ ref: "acme:1" }, { ref: "acme:2" }]))
    const taken = await run(store.takeDeliveries("acme", 10, 60_000, ["busy", "unknown"]))
    expect(taken.map(({ endpoint }) => endpoint.id)).toEqual(["free", "free"])
    expect(await run(store.takeDeliveries("acme", 10, 60_000, ["busy"]))).toEqual([])
    expect(await run(store.takeDeliveries("acme", 10, 60_000, []))).toHaveLength(2)
  })

  it("gives concurrent callers different deliveries", async () => {
    const database = await create()
    const stores = await Promise.all([database.open(), database.open()])
    await run(stores[0].store.putEndpoint(makeEndpoint("hook")))
    await run(stores[0].store.addTasks(Array.from({ length: 60 }, (_, id) => ({ ref: `acme:${id}` }))))
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        run((stores[index % 2] ?? stores[0]).store.takeDeliveries("acme", 6, 60_000))
      )
    )
    const ids = taken.flat().map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it("publishes accounts with new tasks and submits, and new events, to other processes", async () => {
    const database = await create()
    const [first, second] = [(await database.open()).store, (await database.open()).store]
    const collectors = [collectHints(first), collectHints(second)]
    // The other process listens when its first hint arrives.
    await vi.waitFor(
      async () => {
        await run(first.addTasks([{ ref: `acme@ready:${Math.random()}` }]))
        for (const { hints } of collectors) expect(hints).toContain("acme@ready")
      },
      { timeout: 10_000, interval: 50 }
    )
    await run(first.addTasks([{ ref: "acme:1" }]))
    await run(first.queueSubmit(makeSubmit({ account: "acme@submit" })))
    for (const { hints } of collectors)
      await vi.waitFor(
        () => expect(hints).toEqual(expect.arrayContaining(["acme", "acme@submit", "*"])),
        5000
      )
    await Promise.all(collectors.map(({ stop }) => stop()))
  })

  it("checks that the database can be written", async () => {
    const { store } = await (await create()).open()
    expect(await run(store.check)).toBeUndefined()
  })
})
