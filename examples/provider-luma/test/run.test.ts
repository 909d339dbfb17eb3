import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { createGentask, PollPolicy } from "@gentask/core"
import { expect, it } from "vitest"
import { luma } from "../src/index.ts"

/** The smallest MP4 file: its two required boxes, without media. */
const video = Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08mdat", "latin1")
const apiKey = "a-key-of-luma"
const id = "123e4567-e89b-12d3-a456-426614174000"

/** A server that behaves as Luma documents it. */
const startLuma = async () => {
  const requests: Array<string> = []
  const states = ["dreaming", "completed"]
  const server = createServer(async (request, response) => {
    const { url = "", method, headers } = request
    requests.push([method, url, await text(request)].join(" ").trim())
    if (url === "/video.mp4") return response.end(video)
    if (headers.authorization !== `Bearer ${apiKey}`)
      return response.writeHead(401).end('{"detail":"Not authenticated"}')
    if (method === "POST")
      return response.writeHead(201).end(JSON.stringify({ id, state: "queued", model: "ray-2" }))
    const state = states.shift()
    const assets = state === "completed" ? { video: `http://${headers.host}/video.mp4` } : null
    return response.end(JSON.stringify({ id, state, model: "ray-2", assets }))
  })
  await once(server.listen(0, "127.0.0.1"), "listening")
  const folder = await mkdtemp(join(tmpdir(), "gentask-"))
  return {
    requests,
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    folder,
    [Symbol.asyncDispose]: async () => {
      server.close()
      await rm(folder, { recursive: true, force: true })
    }
  }
}

it("submits a task, waits for it, and saves its video", async () => {
  await using vendor = await startLuma()
  await using gentask = createGentask({
    providers: [luma({ apiKey, baseUrl: vendor.baseUrl })],
    ledger: false,
    pollPolicy: PollPolicy.fixed(20)
  })
  const { ref } = await gentask.submit({ account: "luma", model: "ray-2", prompt: "A fox in the snow" })
  const task = await gentask.wait(ref, { timeout: "20 seconds" })
  const files = await gentask.save(task, { dir: vendor.folder })
  const query = `GET /generations/${id}`
  const body = JSON.stringify({ model: "ray-2", prompt: "A fox in the snow" })
  expect(vendor.requests).toEqual([`POST /generations/video ${body}`, query, query, "GET /video.mp4"])
  expect(files.map(({ path }) => path)).toEqual([join(vendor.folder, `luma_${id}.mp4`)])
  expect(await readFile(files[0]?.path ?? "")).toEqual(video)
})

it("reports Unauthorized for an invalid key", async () => {
  await using vendor = await startLuma()
  await using gentask = createGentask({
    providers: [luma({ apiKey: "another key", baseUrl: vendor.baseUrl })]
  })
  await expect(gentask.wait(`luma:${id}`, { timeout: "20 seconds" })).rejects.toMatchObject({
    _tag: "ProviderError",
    reason: { _tag: "Unauthorized", message: "Not authenticated" }
  })
})
