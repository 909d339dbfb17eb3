/** Uploads to Jimmy and kie.ai. */
import { createHash } from "node:crypto"
import { assert, describe, it } from "vitest"
import type { Emulator } from "../src/index.ts"
import { jimmyPrefix, post } from "./submits.ts"
import { inOrder, send, start } from "./support.ts"
import type { HttpResult } from "./support.ts"

const content = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 255, 13, 10])
const sha256 = createHash("sha256").update(content).digest("hex")

const sendForm = (emulator: Emulator, path: string, form: FormData): Promise<HttpResult> =>
  send(emulator.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${emulator.apiKey}` },
    body: form
  })

const formWith = (file: Blob | string, name = "cat.png", fields: Record<string, string> = {}): FormData => {
  const form = new FormData()
  if (typeof file === "string") form.append("file", file)
  else form.append("file", file, name)
  for (const [key, value] of Object.entries(fields)) form.append(key, value)
  return form
}

const bytesAt = async (url: string): Promise<Uint8Array> =>
  new Uint8Array(await (await fetch(url)).arrayBuffer())

describe("an upload to Jimmy", () => {
  const path = `${jimmyPrefix}/files/upload`

  it("returns a link that the emulator serves", async () => {
    const emulator = await start()
    const { body } = await sendForm(emulator, path, formWith(new Blob([content], { type: "image/png" })))
    assert.strictEqual(body.code, 20_000)
    const { url, filename, size, mime_type: type } = body.data
    assert.deepEqual([filename, size, type], ["cat.png", content.length, "image/png"])
    const response = await fetch(url)
    assert.strictEqual(response.headers.get("content-type"), "image/png")
    assert.deepEqual(new Uint8Array(await response.arrayBuffer()), content)
    const [file] = emulator.uploads()
    assert.deepEqual([file?.service, file?.digest, file?.url], ["jimmy", sha256, url])
    assert.deepEqual(emulator.tasks(), [])
  })

  it("with an undocumented type, or without a file, is refused", async () => {
    const emulator = await start()
    const forms = [formWith(new Blob([content]), "cat.exe"), formWith("text"), new FormData()]
    const codes = await inOrder(forms, async (form) => (await sendForm(emulator, path, form)).body.code)
    assert.deepEqual(codes, ["20002", "20002", "20002"])
    const json = await post(emulator, path, { file: "x" })
    assert.strictEqual(json.body.code, "20002")
    assert.deepEqual(emulator.uploads(), [])
  })

  it("above 100 MB is refused, and the emulator continues to work", async () => {
    const emulator = await start()
    const blob = new Blob([new Uint8Array(100 * 1_048_576 + 1)])
    const { body } = await sendForm(emulator, path, formWith(blob))
    assert.strictEqual(body.code, "20002")
    assert.match(body.msg, /100 MB/)
    const small = await sendForm(emulator, path, formWith(new Blob([content])))
    assert.strictEqual(small.body.code, 20_000)
  })

  it("needs the key", async () => {
    const emulator = await start()
    const { body } = await send(emulator.url + path, { method: "POST", body: formWith(new Blob([content])) })
    assert.strictEqual(body.code, "20001")
  })
})

describe("an upload to kie.ai", () => {
  const url = "/kie/api/file-url-upload"

  it("as a stream returns a link that the emulator serves", async () => {
    const emulator = await start()
    const form = formWith(new Blob([content], { type: "image/png" }), "cat.png", {
      uploadPath: "images/a",
      fileName: "x.png"
    })
    const { body } = await sendForm(emulator, "/kie/api/file-stream-upload", form)
    assert.deepEqual(
      [body.success, body.code, body.data.fileName, body.data.filePath, body.data.mimeType],
      [true, 200, "x.png", "images/a/x.png", "image/png"]
    )
    assert.deepEqual(await bytesAt(body.data.downloadUrl), content)
  })

  it("as base64 accepts bare base64 and data URLs", async () => {
    const emulator = await start()
    const base64 = Buffer.from(content).toString("base64")
    const upload = (base64Data: string) =>
      post(emulator, "/kie/api/file-base64-upload", { base64Data, uploadPath: "images" })
    const results = await inOrder([base64, `data:image/png;base64,${base64}`], upload)
    for (const { body } of results) assert.deepEqual(await bytesAt(body.data.downloadUrl), content)
    assert.deepEqual(
      results.map(({ body }) => body.data.mimeType),
      ["application/octet-stream", "image/png"]
    )
  })

  it("as a URL returns a link", async () => {
    const emulator = await start()
    const { body } = await post(emulator, url, {
      fileUrl: "https://example.com/a.png",
      uploadPath: "images",
      fileName: "a.png"
    })
    assert.strictEqual((await fetch(body.data.downloadUrl)).status, 200)
  })

  it("that is invalid is refused", async () => {
    const emulator = await start()
    const bodies = [
      { fileUrl: "https://example.com/a.png" },
      { fileUrl: "not a link", uploadPath: "a" },
      { fileUrl: "https://example.com/a.png", uploadPath: "/a" },
      { fileUrl: "https://example.com/a.png", uploadPath: "a/" }
    ]
    const codes = await inOrder(bodies, async (body) => (await post(emulator, url, body)).body.code)
    assert.deepEqual(codes, [400, 400, 400, 400])
  })
})

describe("a link to an upload", () => {
  it("of another path does not exist", async () => {
    const emulator = await start()
    assert.strictEqual((await send(`${emulator.url}/uploads/x/y.png`)).status, 404)
  })
})
