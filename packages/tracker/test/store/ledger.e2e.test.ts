/** The ledgers that submits of the tracker are recorded in, beside the store. */
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { makeIntent, makeSnapshot } from "../support/records.ts"
import { describeStores } from "../support/stores.ts"

const run = Effect.runPromise

describeStores((create) => {
  it("begins each key once if several processes begin it at the same time", async () => {
    const database = await create()
    const stores = await Promise.all([database.open(), database.open(), database.open()])
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        (stores[index % 3] ?? stores[0]).store.ledger.begin(makeIntent({ idempotencyKey: "key" }))
      )
    )
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(new Set(results.map(({ intent }) => intent.id)).size).toBe(1)
  })

  it("adds the tasks of an accepted intent, which the tracker then sees as open", async () => {
    const { store } = await (await create()).open()
    const intent = makeIntent({ prompt: "NUL \0 \ud800", model: "m" })
    await store.ledger.begin(intent)
    await store.ledger.settle(intent.id, { state: "accepted", tasks: [makeSnapshot("1")], attempts: 1 })
    expect(await run(store.openTasks("acme", 0, 10))).toMatchObject([{ ref: "acme:1" }])
    const events = await run(store.events(0, 10))
    expect(events.map(({ type }) => type).toSorted()).toEqual(["task.added", "task.status"])
    expect(await run(store.task("acme:1"))).toMatchObject({
      model: "m",
      prompt: expect.stringMatching(/^NUL/)
    })
  })

  it("schedules the save of a task whose end another program has recorded", async () => {
    const { store } = await (await create()).open()
    await run(store.addTasks([{ ref: "acme:1" }]))
    const owner = await run(store.take("acme", "me"))
    const output = { kind: "image", role: "result", url: "https://files.example.com/a.png" } as const
    const ended = makeSnapshot("1", {
      status: "succeeded",
      outputs: [{ ...output, inline: null, mediaType: null, width: null, height: null, expiresAt: null }]
    })
    await store.ledger.record(ended)
    expect(await run(store.dueSaves("acme", 10))).toEqual([])
    expect(await run(store.settle(owner, [ended]))).toBe(true)
    expect(await run(store.dueSaves("acme", 10))).toMatchObject([{ ref: "acme:1" }])
    expect((await run(store.events(0, 10))).filter(({ type }) => type === "task.ended")).toHaveLength(1)
  })
})
