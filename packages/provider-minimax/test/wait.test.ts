import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createGentask, PollPolicy } from "@gentask/core"
import { expect, it } from "vitest"
import { minimax } from "../src/index.ts"

/** The smallest MP4 file: its two required boxes, without media. */
const video = Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08mdat", "latin1")
const apiKey = "a-key-of-minimax"

/** A server that behaves as MiniMax documents it: errors are HTTP 200, and the link belongs to a file, not to a task. */
const startMinimax = async () => {
  const requests: Array<string> = []
  const statuses = ["Preparing", "Processing", "Success"]
  const errors = [{ status_code: 1000, status_msg: "unknown error" }]
  const server = createServer((request, response) => {
    const { pathname, searchParams, origin } = new URL(request.url ?? "", `http://${request.headers.host}`)
    requests.push(request.url ?? "")
    if (pathname === "/files/output_aigc.mp4") return response.end(video)
    const respond = (body: object, base_resp: object = { status_code: 0, status_msg: "success" }) =>
      response.end(JSON.stringify({ ...body, base_resp }))
    if (request.headers.authorization !== `Bearer ${apiKey}`) {
      return respond({}, { status_code: 1004, status_msg: "not authorized" })
    }
    if (pathname === "/v1/query/video_generation") {
      const status = statuses.length > 1 ? statuses.shift() : statuses[0]
      const result = { file_id: "176844028768320", video_width: 1920, video_height: 1080 }
      return respond({
        task_id: searchParams.get("task_id"),
        status,
        ...(status === "Success" ? result : {})
      })
    }
    const error = errors.shift()
    if (error !== undefined) return respond({}, error)
    const file_id = Number(searchParams.get("file_id"))
    return respond({ file: { file_id, download_url: `${origin}/files/output_aigc.mp4` } })
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

it("waits for a task, retrieves its file until it has the link, and saves it", async () => {
  await using vendor = await startMinimax()
  await using gentask = createGentask({
    providers: [minimax({ apiKey, baseUrl: vendor.baseUrl })],
    pollPolicy: PollPolicy.fixed(20)
  })
  const pollErrors: Array<string> = []
  const task = await gentask.wait("minimax:176843862716480", {
    timeout: "20 seconds",
    onPollError: ({ error }) => pollErrors.push(error.reason._tag)
  })
  const files = await gentask.save(task, { dir: vendor.folder })
  const query = "/v1/query/video_generation?task_id=176843862716480"
  const retrieve = "/v1/files/retrieve?file_id=176844028768320"
  const link = "/files/output_aigc.mp4"
  expect(vendor.requests).toEqual([query, query, query, retrieve, query, retrieve, link])
  expect(pollErrors).toEqual(["Unavailable"])
  expect(task.outputs).toEqual([
    {
      kind: "video",
      role: "result",
      url: `${vendor.baseUrl}${link}`,
      inline: null,
      mediaType: null,
      width: 1920,
      height: 1080,
      expiresAt: expect.any(Date)
    }
  ])
  expect(files.map(({ path }) => path)).toEqual([join(vendor.folder, "minimax_176843862716480.mp4")])
  expect(await readFile(files[0]?.path ?? "")).toEqual(video)
})

it("reports Unauthorized for an invalid key, although the HTTP status is 200", async () => {
  await using vendor = await startMinimax()
  await using gentask = createGentask({
    providers: [minimax({ apiKey: "another key", baseUrl: vendor.baseUrl })]
  })
  await expect(gentask.wait("minimax:176843862716480", { timeout: "20 seconds" })).rejects.toMatchObject({
    _tag: "ProviderError",
    reason: { _tag: "Unauthorized", code: "1004", message: "not authorized" }
  })
})

it("rejects the cancel of a task of the first API before anything is sent", async () => {
  await using vendor = await startMinimax()
  await using gentask = createGentask({ providers: [minimax({ apiKey, baseUrl: vendor.baseUrl })] })
  await expect(gentask.cancel("minimax:176843862716480")).rejects.toMatchObject({
    _tag: "ConfigurationError",
    reason: { _tag: "UnsupportedOperation", operation: "cancel" },
    message: "Only tasks of the second video API can be canceled."
  })
  expect(vendor.requests).toEqual([])
})
