/** What the budget and Retry-After mean on the client's own side: no request starts while the account is paused. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { expect, it } from "vitest"
import { aigptimageTiers, startEmulator } from "@gentask/emulator"
import { PollPolicy } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { aigptimage } from "@gentask/provider-aigptimage"
import { noteTransport, undercuts } from "./notedTransport.ts"

it("keeps the free tier's windows over 500 watched tasks, and starves none", async () => {
  await using emulator = await startEmulator({ limits: { aigptimage: aigptimageTiers.free } })
  const refs = Array.from(
    { length: 500 },
    () => `aigptimage:${emulator.addTask({ vendor: "aigptimage", end: "never" }).id}`
  )
  await Tasks.use((tasks) => Stream.runDrain(tasks.waitAll(refs, { timeout: "5 seconds" }))).pipe(
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
  // Ten or so requests in five seconds, and no task twice: the others come first.
  const asked = emulator.requests.map(({ taskId }) => taskId)
  expect(asked.length).toBeGreaterThan(4)
  expect(new Set(asked).size).toBe(asked.length)
})

it("slows the whole account down for as long as a 429 asks, and never starts a request sooner", async () => {
  await using emulator = await startEmulator()
  const faults = [{ fault: "status", status: 429, retryAfter: 1 }] as const
  const refs = Array.from({ length: 60 }, (_, index) =>
    emulator.addTask({ vendor: "aigptimage", runningFor: 700, ...(index % 20 === 5 ? { faults } : {}) })
  ).map(({ id }) => `aigptimage:${id}`)
  const { exchanges, layer } = noteTransport()
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
  expect(undercuts(exchanges)).toEqual([])
})
