/** The deletion of tasks that ended long ago. */
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { makeFile, makeIntent, makeOutput, makeSnapshot } from "../support/records.ts"
import { describeStores } from "../support/stores.ts"

const run = Effect.runPromise

describeStores((create) => {
  it("deletes what has ended, and keeps what is open, unsaved, undelivered or unknown", async () => {
    const { store, sql } = await (await create()).open()
    const owner = await run(store.take("acme", "me"))
    await run(store.addTasks(["open", "failed", "due", "saved"].map((id) => ({ ref: `acme:${id}` }))))
    const outputs = [makeOutput({ url: "https://acme.example/1" })]
    await run(
      store.settle(owner, [
        makeSnapshot("failed", { status: "failed" }),
        makeSnapshot("due", { status: "succeeded", outputs }),
        makeSnapshot("saved", { status: "succeeded", outputs })
      ])
    )
    await run(store.saved(owner, "acme:saved", [makeFile("/files/saved.png")]))
    await run(
      store.putEndpoint({
        id: "we_1",
        url: "https://example.com/hook",
        events: [],
        secrets: [],
        isEnabled: true,
        createdAt: new Date()
      })
    )
    await run(store.addTasks([{ ref: "acme:undelivered" }]))
    await run(store.settle(owner, [makeSnapshot("undelivered", { status: "failed" })]))
    for (const [id, state] of [
      ["accepted", "accepted"],
      ["unknown", "unknown"]
    ] as const) {
      await run(store.queueSubmit({ id, account: "acme", idempotencyKey: id, request: {}, digest: "d" }))
      await run(store.submitSettled(owner, id, { state, refs: [], error: null }))
    }
    await run(
      store.queueSubmit({ id: "queued", account: "acme", idempotencyKey: "q", request: {}, digest: "d" })
    )
    for (const id of ["rejected", "pending"])
      await store.ledger.begin(makeIntent({ id, account: "acme", idempotencyKey: id }))
    const error = { _tag: "InvalidRequest", message: "no" } as const
    await store.ledger.settle("rejected", { state: "rejected", error, attempts: 1 })
    expect(await run(store.prune(3_600_000))).toBe(0)
    await run(sql`update tasks set ended_at = ended_at - 7200000 where ended_at is not null`)
    await run(sql`update submits set settled_at = settled_at - 7200000`)
    await run(sql`update intents set settled_at = settled_at - 7200000`)
    expect(await run(store.prune(3_600_000))).toBe(2)
    const { tasks } = await run(store.tasks({ limit: 10 }))
    expect(tasks.map(({ ref }) => ref).toSorted()).toEqual(["acme:due", "acme:open", "acme:undelivered"])
    expect((await run(store.events(0, 100))).some(({ ref }) => ref === "acme:failed")).toBe(false)
    expect(await run(store.submit("accepted"))).toBeUndefined()
    expect((await run(store.submit("unknown")))?.state).toBe("unknown")
    expect((await run(store.submit("queued")))?.state).toBe("queued")
    expect((await store.ledger.intents()).map(({ id }) => id)).toEqual(["pending"])
  })
})
