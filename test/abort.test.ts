/** Aborting an operation rejects its promise, closes its socket, and leaves neither a timer nor a saved file. */
import { readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it, vi } from "vitest"
import { createGentask } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { jimmy } from "@gentask/provider-jimmy"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { startHangingVendor } from "./hangingVendor.ts"

const waitOptions = { timeout: 20_000, interval: 10 }

/** Returns the number of pending timers of this process. */
const countTimers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length

/** Waits until a number of timers is pending. Unlike `vi.waitFor`, it has no pending timer while it counts. */
const waitForTimers = async (expected: (count: number) => boolean): Promise<void> => {
  const end = Date.now() + waitOptions.timeout
  while (!expected(countTimers())) {
    if (Date.now() > end) throw new Error(`Unexpected number of pending timers: ${countTimers()}`)
    await delay(waitOptions.interval)
  }
}

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
    await using gentask = createGentask({ providers: [jimmy(vendor.options)] })
    // The first query loads undici, which keeps a timer.
    await gentask.query("jimmy:running")
    const before = countTimers()
    const controller = new AbortController()
    const updated = Promise.withResolvers<unknown>()
    const waiting = gentask.wait("jimmy:running", { signal: controller.signal, onUpdate: updated.resolve })
    await updated.promise
    await waitForTimers((count) => count > before)
    controller.abort(reason)
    await expect(waiting).rejects.toBe(reason)
    await waitForTimers((count) => count <= before)
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
    await vi.waitFor(
      async () => expect((await stat(join(folder.path, ".jimmy_done.part"))).size).toBeGreaterThan(0),
      waitOptions
    )
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
