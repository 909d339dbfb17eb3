/** Failing and foreign databases of Postgres. */
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import { once } from "node:events"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import * as PostgresStore from "../../src/store/PostgresStore.ts"
import { StoreError } from "../../src/store/StoreError.ts"
import { hasPostgres, skipReason, startPostgres } from "@gentask/tooling/postgres"
import type { PostgresServer } from "@gentask/tooling/postgres"
import { startProxy } from "../support/proxy.ts"
import { makeSnapshot } from "../support/records.ts"
import { openStore } from "../support/stores.ts"

const run = Effect.runPromise

describe.skipIf(!hasPostgres)(`on Postgres${skipReason}`, () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.close())

  it("a crash of the server fails calls with an error that may pass, and the store recovers", async () => {
    const { store, close } = await openStore(PostgresStore.layer({ url: await server.createDatabase() }))
    const owner = await run(store.take("acme", "me"))
    const hints: Array<string> = []
    const subscriber = Effect.runFork(
      Stream.runForEach(store.changes, (hint) => Effect.sync(() => void hints.push(hint)))
    )
    const added: Array<string> = []
    const errors: Array<unknown> = []
    const stop = new AbortController()
    const writers = Array.from({ length: 4 }, async (_, writer) => {
      for (let index = 0; !stop.signal.aborted; index += 1) {
        const ref = `acme:${writer}-${index}`
        await run(store.addTasks([{ ref }])).then(
          () => added.push(ref),
          (error: unknown) => errors.push(error)
        )
        // A failed call leaves the event loop no time otherwise.
        await new Promise((resolve) => setImmediate(resolve))
      }
    })
    await vi.waitFor(() => expect(added.length).toBeGreaterThan(20), 10_000)
    await server.restart()
    const atRestart = added.length
    await vi.waitFor(() => expect(added.length).toBeGreaterThan(atRestart + 20), 10_000)
    stop.abort()
    await Promise.all(writers)
    expect(errors.length).toBeGreaterThan(0)
    expect(errors.filter((error) => !(error instanceof StoreError && error.isRetryable))).toEqual([])
    const refs = new Set((await run(store.openTasks("acme", 0, 1_000_000))).map(({ ref }) => ref))
    expect(added.filter((ref) => !refs.has(ref))).toEqual([])
    expect(await run(store.reserve(owner, { agesMs: [], pausedForMs: 0 }))).toBe(true)
    hints.length = 0
    await vi.waitFor(
      async () => {
        await run(store.addTasks([{ ref: `acme@later:${Math.random()}` }]))
        expect(hints).toContain("acme@later")
      },
      { timeout: 10_000, interval: 50 }
    )
    await run(Fiber.interrupt(subscriber))
    await close()
  })

  it("a server that ends the sessions fails calls with an error that may pass, and the store recovers", async () => {
    const url = await server.createDatabase()
    const { store, close } = await openStore(PostgresStore.layer({ url }))
    await run(store.addTasks([{ ref: "acme:1" }]))
    for (let round = 0; round < 3; round += 1) {
      await server.query(
        url,
        "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()"
      )
      await vi.waitFor(
        async () => {
          const error = await run(Effect.flip(store.check)).catch(() => undefined)
          if (error !== undefined) expect(error.isRetryable).toBe(true)
          expect(error).toBeUndefined()
        },
        { timeout: 5000, interval: 10 }
      )
    }
    expect(await run(store.openTasks("acme", 0, 10))).toHaveLength(1)
    await close()
  })

  it("a network that loses all packets fails calls in time, and the store recovers", async () => {
    const url = new URL(await server.createDatabase())
    const proxy = await startProxy(server.port)
    url.port = String(proxy.port)
    const { store, close } = await openStore(PostgresStore.layer({ url: url.href, timeoutMs: 500 }))
    await run(store.addTasks([{ ref: "acme:1" }]))
    proxy.pause()
    for (const call of [Effect.asVoid(store.addTasks([{ ref: "acme:2" }])), store.check])
      expect(await run(Effect.flip(call))).toMatchObject({ _tag: "StoreError", isRetryable: true })
    proxy.resume()
    await vi.waitFor(() => run(store.check), 10_000)
    expect((await run(store.openTasks("acme", 0, 10))).map(({ ref }) => ref)).toContain("acme:1")
    await close()
    await proxy.close()
  })

  it("several processes create the tables at the same time", async () => {
    const url = await server.createDatabase()
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStore(PostgresStore.layer({ url }))))
    await Promise.all(stores.map(({ close }) => close()))
    expect(await server.query(url, "select count(*) from gentask.gentask_migrations")).toBe("2")
  })

  it("tables of a later version are refused", async () => {
    const url = await server.createDatabase()
    const { close } = await openStore(PostgresStore.layer({ url }))
    await close()
    await server.query(
      url,
      "insert into gentask.gentask_migrations (migration_id, name) values (99, 'later')"
    )
    await expect(openStore(PostgresStore.layer({ url }))).rejects.toMatchObject({
      _tag: "StoreError",
      isRetryable: false,
      message: expect.stringMatching(/schema version 99, supported up to 2.* Update gentask/)
    })
  })

  it("an index makes searches fast if the server has pg_trgm", async () => {
    const url = await server.createDatabase()
    await server.query(url, "create extension pg_trgm")
    const { store, close } = await openStore(PostgresStore.layer({ url }))
    const index = "select count(*) from pg_indexes where indexname = 'tasks_search'"
    expect(await server.query(url, index)).toBe("1")
    await run(store.addTasks([{ ref: "acme:1", snapshot: makeSnapshot("1", { prompt: "A red panda" }) }]))
    expect((await run(store.tasks({ limit: 10, search: "PANDA" }))).tasks).toHaveLength(1)
    await close()
  })

  it("a suspended process does not block others for longer than its session may be idle", async () => {
    const url = await server.createDatabase()
    const [first, second] = await Promise.all([
      openStore(PostgresStore.layer({ url })),
      openStore(PostgresStore.layer({ url }))
    ])
    // The transaction locks the events, and then its process does nothing.
    const suspended = Effect.runFork(
      first.sql.withTransaction(
        Effect.andThen(first.sql`select pg_advisory_xact_lock(${0x67746b65})`, Effect.never)
      )
    )
    await vi.waitFor(
      async () =>
        expect(
          await server.query(url, "select count(*) from pg_locks where locktype = 'advisory' and granted")
        ).toBe("1"),
      15_000
    )
    expect(await run(second.store.addTasks([{ ref: "acme:1" }]))).toEqual(["acme:1"])
    await run(Fiber.interrupt(suspended)).catch(() => undefined)
    await Promise.all([first.close(), second.close()])
  })

  it("errors do not contain the password", async () => {
    const url = new URL(await server.createDatabase())
    url.pathname = "/missing"
    const errors = [await openStore(PostgresStore.layer({ url: url.href })).catch((error: unknown) => error)]
    const closed = createServer().listen(0, "127.0.0.1")
    await once(closed, "listening")
    url.port = String((closed.address() as AddressInfo).port)
    closed.close()
    await once(closed, "close")
    errors.push(await openStore(PostgresStore.layer({ url: url.href })).catch((error: unknown) => error))
    expect(errors.map((error) => (error as Error).message)).toEqual([
      expect.stringMatching(/"missing" does not exist\. Create it, or use another URL\.$/),
      expect.stringMatching(/ECONNREFUSED .* Try again\.$/)
    ])
    for (const invalid of [`postgres://tracker:${server.password}@[bad/db`, `nonsense ${server.password}`])
      errors.push(await openStore(PostgresStore.layer({ url: invalid })).catch((error: unknown) => error))
    for (const error of errors) {
      expect(error).toMatchObject({ _tag: "StoreError", message: expect.stringMatching(/database/) })
      expect(JSON.stringify(error) + String(error) + (error as Error).stack).not.toContain(server.password)
    }
  })
})
