/** The webhooks of single submits. */
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { makeFile, makeIntent, makeOutput, makeSnapshot } from "../support/records.ts"
import { describeStores } from "../support/stores.ts"
import type { QueuedSubmit, TrackerStoreService } from "../../src/store/TrackerStore.ts"

const run = Effect.runPromise

const webhook = { url: "https://example.com/hook?task=1", secret: "whsec_a" }

const makeSubmit = (id: string, fields: Partial<QueuedSubmit> = {}): QueuedSubmit => ({
  id,
  account: "acme",
  idempotencyKey: id,
  request: {},
  digest: "digest",
  webhook,
  ...fields
})

/** Queues a submit whose tasks the vendor accepts. */
const submit = async (store: TrackerStoreService, queued: QueuedSubmit, ...tasks: ReadonlyArray<string>) => {
  await run(store.queueSubmit(queued))
  await store.ledger.begin(makeIntent({ id: queued.id, idempotencyKey: queued.idempotencyKey }))
  const accepted = tasks.map((id) => makeSnapshot(id))
  await store.ledger.settle(queued.id, { state: "accepted", tasks: accepted, attempts: 1 })
}

const ended = { status: "succeeded", outputs: [makeOutput()] } as const

const deliveriesOf = async (store: TrackerStoreService) =>
  (await run(store.takeDeliveries("acme", 100, 60_000)))
    .map(({ event, endpoint }) => `${event.id} ${endpoint.id}`)
    .toSorted()

describeStores((create, name) => {
  it("receive only the ends and the saves of their own tasks", async () => {
    const { store } = await (await create()).open()
    const owner = await run(store.take("acme", "me"))
    await submit(store, makeSubmit("one"), "1", "2")
    await submit(store, makeSubmit("two"), "3")
    await submit(store, makeSubmit("plain", { webhook: undefined }), "4")
    await run(store.addTasks([{ ref: "acme:5" }]))
    await run(store.settle(owner, [makeSnapshot("1", { status: "running" })]))
    await run(
      store.settle(owner, [
        makeSnapshot("1", ended),
        makeSnapshot("2", { status: "failed" }),
        ...["3", "4", "5"].map((id) => makeSnapshot(id, ended))
      ])
    )
    await run(store.saved(owner, "acme:1", [makeFile("/out/1.png")]))
    await run(store.saveFailed(owner, "acme:3", "gone", undefined))
    expect(await deliveriesOf(store)).toEqual([
      "acme:1/saved we_one",
      "acme:1/succeeded we_one",
      "acme:2/failed we_one",
      "acme:3/save-failed we_two",
      "acme:3/succeeded we_two"
    ])
  })

  it("are added once, and are not among the endpoints of the user", async () => {
    const { store } = await (await create()).open()
    await run(store.queueSubmit(makeSubmit("one")))
    const other = { ...webhook, url: "https://other.example.com/" }
    await run(store.queueSubmit(makeSubmit("two", { idempotencyKey: "one", webhook: other })))
    expect(await run(store.endpoints)).toEqual([])
    expect(await run(store.endpoint("we_two"))).toBeUndefined()
    expect(await run(store.endpoint("we_one"))).toMatchObject({
      url: webhook.url,
      secrets: [webhook.secret],
      events: ["task.ended", "task.saved", "task.save-failed"],
      isEnabled: true,
      lane: "https://example.com"
    })
  })

  it("share the lane of their receiver", async () => {
    const { store } = await (await create()).open()
    const owner = await run(store.take("acme", "me"))
    await submit(store, makeSubmit("one"), "1")
    await submit(store, makeSubmit("two", { webhook: { ...webhook, url: "https://b.example.com/" } }), "2")
    await run(store.settle(owner, [makeSnapshot("1", { status: "failed" })]))
    await run(store.settle(owner, [makeSnapshot("2", { status: "failed" })]))
    const taken = await run(store.takeDeliveries("acme", 100, 60_000, ["https://example.com"]))
    expect(taken.map(({ endpoint }) => endpoint.id)).toEqual(["we_two"])
  })

  it("are found among 50,000 others before a statement times out", async () => {
    const { store, sql } = await (await create()).open()
    const owner = await run(store.take("acme", "me"))
    const tasks = Array.from({ length: 500 }, (_, index) => `many-${index}`)
    await submit(store, makeSubmit("one"), ...tasks)
    const numbers =
      name === "Postgres"
        ? "generate_series(1, 50000) as numbers (value)"
        : "(with recursive numbers (value) as (select 1 union all select value + 1 from numbers where value < 50000) select value from numbers)"
    await run(
      sql.unsafe(
        `insert into endpoints (id, url, events, secrets, is_enabled, created_at, submit_id)
        select 'other' || value, 'https://example.com/', '[]', '[]', 1, 0, 'other' || value from ${numbers}`
      )
    )
    await run(
      store.settle(
        owner,
        tasks.map((id) => makeSnapshot(id, { status: "failed" }))
      )
    )
    expect(await run(store.takeDeliveries("acme", 1000, 60_000))).toHaveLength(500)
  })

  it("are kept until their tasks are deleted", async () => {
    const { store, sql } = await (await create()).open()
    const owner = await run(store.take("acme", "me"))
    await submit(store, makeSubmit("one"), "1")
    await run(store.submitSettled(owner, "one", { state: "accepted", refs: ["acme:1"], error: null }))
    await run(sql`update submits set settled_at = settled_at - 7200000`)
    await run(store.prune(3_600_000))
    await run(store.settle(owner, [makeSnapshot("1", { status: "failed" })]))
    const [delivery] = await run(store.takeDeliveries("acme", 100, 60_000))
    expect(delivery?.event.id).toBe("acme:1/failed")
    await run(store.delivered(delivery?.id ?? 0))
    await run(sql`update tasks set ended_at = ended_at - 7200000`)
    expect(await run(store.prune(3_600_000))).toBe(1)
    expect(await run(store.endpoint("we_one"))).toBeUndefined()
    expect(await run(store.submit("one"))).toBeUndefined()
  })
})
