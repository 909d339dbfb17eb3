import { createHash } from "node:crypto"
import { mkdir, symlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { TaskRecord } from "../../src/store/TrackerStore.ts"
import { startServer } from "../support/startServer.ts"
import type { TestServer } from "../support/startServer.ts"

let server: TestServer
const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251))
const sha256 = createHash("sha256").update(bytes).digest("hex")

const addFile = (ref: string, path: string, changes: Partial<TaskRecord["files"][number]> = {}): string => {
  const file = { path, kind: "image", role: "result", mediaType: "image/png", bytes: bytes.length, sha256 }
  server.store.setTask(ref, { status: "succeeded", saveState: "saved", files: [{ ...file, ...changes }] })
  return `/v1/tasks/${encodeURIComponent(ref)}/outputs/0`
}

let path: string

beforeAll(async () => {
  server = await startServer()
  const file = join(server.dir, 'jimmy-1 "ü".png')
  await writeFile(file, bytes)
  path = addFile("jimmy:1", file)
})
afterAll(() => server.close())

const bodyOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer())

it("sends the file with its digest, type and name", async () => {
  const response = await server.request(path)
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "image/png",
    "content-length": "100000",
    "accept-ranges": "bytes",
    etag: `"${sha256}"`,
    "repr-digest": `sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`,
    "content-disposition": `attachment; filename="jimmy-1 ___.png"; filename*=UTF-8''jimmy-1%20%22%C3%BC%22.png`,
    "x-content-type-options": "nosniff",
    "content-security-policy": "sandbox; default-src 'none'"
  })
  expect((await bodyOf(response)).equals(bytes)).toBe(true)
})

it("lists the URL of the file", async () => {
  const task = (await (await server.request("/v1/tasks/jimmy%3A1")).json()) as {
    files: ReadonlyArray<{ url: string }>
  }
  expect(task.files[0]).toMatchObject({ url: path, name: 'jimmy-1 "ü".png', sha256 })
})

it.each([
  ["bytes=0-99", 0, 99],
  ["bytes=99900-", 99_900, 99_999],
  ["bytes=-10", 99_990, 99_999],
  ["bytes=5-1000000", 5, 99_999],
  ["BYTES=7-7", 7, 7]
])("sends the range %s", async (range, start, end) => {
  const response = await server.request(path, { headers: { range } })
  expect(response.status).toBe(206)
  expect(response.headers.get("content-range")).toBe(`bytes ${start}-${end}/100000`)
  expect((await bodyOf(response)).equals(bytes.subarray(start, end + 1))).toBe(true)
})

it.each(["bytes=100000-", "bytes=-0"])("responds with 416 to the range %s", async (range) => {
  const response = await server.request(path, { headers: { range } })
  expect(response.status).toBe(416)
  expect(response.headers.get("content-type")).toBe("application/problem+json")
})

it.each(["bytes=0-1,5-6", "items=0-1", "bytes=9-5", "bytes=a-b"])(
  "sends the whole file for the range %s",
  async (range) => {
    const response = await server.request(path, { headers: { range } })
    expect([response.status, (await bodyOf(response)).length]).toEqual([200, 100_000])
  }
)

it("checks If-Range and If-None-Match", async () => {
  const range = "bytes=0-9"
  const same = await server.request(path, { headers: { range, "if-range": `"${sha256}"` } })
  expect([same.status, (await bodyOf(same)).length]).toEqual([206, 10])
  const other = await server.request(path, { headers: { range, "if-range": '"other"' } })
  expect([other.status, (await bodyOf(other)).length]).toEqual([200, 100_000])
  const cached = await server.request(path, { headers: { "if-none-match": `"a", W/"${sha256}"` } })
  expect([cached.status, await cached.text()]).toEqual([304, ""])
})

it("responds to HEAD without the file", async () => {
  const response = await server.request(path, { method: "HEAD" })
  expect([response.status, response.headers.get("content-length")]).toEqual([200, "100000"])
  expect(await response.text()).toBe("")
})

it("does not serve files outside of the folder", async () => {
  const outside = join(server.dir, "..", `outside-${process.pid}.png`)
  await writeFile(outside, bytes)
  await symlink(outside, join(server.dir, "link.png"))
  await symlink(join(server.dir, ".."), join(server.dir, "up"))
  await mkdir(join(server.dir, "folder"))
  for (const file of [
    outside,
    join(server.dir, "link.png"),
    `${server.dir}/up/outside-${process.pid}.png`,
    `${server.dir}/../outside-${process.pid}.png`,
    join(server.dir, "folder"),
    server.dir,
    "/dev/zero",
    join(server.dir, "missing.png"),
    "\0"
  ]) {
    const response = await server.request(addFile("jimmy:out", file))
    expect([file, response.status]).toEqual([file, 404])
  }
})

it("does not serve a file whose size has changed", async () => {
  const file = join(server.dir, "short.png")
  await writeFile(file, "short")
  expect((await server.request(addFile("jimmy:short", file))).status).toBe(404)
  expect((await server.request(addFile("jimmy:short", file, { bytes: 5 }))).status).toBe(200)
})

it("serves unknown media types as binary", async () => {
  const file = join(server.dir, "evil.html")
  await writeFile(file, "<script>")
  const evil = addFile("jimmy:evil", file, { bytes: 8, mediaType: "text/html\r\nX-Evil: 1" })
  const response = await server.request(evil)
  expect(response.headers.get("content-type")).toBe("application/octet-stream")
  expect(response.headers.get("x-evil")).toBeNull()
})
