/** Vendors and file servers whose behavior no document describes, and callers that make mistakes. */
import { createHash } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import { readFile, readdir, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it, vi } from "vitest"
import { createGentask, PollPolicy } from "@gentask/core"
import type { Settled } from "@gentask/core"
import type { TasksOptions } from "@gentask/core/effect"
import { aigptimage } from "@gentask/provider-aigptimage"
import { jimmy } from "@gentask/provider-jimmy"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { listen } from "./listen.ts"

const apiKey = "sk-hostile-secret"

/** Starts a vendor that calls `respond` for each request, and a client of it. Paths below `/file` are for its files. */
const startVendor = async (
  respond: (request: IncomingMessage, response: ServerResponse, count: number) => void,
  options: Partial<TasksOptions> = {}
) => {
  const requests: Array<IncomingMessage> = []
  const server = await listen((request, response) => {
    requests.push(request)
    respond(request, response, requests.length)
  })
  const { baseUrl } = server
  const gentask = createGentask({
    providers: [jimmy({ apiKey, baseUrl }), aigptimage({ apiKey, baseUrl, tier: "enterprise" })],
    pollPolicy: PollPolicy.fixed(100),
    ...options
  })
  return {
    gentask,
    requests,
    /** Resolves after so many requests whose path contains a text, which may have arrived before. */
    received: (text: string, count = 1): Promise<void> =>
      vi.waitFor(
        () => expect(requests.filter(({ url }) => url?.includes(text)).length).toBeGreaterThanOrEqual(count),
        { timeout: 20_000, interval: 10 }
      ),
    [Symbol.asyncDispose]: async () => {
      await gentask.close()
      await server[Symbol.asyncDispose]()
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

/** Returns a file with the header of a PNG. Its body is one repeated byte, which tells files apart. */
const png = (fill: number, size = 300_000): Buffer =>
  Buffer.concat([
    Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex"),
    Buffer.alloc(size, fill)
  ])

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex")

const drain = async (list: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of list);
}

/** Drains a list of results, and throws the first error in it. */
const drainSettled = async (list: AsyncIterable<Settled>): Promise<void> => {
  for await (const settled of list) if (!settled.ok) throw settled.error
}

describe("a vendor's response", () => {
  it("with a Retry-After of 0 does not cause polls without a delay", async () => {
    await using vendor = await startVendor((_, response) => json(response, running, { "retry-after": "0" }))
    await vendor.gentask.wait("jimmy:1", { timeout: 1000 }).catch(() => undefined)
    expect(vendor.requests.length).toBeLessThan(15)
  })

  it("with an instant in place of a delay pauses the account for at most a day", async () => {
    await using vendor = await startVendor((_, response) =>
      json(response, { code: 429, msg: "slow", data: { retryAfter: 1_760_000_000 } }, {}, 429)
    )
    const error = await vendor.gentask.query("aigptimage:1").catch((reason: unknown) => reason)
    expect(error).toMatchObject({ reason: { _tag: "RateLimited", retryAfterMs: 86_400_000 } })
  })

  it("with a Retry-After of an hour makes further queries reject without a request", async () => {
    await using vendor = await startVendor((_, response) =>
      json(response, {}, { "retry-after": "3600" }, 429)
    )
    await vendor.gentask.query("jimmy:1").catch(() => undefined)
    const error = await vendor.gentask.query("jimmy:2").catch((reason: unknown) => reason)
    expect(error).toMatchObject({ _tag: "ProviderError", ref: "jimmy:2", reason: { _tag: "RateLimited" } })
    expect(vendor.requests).toHaveLength(1)
  })

  it("with the escaped API key does not show the key in an error", async () => {
    const escaped = String.raw`{"code":"401","msg":"bad key sk-\u0068ostile-secret"}`
    await using vendor = await startVendor((_, response) => {
      response.writeHead(401, { "content-type": "application/json" })
      response.end(escaped)
    })
    const error = await vendor.gentask.query("jimmy:1").catch((reason: unknown) => reason)
    expect(String(error)).toContain("bad key <secret>")
  })

  it("that exceeds `maxResponseBytes` is a failed poll, and polling continues", async () => {
    const huge = "x".repeat(3_000_000)
    await using vendor = await startVendor(
      (_, response, count) => (count === 1 ? json(response, { ...running, huge }) : json(response, running)),
      { maxResponseBytes: 1_000_000 }
    )
    const pollErrors: Array<string> = []
    const updated = Promise.withResolvers<{ readonly status: string }>()
    const waiting = vendor.gentask
      .wait("jimmy:1", {
        signal: AbortSignal.timeout(20_000),
        onPollError: ({ error }) => pollErrors.push(error.reason._tag),
        onUpdate: updated.resolve
      })
      .catch(updated.reject)
    expect(await updated.promise).toMatchObject({ status: "running" })
    expect(pollErrors).toEqual(["ResponseTooLarge"])
    await vendor.gentask.close()
    await waiting
  })
})

describe("a caller", () => {
  it("whose `onUpdate` throws ends its own wait and polls, and no others", async () => {
    await using vendor = await startVendor((_, response) => json(response, running))
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
    await using vendor = await startVendor((_, response) => json(response, {}, {}, 503))
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
    await using vendor = await startVendor((_, response) => json(response, running))
    const save = (): Promise<unknown> => vendor.gentask.save(null as never, { dir: "nowhere" })
    await expect(save()).rejects.toThrow(TypeError)
    await expect(save()).rejects.toThrow(TypeError)
  })

  it.each([
    ["after their first requests", true],
    ["before their first requests", false]
  ])("that closes the client ends all operations %s, and all later ones", async (_, isStarted) => {
    await using vendor = await startVendor((request, response) => {
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

describe("a file server", () => {
  it("that ignores If-Range and sends the rest of another file is detected", async () => {
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

  it("that sends an error text as an image is detected", async () => {
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

  it("of the vendor's origin receives the key once it responds with 401, and no redirect does", async () => {
    const bytes = png(3)
    await using vendor = await startVendor((request, response) => {
      if (request.url === "/storage") {
        response.writeHead(200, { "content-type": "image/png", "content-length": bytes.length })
        return response.end(bytes)
      }
      if (request.url !== "/file") return json(response, doneAt(request))
      const isAuthorized = request.headers.authorization === `Bearer ${apiKey}`
      response.writeHead(isAuthorized ? 302 : 401, isAuthorized ? { location: "/storage" } : {})
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

  it("keeps apart tasks whose ids have a common prefix, and recognizes a task by another ref", async () => {
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

  it("keeps a saved file that the user has changed", async () => {
    await using vendor = await start()
    await using folder = await temporaryFolder()
    const [file] = await vendor.gentask.save("jimmy:1", { dir: folder.path })
    const changed = Buffer.concat([bytes, Buffer.from("changed")])
    await writeFile(file?.path ?? "", changed)
    await expect(vendor.gentask.save("jimmy:1", { dir: folder.path })).rejects.toMatchObject({
      reason: { _tag: "FileExists" }
    })
    expect(await readFile(file?.path ?? "")).toEqual(changed)
  })

  it("is not blocked by a stale lock", async () => {
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
