/** What a submit does after its process was suspended, its ledger has failed, or its caller has aborted. */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it, vi } from "vitest"
import { createGentask, memoryLedger } from "@gentask/core"
import type { Ledger, SubmitInput } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { tasksOver, working } from "../support/acme.ts"
import { startServer } from "../support/httpServer.ts"
import { submitAccount, submitTransport } from "../support/submitVendor.ts"
import type { SubmitResponse } from "../support/submitVendor.ts"

const request: SubmitInput = {
  account: "acme",
  model: "acme-1",
  prompt: "A fox",
  idempotencyKey: "order-7"
}
const day = 24 * 60 * 60_000
/** The first 16 bytes of a PNG. */
const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")
const created: SubmitResponse = { body: { id: "1" } }

/** A clock that can be set. */
const settableClock = () => {
  let aheadMs = 0
  const set = (ms: number): void => {
    aheadMs = ms
  }
  const layer = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Clock.Clock, (clock) => {
      const wall = (): number => clock.currentTimeMillisUnsafe() + aheadMs
      const settable: Clock.Clock = {
        currentTimeMillisUnsafe: wall,
        currentTimeMillis: Effect.sync(wall),
        currentTimeNanosUnsafe: () => BigInt(wall()) * 1_000_000n,
        currentTimeNanos: Effect.sync(() => BigInt(wall()) * 1_000_000n),
        monotonicTimeNanosUnsafe: () => clock.monotonicTimeNanosUnsafe(),
        monotonicTimeNanos: clock.monotonicTimeNanos,
        sleep: (duration) => clock.sleep(duration)
      }
      return Effect.provideService(effect, Clock.Clock, settable)
    })
  return { set, provide: layer }
}

interface Options {
  readonly ledger: Ledger
  readonly responses?: ReadonlyArray<SubmitResponse>
  readonly signal?: AbortSignal
  readonly input?: Partial<SubmitInput>
  readonly provide?: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

/** Submits, and returns the result or the error, and the requests. */
const submit = async ({ ledger, responses = [created], signal, input, provide }: Options) => {
  const { layer, requests } = submitTransport({
    "/submit": responses,
    "/upload": [{ body: { url: "https://files.acme.example/1.png" } }],
    "/tasks/1": [{ body: working }]
  })
  const program = Tasks.use((tasks) =>
    Effect.result(tasks.submit({ ...request, ...input }, { signal }))
  ).pipe(Effect.provide(tasksOver(layer, { providers: [submitAccount()], ledger })))
  const result = await Effect.runPromise(provide === undefined ? program : provide(program))
  return { result: result._tag === "Success" ? result.success : result.failure, requests }
}

/** A ledger in memory, with other operations. */
const ledgerWith = (operations: (ledger: Ledger) => Partial<Ledger>): Ledger => {
  const ledger = memoryLedger()
  return { ...ledger, ...operations(ledger) }
}

const stateOf = async (ledger: Ledger) =>
  (await ledger.intents()).map(({ state, owner }) => ({ state, owner }))

describe("a process that was suspended between the intent and the request", () => {
  it("sends nothing a day later, and records that it has not", async () => {
    const { set, provide } = settableClock()
    const ledger = ledgerWith(({ begin }) => ({
      begin: async (intent) => {
        const begun = await begin(intent)
        set(day)
        return begun
      }
    }))
    const { result, requests } = await submit({ ledger, provide })
    expect(requests).toEqual([])
    expect(result).toMatchObject({ _tag: "SubmitRejected", reason: { _tag: "RequestTimedOut" } })
    expect(await stateOf(ledger)).toMatchObject([{ state: "rejected" }])
  })

  it("leaves the intent to the process that has replaced it", async () => {
    const { set, provide } = settableClock()
    const ledger = ledgerWith(({ begin, settle }) => ({
      begin: async (intent) => {
        const begun = await begin(intent)
        set(day)
        const error = { _tag: "TaskNotFound" } as const
        await settle(intent.id, { state: "rejected", error, attempts: 1 })
        await begin({ ...intent, owner: "another process" })
        return begun
      }
    }))
    const { requests } = await submit({ ledger, provide })
    expect(requests).toEqual([])
    expect(await stateOf(ledger)).toEqual([{ state: "pending", owner: "another process" }])
  })

  it("sends the request if the clock was set back meanwhile", async () => {
    const { set, provide } = settableClock()
    const ledger = ledgerWith(({ begin }) => ({
      begin: (intent) => {
        set(-day)
        return begin(intent)
      }
    }))
    const { result, requests } = await submit({ ledger, provide })
    expect(result).toMatchObject({ ref: "acme:1" })
    expect(requests).toEqual(["/submit"])
  })
})

describe("a ledger", () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  it("that fails after the request does not lose the ref", async () => {
    const ledger = ledgerWith(() => ({ settle: () => Promise.reject(new Error("disk full")) }))
    const { result } = await submit({ ledger })
    expect(result).toMatchObject({
      ref: "acme:1",
      warnings: ["The ledger could not record the outcome: disk full"]
    })
    expect(await stateOf(ledger)).toMatchObject([{ state: "pending" }])
  })

  it("that does not respond after the request does not lose the ref", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] })
    const called = Promise.withResolvers<void>()
    const ledger = ledgerWith(() => ({
      settle: () => {
        called.resolve()
        return new Promise(() => undefined)
      }
    }))
    const submitted = submit({ ledger })
    await called.promise
    await vi.advanceTimersByTimeAsync(30_000)
    expect((await submitted).result).toMatchObject({
      ref: "acme:1",
      warnings: ["The ledger has not recorded the outcome within 30 seconds."]
    })
  })

  it("that fails before the request leads to no request", async () => {
    const ledger = ledgerWith(() => ({ begin: () => Promise.reject(new Error("disk full")) }))
    const { result, requests } = await submit({ ledger })
    expect(result).toMatchObject({ _tag: "LedgerFailed" })
    expect(requests).toEqual([])
  })
})

describe("an abort", () => {
  it("while the ledger looks up the key takes effect at once", async () => {
    const controller = new AbortController()
    const ledger = ledgerWith(() => ({
      intentByKey: () => {
        controller.abort()
        return new Promise(() => undefined)
      }
    }))
    const { result, requests } = await submit({ ledger, signal: controller.signal })
    expect(result).toMatchObject({ _tag: "SubmitAborted" })
    expect(requests).toEqual([])
    expect(await ledger.intents()).toEqual([])
  })

  it("while the intent is recorded sends nothing", async () => {
    const controller = new AbortController()
    const ledger = ledgerWith(({ begin }) => ({
      begin: (intent) => {
        controller.abort()
        return begin(intent)
      }
    }))
    const { result, requests } = await submit({ ledger, signal: controller.signal })
    expect(result).toMatchObject({ _tag: "SubmitAborted" })
    expect(requests).toEqual([])
    expect(await stateOf(ledger)).toMatchObject([{ state: "rejected" }])
  })

  it("while the outcome is recorded returns the task", async () => {
    const controller = new AbortController()
    const ledger = ledgerWith(({ settle }) => ({
      settle: (id, outcome) => {
        controller.abort()
        return settle(id, outcome)
      }
    }))
    const { result } = await submit({ ledger, signal: controller.signal })
    expect(result).toMatchObject({ ref: "acme:1" })
    expect(await stateOf(ledger)).toMatchObject([{ state: "accepted" }])
  })
})

describe("a file that changes after it was checked", () => {
  it("is not sent, and no task is created", async () => {
    const folder = await mkdtemp(join(tmpdir(), "gentask-"))
    const path = join(folder, "fox.png")
    await writeFile(path, png)
    const ledger = ledgerWith(({ intentByKey }) => ({
      intentByKey: async (account, key) => {
        await writeFile(path, Buffer.concat([png, Buffer.from("changed")]))
        return intentByKey(account, key)
      }
    }))
    const received: Array<string | undefined> = []
    await using server = await startServer((incoming, response) => {
      received.push(incoming.url)
      response.end(JSON.stringify({ url: "https://files.acme.example/1.png", id: "1" }))
    })
    await using gentask = createGentask({ providers: [submitAccount(undefined, server.baseUrl)], ledger })
    const submitted = gentask.submit({ ...request, images: [{ path }] })
    await expect(submitted).rejects.toMatchObject({ _tag: "UploadFailed", file: "fox.png" })
    await rm(folder, { recursive: true })
    expect(received.length).toBeLessThanOrEqual(1)
    expect(received).not.toContain("/submit")
    expect(await ledger.intents()).toEqual([])
  })
})

describe("a stream", () => {
  // oxlint-disable-next-line eslint/require-await -- a generator of bytes needs no promise
  async function* stream(...chunks: ReadonlyArray<unknown>) {
    yield* chunks as ReadonlyArray<Uint8Array>
  }

  it.each([
    ["that ends early", stream(png), "the stream has fewer than 32 bytes"],
    ["that is longer than its size", stream(png, png, png), "the stream has more than 32 bytes"],
    ["of text", stream("text"), "the stream contains something else than bytes"]
  ])("%s is an invalid input", async (_, stream, message) => {
    const ledger = memoryLedger()
    const { result, requests } = await submit({ ledger, input: { images: [{ stream, size: 32 }] } })
    expect(result).toMatchObject({
      _tag: "ConfigurationError",
      reason: { _tag: "InvalidInput", problems: [{ path: "images.0", message }] }
    })
    expect(requests).toEqual([])
    expect(await ledger.intents()).toEqual([])
  })
})
