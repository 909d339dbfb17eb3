/** Aborting an operation rejects its promise, closes its socket, and leaves neither a timer nor a saved file. */
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { afterEach, describe, expect, it, vi } from "vitest"
import { createGentask } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { jimmy } from "@gentask/provider-jimmy"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { startHangingVendor } from "./hangingVendor.ts"

const waitOptions = { timeout: 20_000, interval: 10 }

/** An interval between polls that no other timer of this process has, in milliseconds. */
const pollInterval = 1_234_567

/** Tracks the pending timers of poll intervals, until the mocks are restored. */
const trackPollTimers = (): ReadonlySet<unknown> => {
  const pending = new Set<unknown>()
  const { setTimeout, clearTimeout } = globalThis
  vi.spyOn(globalThis, "setTimeout").mockImplementation((callback: () => void, ms?: number) => {
    const timer = setTimeout(callback, ms)
    if (ms !== undefined && ms > pollInterval / 2) pending.add(timer)
    return timer
  })
  vi.spyOn(globalThis, "clearTimeout").mockImplementation((timer) => {
    pending.delete(timer)
    clearTimeout(timer)
  })
  return pending
}
afterEach(() => {
  vi.restoreAllMocks()
})

/** Resolves when the vendor has received a request for a path. */
const received = (vendor: Awaited<ReturnType<typeof startHangingVendor>>, path: string): Promise<void> =>
  vi.waitFor(() => expect(vendor.paths.some((each) => each.endsWith(path))).toBe(true), waitOptions)

const reason = new Error("aborted by the test")

describe("an abort signal", () => {
  it("ends a wait whose request has no response, and closes the connection", async () => {
    await using vendor = await startHangingVendor()
    await using gentask = createGentask({ providers: [jimmy(vendor.options)] })
    const controller = new AbortController()
    const waiting = gentask.wait("jimmy:hangs", { signal: controller.signal })
    await received(vendor, "/hangs")
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    await vi.waitFor(async () => expect(await vendor.connections()).toBe(0), waitOptions)
  })

  it("ends a wait that sleeps between polls, and clears its timer", async () => {
    await using vendor = await startHangingVendor()
    const pollPolicy = { next: () => pollInterval }
    await using gentask = createGentask({ providers: [jimmy(vendor.options)], pollPolicy })
    const pollTimers = trackPollTimers()
    const controller = new AbortController()
    const waiting = gentask.wait("jimmy:running", { signal: controller.signal })
    await vi.waitFor(() => expect(pollTimers.size).toBe(1), waitOptions)
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    await vi.waitFor(() => expect(pollTimers.size).toBe(0), waitOptions)
  })

  it("ends `watch` and `waitAll` with its reason", async () => {
    await using vendor = await startHangingVendor()
    await using gentask = createGentask({ providers: [jimmy(vendor.options)] })
    const controller = new AbortController()
    const { signal } = controller
    const statuses: Array<string> = []
    const watching = (async () => {
      for await (const { status } of gentask.watch("jimmy:running", { signal })) statuses.push(status)
    })().catch((error: unknown) => error)
    const listing = (async () => {
      for await (const _ of gentask.waitAll(["jimmy:running", "jimmy:hangs"], { signal }));
    })().catch((error: unknown) => error)
    await received(vendor, "/hangs")
    await vi.waitFor(() => expect(statuses).toEqual(["running"]), waitOptions)
    controller.abort(reason)
    expect([await watching, await listing]).toEqual([reason, reason])
    expect(statuses).toEqual(["running"])
  })

  it("ends a download, and keeps only its partial file", async () => {
    await using vendor = await startHangingVendor()
    await using folder = await temporaryFolder()
    await using gentask = createGentask({ providers: [jimmy(vendor.options)] })
    const task = await gentask.wait("jimmy:done")
    const controller = new AbortController()
    const saving = gentask.save(task, { dir: folder.path, signal: controller.signal })
    await vi.waitFor(async () => {
      const partial = (await readdir(folder.path)).find((name) => name.endsWith(".part"))
      expect((await stat(join(folder.path, partial ?? "missing"))).size).toBeGreaterThan(0)
    }, waitOptions)
    controller.abort(reason)
    await expect(saving).rejects.toBe(reason)
    expect((await readdir(folder.path)).toSorted()).toEqual([".jimmy_done.part", ".jimmy_done.part.json"])
  })

  it("rejects without a request when it is already aborted", async () => {
    await using vendor = await startHangingVendor()
    await using gentask = createGentask({ providers: [jimmy(vendor.options)] })
    await expect(gentask.query("jimmy:running", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(vendor.paths).toEqual([])
  })
})

describe("interrupting a fiber", () => {
  it("closes the connection of a request that has no response", async () => {
    await using vendor = await startHangingVendor()
    await Effect.gen(function* () {
      const tasks = yield* Tasks
      const fiber = yield* Effect.forkChild(tasks.wait("jimmy:hangs"))
      yield* Effect.promise(() => received(vendor, "/hangs"))
      yield* Fiber.interrupt(fiber)
      // Inside the layer, so that the connection is not closed by closing the client.
      yield* Effect.promise(() =>
        vi.waitFor(async () => expect(await vendor.connections()).toBe(0), waitOptions)
      )
    }).pipe(Effect.provide(Tasks.layer({ providers: [jimmy(vendor.options)] })), Effect.runPromise)
  })
})
