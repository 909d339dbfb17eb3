/** Mistakes of callers, and operations that a caller ends by closing the client. */
import { describe, expect, it } from "vitest"
import type { Settled } from "@gentask/core"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { json, running, startScriptedVendor } from "./scriptedVendor.ts"

const drain = async (list: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of list);
}

/** Drains a list of results, and throws the first error in it. */
const drainSettled = async (list: AsyncIterable<Settled>): Promise<void> => {
  for await (const settled of list) if (!settled.ok) throw settled.error
}

describe("a caller", () => {
  it("whose `onUpdate` throws ends its own wait and polls, and no others", async () => {
    await using vendor = await startScriptedVendor((_, response) => json(response, running))
    const thrown = new Error("a mistake")
    const onUpdate = () => {
      throw thrown
    }
    await expect(vendor.gentask.wait("jimmy:1", { onUpdate })).rejects.toBe(thrown)
    const polls = (): number => vendor.requests.filter(({ url }) => url?.endsWith("/1")).length
    const before = polls()
    const other = vendor.gentask.wait("jimmy:2").catch(() => undefined)
    // Several poll intervals later, the first task has not been polled again.
    await vendor.received("/2", 5)
    expect(polls()).toBe(before)
    await vendor.gentask.close()
    await other
  })

  it("whose `onPollError` throws in a watch ends that watch, and no others", async () => {
    await using vendor = await startScriptedVendor((_, response) => json(response, {}, {}, 503))
    const thrown = new Error("a mistake")
    const watch = async () => {
      for await (const _ of vendor.gentask.watch("jimmy:1", {
        onPollError: () => {
          throw thrown
        }
      }));
    }
    const failureCounts: Array<number> = []
    const repeated = Promise.withResolvers<void>()
    const other = vendor.gentask
      .wait("jimmy:1", {
        onPollError: ({ failures }) => {
          failureCounts.push(failures)
          if (failureCounts.length === 3) repeated.resolve()
        }
      })
      .catch(() => undefined)
    await expect(watch()).rejects.toBe(thrown)
    await repeated.promise
    expect(failureCounts).toEqual([1, 2, 3])
    await vendor.gentask.close()
    await other
  })

  it("that saves null gets a rejection from each call", async () => {
    await using vendor = await startScriptedVendor((_, response) => json(response, running))
    const save = (): Promise<unknown> => vendor.gentask.save(null as never, { dir: "nowhere" })
    await expect(save()).rejects.toMatchObject({ _tag: "InvalidTaskRef" })
    await expect(save()).rejects.toMatchObject({ _tag: "InvalidTaskRef" })
  })

  it.each([
    ["after their first requests", true],
    ["before their first requests", false]
  ])("that closes the client ends all operations %s, and all later ones", async (_, isStarted) => {
    await using vendor = await startScriptedVendor((request, response) => {
      if (!String(request.url).includes("hangs")) json(response, running)
    })
    await using folder = await temporaryFolder()
    const { gentask } = vendor
    const pending = [
      gentask.wait("jimmy:1"),
      drain(gentask.watch("jimmy:2")),
      drainSettled(gentask.waitAll(["jimmy:3"])),
      gentask.query("jimmy:hangs"),
      gentask.save("jimmy:hangs-too", { dir: folder.path })
    ]
    const results = Promise.allSettled(pending)
    if (isStarted)
      await Promise.all(["/1", "/2", "/3", "/hangs", "/hangs-too"].map((path) => vendor.received(path)))
    await gentask.close()
    const closed = { status: "rejected", reason: { _tag: "ClientClosed" } }
    expect(await results).toMatchObject(pending.map(() => closed))
    const before = vendor.requests.length
    const late = [
      gentask.query("jimmy:4"),
      gentask.wait("jimmy:4"),
      drain(gentask.watch("jimmy:4")),
      drainSettled(gentask.waitAll(["jimmy:4"])),
      gentask.save("jimmy:4", { dir: folder.path })
    ]
    expect(await Promise.allSettled(late)).toMatchObject(late.map(() => closed))
    expect(vendor.requests.length).toBe(before)
  })
})
