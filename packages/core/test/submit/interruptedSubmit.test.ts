/** What a submit does after its process was suspended, its ledger has failed, or its caller has aborted. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it, vi } from "vitest"
import type { Ledger } from "@gentask/core"
import { ledgerWith, submit } from "../support/runSubmit.ts"

const day = 24 * 60 * 60_000

/** A clock that can be set. */
const settableClock = () => {
  let aheadMs = 0
  const set = (ms: number): void => {
    aheadMs = ms
  }
  const provide = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
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
  return { set, provide }
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
