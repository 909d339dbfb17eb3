import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { KeyExchangeCache } from "../../src/exchange/KeyExchangeCache.ts"

describe("KeyExchangeCache", () => {
  const makeCache = (expiresInMs: number | undefined) => {
    const clock = { now: 0 }
    const exchanges: Array<() => void> = []
    const exchange = Effect.callback<{ value: number; expiresInMs: number | undefined }>((resume) => {
      const value = exchanges.push(() => resume(Effect.succeed({ value, expiresInMs })))
    })
    const cache = new KeyExchangeCache(exchange, { now: () => clock.now, fork: Effect.runFork })
    return { cache, clock, exchanges }
  }

  it("renews a value after nine tenths of its lifetime", async () => {
    const { cache, clock, exchanges } = makeCache(1000)
    const first = Effect.runPromise(cache.get)
    expect(cache.current).toBeUndefined()
    exchanges[0]?.()
    expect(await first).toBe(1)
    clock.now = 899
    expect(await Effect.runPromise(cache.get)).toBe(1)
    clock.now = 900
    expect(cache.current).toBeUndefined()
    const second = Effect.runPromise(cache.get)
    exchanges[1]?.()
    expect(await second).toBe(2)
  })

  it("keeps a value without a lifetime until it is rejected", async () => {
    const { cache, clock, exchanges } = makeCache(undefined)
    const first = Effect.runPromise(cache.get)
    exchanges[0]?.()
    await first
    clock.now = 1e15
    expect(cache.current).toBe(1)
    cache.invalidate(2)
    expect(cache.current).toBe(1)
    cache.invalidate(1)
    expect(cache.current).toBeUndefined()
  })

  it("continues an exchange whose first caller is interrupted", async () => {
    const { cache, exchanges } = makeCache(1000)
    const controller = new AbortController()
    const first = Effect.runPromise(cache.get, { signal: controller.signal })
    const second = Effect.runPromise(cache.get)
    controller.abort()
    await expect(first).rejects.toThrow("interrupt")
    exchanges[0]?.()
    expect(await second).toBe(1)
    expect(exchanges).toHaveLength(1)
  })
})
