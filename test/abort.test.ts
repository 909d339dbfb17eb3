/** Aborting is at once: the promise rejects, the socket closes, no timer and no half file stay behind. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { readdir } from "node:fs/promises"
import { setTimeout as delay } from "node:timers/promises"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { createGentask } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { jimmy } from "@gentask/provider-jimmy"
import { temporaryFolder } from "./folder.ts"

/** A vendor that answers queries about `running`, hangs on `hangs`, and whose file never ends. */
const startVendor = async () => {
  const server = createServer((request, response) => {
    if (request.url?.endsWith("/hangs") === true) return
    if (request.url === "/file.png") {
      response.writeHead(200, { "content-type": "image/png", "content-length": "100000", etag: '"1"' })
      response.write(Buffer.alloc(50_000))
      return
    }
    const isDone = request.url?.endsWith("/done") === true
    const result = isDone ? { image_url: `http://${request.headers.host}/file.png` } : {}
    const data = { task_id: "1", status: isDone ? "completed" : "processing", progress: 50, result }
    response.setHeader("content-type", "application/json")
    response.end(JSON.stringify({ code: "20000", msg: "ok", data }))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve)
  })
  const open = (): Promise<number> =>
    new Promise((resolve, reject) => {
      server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
    })
  const { port } = server.address() as AddressInfo
  return {
    options: { apiKey: "sk-abort", baseUrl: `http://127.0.0.1:${port}` },
    open,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    }
  }
}

/** How many timers this process waits for. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length

const reason = new Error("enough")

/** Far below any time limit that a wait without an abort would run into, and far above what a busy machine adds. */
const promptly = 1000

describe("aborting by a signal", () => {
  it.each([
    ["a request that hangs", "jimmy:hangs"],
    ["the sleep between polls", "jimmy:running"]
  ])("ends %s at once", async (_, ref) => {
    await using vendor = await startVendor()
    await using gentask = createGentask({ providers: [jimmy(vendor.options)] })
    const before = timers()
    const controller = new AbortController()
    const waiting = gentask.wait(ref, { signal: controller.signal }).catch((error: unknown) => error)
    await delay(150)
    const began = performance.now()
    controller.abort(reason)
    expect(await waiting).toBe(reason)
    expect(performance.now() - began).toBeLessThan(promptly)
    await delay(50)
    if (ref === "jimmy:hangs") expect(await vendor.open()).toBe(0)
    expect(timers()).toBeLessThanOrEqual(before + 1)
  })

  it("ends a watch and a list of waits with the signal's reason", async () => {
    await using vendor = await startVendor()
    await using gentask = createGentask({ providers: [jimmy(vendor.options)] })
    const controller = new AbortController()
    const statuses: Array<string> = []
    const watching = (async () => {
      for await (const { status } of gentask.watch("jimmy:running", { signal: controller.signal }))
        statuses.push(status)
    })().catch((error: unknown) => error)
    const listing = (async () => {
      for await (const _ of gentask.waitAll(["jimmy:running", "jimmy:hangs"], { signal: controller.signal }));
    })().catch((error: unknown) => error)
    await delay(150)
    controller.abort(reason)
    expect([await watching, await listing]).toEqual([reason, reason])
    expect(statuses).toEqual(["running"])
  })

  it("ends a download, and leaves no file under its final name", async () => {
    await using vendor = await startVendor()
    await using folder = await temporaryFolder()
    await using gentask = createGentask({ providers: [jimmy(vendor.options)] })
    const task = await gentask.wait("jimmy:done")
    const controller = new AbortController()
    const saving = gentask
      .save(task, { dir: folder.path, signal: controller.signal })
      .catch((error: unknown) => error)
    await delay(200)
    const began = performance.now()
    controller.abort(reason)
    expect(await saving).toBe(reason)
    expect(performance.now() - began).toBeLessThan(promptly)
    expect((await readdir(folder.path)).toSorted()).toEqual([".jimmy_done.part", ".jimmy_done.part.json"])
  })

  it("rejects at once when the signal is aborted already, and asks nobody", async () => {
    await using vendor = await startVendor()
    await using gentask = createGentask({ providers: [jimmy(vendor.options)] })
    await expect(gentask.query("jimmy:running", { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    expect(await vendor.open()).toBe(0)
  })
})

describe("interrupting a fiber", () => {
  it("closes the socket of a request that hangs", async () => {
    await using vendor = await startVendor()
    const count = await Effect.gen(function* () {
      const tasks = yield* Tasks
      const fiber = yield* Effect.forkChild(tasks.wait("jimmy:hangs"))
      yield* Effect.sleep("150 millis")
      yield* Fiber.interrupt(fiber)
      yield* Effect.sleep("50 millis")
      return yield* Effect.promise(vendor.open)
    }).pipe(Effect.provide(Tasks.layer({ providers: [jimmy(vendor.options)] })), Effect.runPromise)
    expect(count).toBe(0)
  })
})
