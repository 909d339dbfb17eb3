/** Adding, settling and listing tasks, and their events. */
import type { TaskSnapshot } from "@gentask/core"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { makeFile, makeOutput, makeSnapshot } from "../support/records.ts"
import { describeStores } from "../support/stores.ts"
import type { TrackerStoreService } from "../../src/store/TrackerStore.ts"

const run = Effect.runPromise

const succeeded = (id: string, fields: Partial<TaskSnapshot> = {}): TaskSnapshot =>
  makeSnapshot(id, { status: "succeeded", outputs: [makeOutput()], ...fields })

const refsOf = (count: number, prefix = "acme:"): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

const allEvents = async (store: TrackerStoreService) => run(store.events(0, 100_000))

describeStores((create, database) => {
  it("adds each ref once, also in concurrent batches with duplicates", async () => {
    const shared = await create()
    const stores = await Promise.all([shared.open(), shared.open()])
    const refs = refsOf(2500)
    const added = await Promise.all(
      stores.map(({ store }) => run(store.addTasks([...refs, ...refs].map((ref) => ({ ref })))))
    )
    expect(added.flat().toSorted()).toEqual(refs.toSorted())
    const [first] = stores
    if (first === undefined) return
    expect((await run(first.store.accounts))[0]?.openTasks).toBe(2500)
    expect((await allEvents(first.store)).map(({ id }) => id).toSorted()).toEqual(
      refs.map((ref) => `${ref}/added`).toSorted()
    )
  })

  it("rejects an invalid ref, and adds nothing", async () => {
    const { store } = await (await create()).open()
    const error = await run(Effect.flip(store.addTasks([{ ref: "acme:1" }, { ref: "no ref" }])))
    expect(error).toMatchObject({ _tag: "StoreError", isRetryable: false })
    expect(error.message).toMatch(/no ref/)
    expect(await run(store.openTasks("acme", 0, 10))).toEqual([])
  })

  it("finds nothing for text that Postgres cannot store", async () => {
    const { store } = await (await create()).open()
    const hostile = "acme:\0\ud800'; drop table tasks --"
    expect(await run(store.task(hostile))).toBeUndefined()
    expect(await run(store.forget(hostile))).toBe(false)
    expect(await run(store.events(0, 10, hostile))).toEqual([])
    expect(await run(store.submit(hostile))).toBeUndefined()
    expect(await run(store.deleteEndpoint(hostile))).toBe(false)
    expect(
      (await run(store.tasks({ limit: 1, account: hostile, search: hostile, status: [hostile] }))).tasks
    ).toEqual([])
    expect(await run(Effect.flip(store.addTasks([{ ref: "acme:a\0" }])))).toMatchObject({
      isRetryable: false
    })
  })

  it("keeps the first snapshot of a task, and text that Postgres cannot store as it is", async () => {
    const { store } = await (await create()).open()
    const prompt = "NUL \0, half \ud800, 猫 😀 '\"`$1"
    await run(store.addTasks([{ ref: "acme:1", snapshot: makeSnapshot("1", { prompt }) }]))
    const [task] = await run(store.openTasks("acme", 0, 10))
    expect(task?.snapshot).toEqual(makeSnapshot("1", { prompt }))
    expect((await run(store.task("acme:1")))?.prompt).toMatch(/^NUL {2}, half ., 猫 😀 '"`\$1$/)
  })

  it("settles in one transaction, and a repetition changes nothing", async () => {
    const { store } = await (await create()).open()
    await run(store.addTasks(refsOf(3).map((ref) => ({ ref }))))
    const owner = await run(store.take("acme", "me"))
    const snapshots = [
      makeSnapshot("0", { status: "running" }),
      succeeded("0"),
      makeSnapshot("1", { status: "failed" }),
      succeeded("unknown")
    ]
    expect(await run(store.settle(owner, snapshots))).toBe(true)
    const events = await allEvents(store)
    expect(events.slice(3).map(({ id, type }) => [id, type])).toEqual([
      ["acme:0/running/1", "task.status"],
      ["acme:1/failed", "task.ended"],
      ["acme:0/succeeded", "task.ended"]
    ])
    expect(events.at(-1)?.body).toMatchObject({ status: "succeeded", task: { ref: "acme:0" } })
    expect(await run(store.settle(owner, snapshots))).toBe(true)
    expect(await allEvents(store)).toEqual(events)
    expect(await run(store.task("acme:unknown"))).toBeUndefined()
    expect((await run(store.openTasks("acme", 0, 10))).map(({ ref }) => ref)).toEqual(["acme:2"])
    expect(await run(store.task("acme:0"))).toMatchObject({ status: "succeeded", saveState: "due" })
    expect(await run(store.task("acme:1"))).toMatchObject({ status: "failed", saveState: "none" })
  })

  it("commits events in the order of their seq", async () => {
    const shared = await create()
    const [first, second, reader] = await Promise.all([shared.open(), shared.open(), shared.open()])
    const isAdded = Promise.withResolvers<undefined>()
    const mayCommit = Promise.withResolvers<undefined>()
    const slow = run(
      first.sql.withTransaction(
        Effect.gen(function* () {
          yield* first.store.addTasks([{ ref: "acme:slow" }])
          isAdded.resolve(undefined)
          yield* Effect.promise(() => mayCommit.promise)
        })
      )
    )
    await isAdded.promise
    const fast = run(second.store.addTasks([{ ref: "acme:fast" }]))
    for (let reads = 0; reads < 50; reads += 1) expect(await allEvents(reader.store)).toEqual([])
    mayCommit.resolve(undefined)
    await Promise.all([slow, fast])
    expect((await allEvents(reader.store)).map(({ ref }) => ref)).toEqual(["acme:slow", "acme:fast"])
  })

  it("never shows an event before one with a lower seq", async () => {
    const shared = await create()
    const writers = await Promise.all(
      Array.from({ length: database === "SQLite" ? 2 : 4 }, () => shared.open())
    )
    const reader = await shared.open()
    const batches = 15
    const seen: Array<number> = []
    const written = new AbortController()
    const read = async (): Promise<void> => {
      while (!written.signal.aborted) {
        // Reads from the last event on, as a subscriber does: an event that appears late would be missed.
        const events = await run(reader.store.events(seen.at(-1) ?? 0, 1000))
        seen.push(...events.map(({ seq }) => seq))
      }
    }
    const write = async (): Promise<void> => {
      await Promise.all(
        writers.map(async ({ store }, writer) => {
          for (let batch = 0; batch < batches; batch += 1)
            await run(store.addTasks(refsOf(20, `acme:${writer}-${batch}-`).map((ref) => ({ ref }))))
        })
      )
      written.abort()
    }
    await Promise.all([read(), write()])
    seen.push(...(await run(reader.store.events(seen.at(-1) ?? 0, 1000))).map(({ seq }) => seq))
    expect(seen).toEqual((await allEvents(reader.store)).map(({ seq }) => seq))
    expect(seen).toHaveLength(writers.length * batches * 20)
    expect(await run(reader.store.lastEventSeq)).toBe(seen.at(-1))
  })

  it("returns the most urgent saves first, and hides those that are retried later", async () => {
    const { store } = await (await create()).open()
    await run(store.addTasks(refsOf(4).map((ref) => ({ ref }))))
    const owner = await run(store.take("acme", "me"))
    const expiring = (ms: number) => [makeOutput({ expiresAt: new Date(Date.now() + ms) }), makeOutput()]
    await run(
      store.settle(owner, [
        succeeded("0"),
        succeeded("1", { outputs: expiring(600_000) }),
        succeeded("2", { outputs: expiring(60_000) }),
        succeeded("3", { outputs: [] })
      ])
    )
    const due = await run(store.dueSaves("acme", 10))
    expect(due.map(({ ref }) => ref)).toEqual(["acme:2", "acme:1", "acme:0"])
    expect(due[0]?.dueInMs).toBeLessThan(40_000)
    expect(await run(store.saveFailed(owner, "acme:2", "timeout", 60_000))).toBe(true)
    expect(await run(store.saveFailed(owner, "acme:1", "timeout", 0))).toBe(true)
    expect((await run(store.dueSaves("acme", 10))).map(({ ref, attempts }) => [ref, attempts])).toEqual([
      ["acme:1", 1],
      ["acme:0", 0]
    ])
    expect(await run(store.saveFailed(owner, "acme:0", "gone", undefined))).toBe(true)
    expect(await run(store.saved(owner, "acme:1", [makeFile("/out/1.png")]))).toBe(true)
    expect(await run(store.saved(owner, "acme:1", [makeFile("/out/1.png")]))).toBe(true)
    const events = (await allEvents(store)).slice(-2)
    expect(events.map(({ id, type }) => [id, type])).toEqual([
      ["acme:0/save-failed", "task.save-failed"],
      ["acme:1/saved", "task.saved"]
    ])
    expect(events[0]?.body).toEqual({ error: "gone", attempts: 1 })
    expect(await run(store.task("acme:1"))).toMatchObject({
      saveState: "saved",
      files: [{ path: "/out/1.png", bytes: 3, kind: "image", role: "result" }]
    })
    expect(await run(store.accounts)).toMatchObject([{ openTasks: 0, dueSaves: 1 }])
  })

  it("lists tasks in pages, with filters and a search", async () => {
    const { store } = await (await create()).open()
    const prompts = ["A red panda", "A blue Panda", "100% of_it"]
    await run(
      store.addTasks(
        prompts.map((prompt, id) => ({ ref: `acme:${id}`, snapshot: makeSnapshot(String(id), { prompt }) }))
      )
    )
    await run(store.addTasks([{ ref: "acme@other:9" }]))
    const refs = async (filter: Partial<Parameters<typeof store.tasks>[0]>) =>
      (await run(store.tasks({ limit: 10, ...filter }))).tasks.map(({ ref }) => ref)
    expect(await refs({})).toEqual(["acme@other:9", "acme:2", "acme:1", "acme:0"])
    expect(await refs({ account: "acme@other" })).toEqual(["acme@other:9"])
    expect(await refs({ status: ["queued"] })).toEqual(["acme:2", "acme:1", "acme:0"])
    expect(await refs({ search: "panda RED" })).toEqual(["acme:0"])
    expect(await refs({ search: "panda" })).toEqual(["acme:1", "acme:0"])
    expect(await refs({ search: "0%" })).toEqual(["acme:2"])
    expect(await refs({ since: new Date(Date.now() + 60_000) })).toEqual([])
    const first = await run(store.tasks({ limit: 3 }))
    const second = await run(store.tasks({ limit: 3, cursor: first.cursor ?? "" }))
    expect([...first.tasks, ...second.tasks].map(({ ref }) => ref)).toEqual(await refs({}))
    expect(second.cursor).toBeNull()
    const error = await run(Effect.flip(store.tasks({ limit: 3, cursor: "x; drop table tasks" })))
    expect(error).toMatchObject({ isRetryable: false })
  })

  it("forgets a task with its events, and does not add it again when it is settled", async () => {
    const { store } = await (await create()).open()
    await run(store.addTasks([{ ref: "acme:1" }, { ref: "acme:2" }]))
    const owner = await run(store.take("acme", "me"))
    expect(await run(store.forget("acme:1"))).toBe(true)
    expect(await run(store.forget("acme:1"))).toBe(false)
    await run(store.settle(owner, [succeeded("1")]))
    expect(await run(store.task("acme:1"))).toBeUndefined()
    expect((await allEvents(store)).map(({ id }) => id)).toEqual(["acme:2/added"])
    expect(await run(store.events(0, 10, "acme:1"))).toEqual([])
    expect(await run(store.events(0, 10, "acme:2"))).toHaveLength(1)
  })

  it("reads 100,000 open tasks in pages", async () => {
    const { store } = await (await create()).open()
    const count = 100_000
    await run(store.addTasks(refsOf(count).map((ref) => ({ ref }))))
    let after = 0
    const refs = new Set<string>()
    for (;;) {
      const page = await run(store.openTasks("acme", after, 20_000))
      for (const { ref } of page) refs.add(ref)
      const last = page.at(-1)
      if (last === undefined) break
      expect(last.seq).toBeGreaterThan(after)
      after = last.seq
    }
    expect(refs.size).toBe(count)
  }, 120_000)
})
