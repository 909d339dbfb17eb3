/** An account's rate limits and `Retry-After`, as the vendor and the client observe them. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect, it, vi } from "vitest"
import { aigptimageTiers, startEmulator } from "@gentask/emulator"
import { PollPolicy } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { aigptimage } from "@gentask/provider-aigptimage"
import { earlyRequests, makeRecordingTransport } from "./recordingTransport.ts"

it("keeps the free tier's rate limit over 500 watched tasks, and polls each once before any twice", async () => {
  await using emulator = await startEmulator({ limits: { aigptimage: aigptimageTiers.free } })
  const refs = Array.from(
    { length: 500 },
    () => `aigptimage:${emulator.addTask({ vendor: "aigptimage", end: "never" }).id}`
  )
  const polled = Effect.promise(() =>
    vi.waitFor(() => expect(emulator.requests.length).toBeGreaterThanOrEqual(10), { timeout: 25_000 })
  )
  await Tasks.use((tasks) => Effect.raceFirst(Stream.runDrain(tasks.waitAll(refs)), polled)).pipe(
    Effect.provide(
      Tasks.layer({
        providers: [aigptimage({ apiKey: emulator.apiKey, baseUrl: emulator.url })],
        pollPolicy: PollPolicy.fixed(100)
      })
    ),
    Effect.runPromise
  )
  const [rate] = emulator.rates()
  expect(rate?.peakPerSecond).toBeLessThanOrEqual(2)
  expect(emulator.requests.every(({ status }) => status === 200)).toBe(true)
  const ids = emulator.requests.map(({ taskId }) => taskId)
  expect(new Set(ids).size).toBe(ids.length)
})

it("pauses the whole account for the delay that a 429 requests", async () => {
  await using emulator = await startEmulator()
  const faults = [{ fault: "status", status: 429, retryAfter: 1 }] as const
  const refs = Array.from({ length: 60 }, (_, index) =>
    emulator.addTask({ vendor: "aigptimage", runningFor: 700, ...(index % 20 === 5 ? { faults } : {}) })
  ).map(({ id }) => `aigptimage:${id}`)
  const { exchanges, layer } = makeRecordingTransport()
  const settled = await Tasks.use((tasks) => Stream.runCollect(tasks.waitAll(refs))).pipe(
    Effect.provide(
      Tasks.layer({
        providers: [aigptimage({ apiKey: emulator.apiKey, baseUrl: emulator.url, tier: "enterprise" })],
        pollPolicy: PollPolicy.fixed(100),
        transport: layer
      })
    ),
    Effect.runPromise
  )
  expect(settled.filter(({ ok }) => ok)).toHaveLength(60)
  expect(exchanges.filter(({ retryAfter }) => retryAfter !== undefined)).toHaveLength(3)
  expect(earlyRequests(exchanges)).toEqual([])
})
