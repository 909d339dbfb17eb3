/** File servers whose behavior no document describes, and folders with files that gentask did not write. */
import { createHash } from "node:crypto"
import { readFile, readdir, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { apiKey, doneAt, json, png, startScriptedVendor } from "./scriptedVendor.ts"

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex")

describe("a file server", () => {
  it("that ignores If-Range and sends the rest of another file is detected", async () => {
    const [first, second] = [png(1), png(2)]
    await using vendor = await startScriptedVendor((request, response) => {
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
    await using vendor = await startScriptedVendor((request, response) => {
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
    await using vendor = await startScriptedVendor((request, response) => {
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
    startScriptedVendor((request, response) => {
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
