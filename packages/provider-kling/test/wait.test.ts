import { once } from "node:events"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createGentask, PollPolicy } from "@gentask/core"
import { jwtVerify } from "jose"
import { expect, it } from "vitest"
import { kling } from "../src/index.ts"

/** The smallest MP4 file: its two required boxes, without media. */
const video = Buffer.from("\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08mdat", "latin1")
const accessKey = "access-key-0c6f5d2e"
const secretKey = "secret-key-81b7a93d"

const isSigned = async (authorization = ""): Promise<boolean> => {
  const [, token = ""] = /^Bearer (\S+)$/.exec(authorization) ?? []
  const options = { algorithms: ["HS256"], issuer: accessKey, requiredClaims: ["exp", "nbf"] }
  return jwtVerify(token, new TextEncoder().encode(secretKey), options).then(
    () => true,
    () => false
  )
}

/** A server that behaves as Kling AI documents it: queries are signed, and links to results are not. */
const startKling = async () => {
  const requests: Array<string> = []
  const statuses = ["submitted", "processing", "succeed"]
  const server = createServer((request, response) => {
    void (async () => {
      const { pathname, origin } = new URL(request.url ?? "", `http://${request.headers.host}`)
      requests.push(`${pathname} ${request.headers.authorization === undefined ? "unsigned" : "signed"}`)
      if (pathname.startsWith("/files/")) return response.end(video)
      const respond = (status: number, code: number, message: string, data?: object) =>
        response.writeHead(status).end(JSON.stringify({ code, message, request_id: "r1", data }))
      if (!(await isSigned(request.headers.authorization))) return respond(401, 1000, "Authentication failed")
      if (pathname !== "/v1/videos/image2video/867283741759111202")
        return respond(404, 1203, "The requested resource does not exist")
      const task_status = statuses.length > 1 ? statuses.shift() : statuses[0]
      const links = { url: `${origin}/files/1.mp4`, watermark_url: `${origin}/files/1.watermark.mp4` }
      const task_result =
        task_status === "succeed" ? { videos: [{ id: "v1", ...links, duration: "5.1" }] } : {}
      const created_at = Date.now() - 1000
      return respond(200, 0, "SUCCEED", { task_status, task_result, created_at, updated_at: created_at })
    })()
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

const ref = "kling:867283741759111202?path=videos/image2video"
const path = "/v1/videos/image2video/867283741759111202"

it("signs every query of a wait, and downloads the result without credentials", async () => {
  await using vendor = await startKling()
  await using gentask = createGentask({
    providers: [kling({ apiKey: `${accessKey}|${secretKey}`, baseUrl: vendor.baseUrl })],
    pollPolicy: PollPolicy.fixed(20)
  })
  const task = await gentask.wait(ref, { timeout: "20 seconds" })
  const files = await gentask.save(task, { dir: vendor.folder })
  expect(vendor.requests).toEqual([...Array<string>(3).fill(`${path} signed`), "/files/1.mp4 unsigned"])
  expect(task.outputs.map(({ kind, role, url }) => [kind, role, url])).toEqual([
    ["video", "result", `${vendor.baseUrl}/files/1.mp4`],
    ["video", "watermarked", `${vendor.baseUrl}/files/1.watermark.mp4`]
  ])
  expect(files).toHaveLength(1)
  expect(await readFile(files[0]?.path ?? "")).toEqual(video)
})

it("reports Unauthorized if the token is signed with another secret", async () => {
  await using vendor = await startKling()
  await using gentask = createGentask({
    providers: [kling({ apiKey: `${accessKey}|another-secret`, baseUrl: vendor.baseUrl })]
  })
  await expect(gentask.wait(ref, { timeout: "20 seconds" })).rejects.toMatchObject({
    _tag: "ProviderError",
    reason: { _tag: "Unauthorized", code: "1000", message: "Authentication failed", requestId: "r1" }
  })
  expect(vendor.requests).toEqual([`${path} signed`])
})
