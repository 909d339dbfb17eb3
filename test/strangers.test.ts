/** Vendors and file servers that behave in ways which no document tells. */
import { createHash } from "node:crypto"
import { createServer } from "node:http"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { readFile, readdir, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { createGentask, PollPolicy } from "@gentask/core"
import type { TasksOptions } from "@gentask/core/effect"
import { aigptimage } from "@gentask/provider-aigptimage"
import { jimmy } from "@gentask/provider-jimmy"
import { temporaryFolder } from "./folder.ts"

const apiKey = "sk-strangers-secret"

/** A vendor that answers as it is told; `/file` and below is its file server. */
const startVendor = async (
  answer: (request: IncomingMessage, response: ServerResponse, asked: number) => void,
  options: Partial<TasksOptions> = {}
) => {
  const requests: Array<IncomingMessage> = []
  const server = createServer((request, response) => {
    requests.push(request)
    answer(request, response, requests.length)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve)
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const gentask = createGentask({
    providers: [jimmy({ apiKey, baseUrl }), aigptimage({ apiKey, baseUrl, tier: "enterprise" })],
    pollPolicy: PollPolicy.fixed(100),
    ...options
  })
  return {
    gentask,
    requests,
    [Symbol.asyncDispose]: async () => {
      await gentask.close()
      server.closeAllConnections()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    }
  }
}

const json = (
  response: ServerResponse,
  body: unknown,
  headers: Record<string, string> = {},
  status = 200
): void => {
  response.writeHead(status, { "content-type": "application/json", ...headers })
  response.end(JSON.stringify(body))
}

const running = { code: "20000", data: { status: "processing", progress: 5 } }
const doneAt = (request: IncomingMessage, path = "/file") => ({
  code: "20000",
  data: { status: "completed", result: { image_url: `http://${request.headers.host}${path}` } }
})

/** A PNG as far as its signature, so that what is saved can be told by its bytes. */
const png = (fill: number, size = 300_000): Buffer =>
  Buffer.concat([
    Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex"),
    Buffer.alloc(size, fill)
  ])

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex")

describe("a vendor", () => {
  it("that wishes for no wait at all is not asked in a hot loop", async () => {
    await using vendor = await startVendor((_, response) => json(response, running, { "retry-after": "0" }))
    await vendor.gentask.wait("jimmy:1", { timeout: 1000 }).catch(() => undefined)
    expect(vendor.requests.length).toBeLessThan(15)
  })

  it("that asks to wait until an instant, in seconds, is not waited for half a century", async () => {
    await using vendor = await startVendor((_, response) =>
      json(response, { code: 429, msg: "slow", data: { retryAfter: 1_760_000_000 } }, {}, 429)
    )
    const error = await vendor.gentask.query("aigptimage:1").catch((reason: unknown) => reason)
    expect(error).toMatchObject({ reason: { _tag: "RateLimited", retryAfter: 86_400_000 } })
  })

  it("that asks for an hour's pause gets it, and a question meanwhile is told so at once", async () => {
    await using vendor = await startVendor((_, response) =>
      json(response, {}, { "retry-after": "3600" }, 429)
    )
    await vendor.gentask.query("jimmy:1").catch(() => undefined)
    const error = await vendor.gentask.query("jimmy:2").catch((reason: unknown) => reason)
    expect(error).toMatchObject({ _tag: "ProviderError", ref: "jimmy:2", reason: { _tag: "RateLimited" } })
    expect(vendor.requests).toHaveLength(1)
  })

  it("that echoes the key in an escaped form does not get it into an error", async () => {
    const escaped = String.raw`{"code":"401","msg":"bad key sk-\u0073trangers-secret"}`
    await using vendor = await startVendor((_, response) => {
      response.writeHead(401, { "content-type": "application/json" })
      response.end(escaped)
    })
    const error = await vendor.gentask.query("jimmy:1").catch((reason: unknown) => reason)
    expect(String(error)).toContain("bad key <secret>")
  })

  it("that sends a huge answer is read no further than the limit, and asked again", async () => {
    const huge = "x".repeat(3_000_000)
    await using vendor = await startVendor(
      (_, response, asked) => (asked === 1 ? json(response, { ...running, huge }) : json(response, running)),
      { maxResponseBytes: 1_000_000 }
    )
    const missed: Array<string> = []
    const snapshots: Array<string> = []
    await vendor.gentask
      .wait("jimmy:1", {
        timeout: 1000,
        onPollError: ({ error }) => missed.push(error.reason._tag),
        onUpdate: ({ status }) => snapshots.push(status)
      })
      .catch(() => undefined)
    expect({ missed, snapshots }).toEqual({ missed: ["ResponseTooLarge"], snapshots: ["running"] })
  })
})

describe("a caller", () => {
  it("whose callback throws ends its own wait and its polls, and harms no other", async () => {
    await using vendor = await startVendor((_, response) => json(response, running))
    const thrown = new Error("a mistake")
    const onUpdate = () => {
      throw thrown
    }
    await expect(vendor.gentask.wait("jimmy:1", { onUpdate })).rejects.toBe(thrown)
    const asked = vendor.requests.length
    await delay(400)
    expect(vendor.requests).toHaveLength(asked)
    await expect(vendor.gentask.query("jimmy:2")).resolves.toMatchObject({ status: "running" })
  })

  it("whose callback throws at a missed poll of a watch ends that watch alone", async () => {
    await using vendor = await startVendor((_, response) => json(response, {}, {}, 503))
    const thrown = new Error("a mistake")
    const watch = async () => {
      for await (const _ of vendor.gentask.watch("jimmy:1", {
        onPollError: () => {
          throw thrown
        }
      }));
    }
    const missed: Array<number> = []
    const other = vendor.gentask.wait("jimmy:1", {
      timeout: 800,
      onPollError: ({ failures: misses }) => missed.push(misses)
    })
    await expect(watch()).rejects.toBe(thrown)
    await expect(other).rejects.toMatchObject({ _tag: "StillRunning" })
    expect(missed.length).toBeGreaterThan(2)
  })

  it("that gives no task is told by a rejection, at first and later", async () => {
    await using vendor = await startVendor((_, response) => json(response, running))
    const save = (): Promise<unknown> => vendor.gentask.save(null as never, { dir: "nowhere" })
    await expect(save()).rejects.toThrow(TypeError)
    await expect(save()).rejects.toThrow(TypeError)
  })

  it.each([
    ["everything under way", 200],
    ["what has only just begun", 0]
  ])("that closes the client ends %s with an error that says so", async (_, after) => {
    await using vendor = await startVendor((request, response) => {
      if (!String(request.url).includes("hangs")) json(response, running)
    })
    await using folder = await temporaryFolder()
    const drain = async (list: AsyncIterable<unknown>) => {
      for await (const _ of list);
    }
    const { gentask } = vendor
    const open = [
      gentask.wait("jimmy:1"),
      drain(gentask.watch("jimmy:2")),
      drain(gentask.waitAll(["jimmy:3"])),
      gentask.query("jimmy:hangs"),
      gentask.save("jimmy:hangs", { dir: folder.path })
    ]
    const endings = Promise.allSettled(open)
    if (after > 0) await delay(after)
    await gentask.close()
    const closed = {
      status: "rejected",
      reason: { message: "The client was closed before the operation ended." }
    }
    expect(await endings).toMatchObject(open.map(() => closed))
    const before = vendor.requests.length
    const late = [
      gentask.query("jimmy:4"),
      gentask.wait("jimmy:4"),
      drain(gentask.watch("jimmy:4")),
      drain(gentask.waitAll(["jimmy:4"])),
      gentask.save("jimmy:4", { dir: folder.path })
    ]
    expect(await Promise.allSettled(late)).toMatchObject(late.map(() => closed))
    expect(vendor.requests.length).toBe(before)
  })
})

describe("a file server", () => {
  it("that ignores If-Range and gives the rest of another file is not believed", async () => {
    const [first, second] = [png(1), png(2)]
    await using vendor = await startVendor((request, response) => {
      if (request.url !== "/file") return json(response, doneAt(request))
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? -1)
      const isFirst = vendor.requests.filter(({ url }) => url === "/file").length === 1
      const bytes = isFirst ? first : second
      const headers = { "content-type": "image/png", etag: isFirst ? '"1"' : '"2"' }
      if (from < 0) {
        response.writeHead(200, { ...headers, "content-length": bytes.length })
        if (!isFirst) return response.end(bytes)
        return response.write(bytes.subarray(0, 200_000), () => setTimeout(() => response.destroy(), 100))
      }
      const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`
      response.writeHead(206, { ...headers, "content-length": bytes.length - from, "content-range": range })
      return response.end(bytes.subarray(from))
    })
    await using folder = await temporaryFolder()
    const [file] = await vendor.gentask.save("jimmy:1", { dir: folder.path })
    expect(file?.sha256).toBe(sha256(second))
    expect(sha256(await readFile(file?.path ?? ""))).toBe(sha256(second))
  })

  it("that calls an error text an image is not believed", async () => {
    await using vendor = await startVendor((request, response) => {
      if (request.url !== "/file") return json(response, doneAt(request))
      response.writeHead(200, { "content-type": "image/png" })
      return response.end("Access denied: this link has expired.")
    })
    await using folder = await temporaryFolder()
    await expect(vendor.gentask.save("jimmy:1", { dir: folder.path, attempts: 1 })).rejects.toMatchObject({
      reason: { _tag: "NotMedia" }
    })
    expect(await readdir(folder.path)).toEqual([])
  })

  it("of the vendor's own that wants the key and then redirects gets it once, and the storage behind it never", async () => {
    const bytes = png(3)
    await using vendor = await startVendor((request, response) => {
      if (request.url === "/storage") {
        response.writeHead(200, { "content-type": "image/png", "content-length": bytes.length })
        return response.end(bytes)
      }
      if (request.url !== "/file") return json(response, doneAt(request))
      const isKnown = request.headers.authorization === `Bearer ${apiKey}`
      response.writeHead(isKnown ? 302 : 401, isKnown ? { location: "/storage" } : {})
      return response.end()
    })
    await using folder = await temporaryFolder()
    const [file] = await vendor.gentask.save("jimmy:1", { dir: folder.path })
    expect(file?.sha256).toBe(sha256(bytes))
    const files = vendor.requests.filter(({ url }) => url === "/file" || url === "/storage")
    expect(files.map(({ url, headers }) => [url, headers.authorization !== undefined])).toEqual([
      ["/file", false],
      ["/file", true],
      ["/storage", false]
    ])
  })
})

describe("a folder", () => {
  const bytes = png(4, 1000)
  const start = () =>
    startVendor((request, response) => {
      if (request.url?.startsWith("/file") !== true)
        return json(response, doneAt(request, `/file${request.url}`))
      response.writeHead(200, { "content-type": "image/png", "content-length": bytes.length })
      return response.end(bytes)
    })

  it("holds tasks whose ids begin alike, and one task under two refs, without a clash", async () => {
    await using vendor = await start()
    await using folder = await temporaryFolder()
    const { gentask } = vendor
    await gentask.save("jimmy:abc.1", { dir: folder.path })
    await gentask.save("jimmy:abc", { dir: folder.path })
    const [again] = await gentask.save("jimmy@jimmy:abc", { dir: folder.path })
    expect(again?.alreadySaved).toBe(true)
    expect((await readdir(folder.path)).filter((name) => name.endsWith(".png")).toSorted()).toEqual([
      "jimmy_abc.1.png",
      "jimmy_abc.png"
    ])
  })

  it("keeps a saved file that its owner has changed", async () => {
    await using vendor = await start()
    await using folder = await temporaryFolder()
    const [file] = await vendor.gentask.save("jimmy:1", { dir: folder.path })
    const mine = Buffer.concat([bytes, Buffer.from("mine")])
    await writeFile(file?.path ?? "", mine)
    await expect(vendor.gentask.save("jimmy:1", { dir: folder.path })).rejects.toMatchObject({
      reason: { _tag: "FileExists" }
    })
    expect(await readFile(file?.path ?? "")).toEqual(mine)
  })

  it("is not blocked by the lock of a process that is there no more", async () => {
    await using vendor = await start()
    await using folder = await temporaryFolder()
    const lock = join(folder.path, ".jimmy_1.lock")
    await writeFile(lock, "1 elsewhere\n")
    const past = new Date(Date.now() - 60_000)
    await utimes(lock, past, past)
    const [file] = await vendor.gentask.save("jimmy:1", { dir: folder.path, timeout: "10 seconds" })
    expect(file?.alreadySaved).toBe(false)
    expect((await readdir(folder.path)).toSorted()).toEqual(["jimmy_1.png", "jimmy_1.png.json"])
  })
})
