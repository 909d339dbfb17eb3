/** The HTTP API over the stores on SQLite and Postgres. */
import * as Effect from "effect/Effect"
import { afterEach, expect, it, vi } from "vitest"
import { createTrackerClient } from "../../src/client/index.ts"
import type { TrackerClient } from "../../src/client/index.ts"
import type { TrackerStoreService } from "../../src/store/TrackerStore.ts"
import { makeSnapshot } from "../support/records.ts"
import { startServerOver, tokens } from "../support/startServer.ts"
import type { TestServer } from "../support/startServer.ts"
import { describeStores } from "../support/stores.ts"

const run = Effect.runPromise

describeStores((create) => {
  const servers: Array<TestServer<TrackerStoreService>> = []
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(({ close }) => close()))
  })

  interface Started extends TestServer<TrackerStoreService> {
    readonly client: TrackerClient
  }

  const start = async (): Promise<Started> => {
    const { store } = await (await create()).open()
    const server = await startServerOver(store, { heartbeatMs: 50, submitWaitMs: 5000 })
    servers.push(server)
    return { ...server, client: createTrackerClient({ url: server.url, token: tokens.all }) }
  }

  it("tracks, lists and forgets tasks", async () => {
    const { client } = await start()
    const refs = Array.from({ length: 5 }, (_, n) => `acme:${n}`)
    expect((await client.track(refs)).added).toEqual(refs)
    expect((await client.track(["acme:3", "acme:new"])).known).toEqual(["acme:3"])
    const found: Array<string> = []
    let cursor: string | null | undefined
    do {
      const page = await client.list({ limit: 2, account: "acme", ...(cursor ? { cursor } : {}) })
      found.push(...page.tasks.map(({ ref }) => ref))
      ;({ cursor } = page)
    } while (cursor !== null)
    expect(found).toEqual(["acme:new", ...refs.toReversed()])
    expect(await client.get("acme:3")).toMatchObject({ ref: "acme:3", account: "acme", saveState: "none" })
    await client.forget("acme:3")
    await expect(client.get("acme:3")).rejects.toMatchObject({ reason: "NotFound" })
  })

  it("waits for the outcome of a submit, and returns it again for the same key", async () => {
    const { client, store } = await start()
    const request = { account: "acme", model: "m", prompt: "A fox", idempotencyKey: "key" }
    const submitted = client.submit(request)
    const queued = await vi.waitFor(async () => {
      const [first] = await run(store.queuedSubmits("acme", 1))
      if (first === undefined) throw new Error("no queued submit")
      return first
    }, 15_000)
    expect(queued.request).toEqual({ account: "acme", model: "m", prompt: "A fox" })
    const ownership = await run(store.take("acme", "test"))
    const refs = ["acme:made"]
    await run(store.addTasks([{ ref: "acme:made" }]))
    await run(store.submitSettled(ownership, queued.id, { state: "accepted", refs, error: null }))
    expect(await submitted).toMatchObject({ id: queued.id, state: "accepted", refs })
    expect(await client.submit(request)).toMatchObject({ id: queued.id, refs })
    await expect(client.submit({ ...request, prompt: "A dog" })).rejects.toMatchObject({
      reason: "InvalidInput"
    })
  })

  it("streams events in order, and wakes long polls", async () => {
    const { client, store } = await start()
    await client.track(["acme:1", "acme:2"])
    const waiting = client.get("acme:1", { wait: 30 })
    const types: Array<string> = []
    const seqs: Array<number> = []
    const reading = (async () => {
      for await (const event of client.events({ after: 0, ref: "acme:1" })) {
        types.push(event.type)
        seqs.push(event.seq)
        if (event.type === "task.ended") return event
      }
      return undefined
    })()
    const ownership = await run(store.take("acme", "test"))
    await run(store.settle(ownership, [makeSnapshot("1", { status: "running" })]))
    await run(store.settle(ownership, [makeSnapshot("2", { status: "running" })]))
    await run(store.settle(ownership, [makeSnapshot("1", { status: "failed" })]))
    expect(await reading).toMatchObject({ ref: "acme:1", id: expect.stringContaining("acme:1/") as string })
    expect(types[0]).toBe("task.added")
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
    expect(await waiting).toMatchObject({ status: "failed", snapshot: { status: "failed" } })
  })

  it.each([
    "/v1/tasks?search=%00",
    "/v1/tasks?account=%00",
    "/v1/tasks?status=%00,%F0%9F%A6%8A",
    "/v1/tasks?search=%25_'%22%5C",
    "/v1/tasks?search=%ED%A0%80",
    "/v1/tasks?since=-271821-04-20T00:00:00Z",
    "/v1/tasks?since=%2B275760-09-13T00:00:00Z",
    "/v1/tasks?cursor=999999999999999",
    "/v1/tasks?cursor=1%20or%201=1",
    "/v1/tasks/acme%3A%00",
    "/v1/tasks/acme%3A%25u0000",
    "/v1/submits/%00",
    "/v1/submits/not-a-uuid",
    "/v1/webhook-endpoints/%00",
    "/v1/events?after=9999999999999999&ref=%00"
  ])("responds to %s without an internal error", async (path) => {
    const { request } = await start()
    for (const method of ["GET", "DELETE", "POST"]) {
      const response = await request(path, { method })
      expect(response.status).toBeLessThan(500)
      await response.body?.cancel()
    }
  })

  it("reports that it is ready, and lists accounts", async () => {
    const { request, client, store } = await start()
    await run(store.take("acme", "runner-1"))
    await client.track(["acme:1"])
    expect((await request("/readyz")).status).toBe(200)
    expect(await client.accounts()).toMatchObject([{ account: "acme", owner: "runner-1", openTasks: 1 }])
  })
})
