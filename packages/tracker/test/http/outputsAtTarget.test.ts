import { createHash } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { TargetConnection, TargetDownload } from "@gentask/core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { startServer } from "../support/startServer.ts"
import type { TestServer } from "../support/startServer.ts"

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))
const sha256 = createHash("sha256").update(bytes).digest("hex")

/** Reuses the memory of its chunks, as the transport does. */
async function* chunksOf(content: Buffer): AsyncGenerator<Uint8Array, void> {
  const chunk = Buffer.alloc(64_000)
  for (let position = 0; position < content.length; position += chunk.length) {
    const length = content.copy(chunk, 0, position)
    yield chunk.subarray(0, length)
    await Promise.resolve()
  }
}

let closed = 0
const download = (content: Buffer): TargetDownload => ({
  status: 200,
  headers: {},
  body: chunksOf(content),
  close: () => {
    closed += 1
    return Promise.resolve()
  }
})

const unused = (): never => {
  throw new Error("The HTTP API does not use this.")
}

const target: TargetConnection = {
  locationOf: (name) => `s3://media/${name}`,
  urlOf: (name) => `https://cdn.example.com/${name}`,
  list: unused,
  readText: unused,
  put: unused,
  check: (name) => Promise.resolve(name === "a.png" ? "complete" : "absent"),
  read: (name, _, range) => {
    if (name === "down.png") return Promise.reject(new Error("down"))
    const { start, end } = range ?? { start: 0, end: bytes.length - 1 }
    return Promise.resolve(name === "a.png" ? download(bytes.subarray(start, end + 1)) : undefined)
  }
}

let server: TestServer
const pathOf = (ref: string, path: string): string => {
  const file = { path, kind: "image", role: "result", mediaType: "image/png", bytes: bytes.length, sha256 }
  server.store.setTask(ref, { status: "succeeded", saveState: "saved", files: [file] })
  return `/v1/tasks/${encodeURIComponent(ref)}/outputs/0`
}

beforeAll(async () => {
  server = await startServer({ target })
})
afterAll(() => server.close())

it("streams a file and ranges of it from the target, and closes the downloads", async () => {
  const path = pathOf("jimmy:1", "s3://media/a.png")
  const whole = await server.request(path)
  expect(whole.headers.get("content-disposition")).toContain('filename="a.png"')
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true)
  const part = await server.request(path, { headers: { range: "bytes=100000-199999" } })
  expect([part.status, part.headers.get("content-range")]).toEqual([206, "bytes 100000-199999/300000"])
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(100_000, 200_000))).toBe(true)
  await expect.poll(() => closed).toBe(2)
})

it("reads nothing for HEAD and for a file that the client has", async () => {
  const path = pathOf("jimmy:1", "s3://media/a.png")
  const before = closed
  expect((await server.request(path, { method: "HEAD" })).headers.get("content-length")).toBe("300000")
  expect((await server.request(path, { headers: { "if-none-match": `"${sha256}"` } })).status).toBe(304)
  expect(closed).toBe(before)
})

it("responds with 404 for a missing file, and with 503 if the target does not respond", async () => {
  const missing = pathOf("jimmy:2", "s3://media/b.png")
  expect((await server.request(missing)).status).toBe(404)
  expect((await server.request(missing, { method: "HEAD" })).status).toBe(404)
  expect((await server.request(pathOf("jimmy:3", "s3://media/down.png"))).status).toBe(503)
  expect((await server.request(pathOf("jimmy:4", "s3://other/a.png"))).status).toBe(404)
})

it("serves files that were saved into the folder before", async () => {
  const file = join(server.dir, "old.png")
  await writeFile(file, bytes)
  const response = await server.request(pathOf("jimmy:5", file))
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true)
})

it("has the public URL of a file at the target, and none of a file in the folder", async () => {
  for (const [path, publicUrl] of [
    ["s3://media/a.png", "https://cdn.example.com/a.png"],
    ["/srv/files/a.png", null]
  ] as const) {
    const task = pathOf("jimmy:public", path).replace(/\/outputs\/0$/, "")
    const response = await server.request(task)
    expect(JSON.parse(await response.text())).toMatchObject({ files: [{ path, publicUrl }] })
  }
})
