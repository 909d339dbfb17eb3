import { openAsBlob } from "node:fs"
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { embedFile } from "@gentask/core/provider"
import type { InputFile } from "@gentask/core/provider"
import { encodeEmbeddedFiles, maxEmbeddedBytes } from "../../src/exchange/encodeEmbeddedFiles.ts"
import { encodeBody, withContentType } from "../../src/exchange/encodeBody.ts"
import { encodeMultipart } from "../../src/exchange/encodeMultipart.ts"

const fileOf = (fields: Partial<InputFile> = {}): InputFile => ({
  _tag: "InputFile",
  id: "1",
  name: "fox.png",
  mediaType: "image/png",
  size: 3,
  ...fields
})

const files = new Map([
  ["1", new Blob(["fox"])],
  ["2", new Blob([Buffer.from([0, 255, 10])])]
])

describe("a JSON body", () => {
  it("has its files as base64 or data URLs", async () => {
    const body = {
      binary_data_base64: [embedFile(fileOf()), embedFile(fileOf({ id: "2" }))],
      frame: { url: embedFile(fileOf(), "data-url") },
      prompt: "A fox",
      at: new Date(0)
    }
    const embedded = await encodeEmbeddedFiles(body, files)
    expect(encodeBody({ body: embedded }, files)).toEqual({
      text: '{"binary_data_base64":["Zm94","AP8K"],"frame":{"url":"data:image/png;base64,Zm94"},"prompt":"A fox","at":"1970-01-01T00:00:00.000Z"}',
      contentType: "application/json"
    })
    expect(body.binary_data_base64[0]).toEqual(embedFile(fileOf()))
  })

  it("stays the same object without files", async () => {
    const body = { prompt: "A fox", nested: [{ a: null }] }
    expect(await encodeEmbeddedFiles(body, files)).toBe(body)
  })

  it("must not have files of more than 32 MiB together", async () => {
    const half = maxEmbeddedBytes / 2
    const bytes = new Map([
      ["1", new Blob([Buffer.alloc(half)])],
      ["2", new Blob([Buffer.alloc(half + 1)])]
    ])
    const first = embedFile(fileOf({ size: half }))
    const second = embedFile(fileOf({ id: "2", name: "bear.png", size: half + 1 }))
    await expect(encodeEmbeddedFiles([first, second], bytes)).rejects.toMatchObject({
      _tag: "FileError",
      file: { name: "bear.png" },
      message: `The files inside the request have ${maxEmbeddedBytes + 1} bytes together, but at most ${maxEmbeddedBytes} are allowed. Use smaller files, or URLs if the vendor accepts them.`
    })
    expect(await encodeEmbeddedFiles([first, first], bytes)).toHaveLength(2)
  })

  it("must not have a file that is neither uploaded nor embedded", async () => {
    await expect(encodeEmbeddedFiles({ image: fileOf() }, files)).rejects.toThrow(
      "The file fox.png was neither uploaded nor embedded by the provider."
    )
  })

  it.each([
    ["are missing", fileOf({ id: "3" }), "The bytes of the file fox.png are missing."],
    ["have another size", fileOf({ size: 4 }), "The file fox.png has 3 bytes instead of 4."]
  ])("fails if the bytes of a file %s", async (_, file, message) => {
    await expect(encodeEmbeddedFiles([embedFile(file)], files)).rejects.toThrow(message)
  })

  it("fails if a file was changed", async () => {
    const folder = await mkdtemp(join(tmpdir(), "embed-"))
    const path = join(folder, "a.png")
    await writeFile(path, "fox")
    const changed = new Map([["1", await openAsBlob(path)]])
    await truncate(path, 1)
    await expect(encodeEmbeddedFiles([embedFile(fileOf())], changed)).rejects.toThrow(
      "The file fox.png cannot be read. It may have been changed or deleted."
    )
    await rm(folder, { recursive: true })
  })
})

describe("another body", () => {
  it("is a form", () => {
    expect(encodeBody({ form: { prompt: "a b&c=ü" } }, files)).toEqual({
      text: "prompt=a+b%26c%3D%C3%BC",
      contentType: "application/x-www-form-urlencoded"
    })
  })

  it("is a file, with its media type unless the provider has set one", () => {
    const body = encodeBody({ file: fileOf() }, files)
    expect(body).toEqual({ payload: files.get("1"), contentType: "image/png" })
    expect(withContentType({}, body)).toEqual({ "content-type": "image/png" })
    expect(withContentType({ "content-type": "a/b" }, body)).toEqual({ "content-type": "a/b" })
  })

  it("is a multipart form that other implementations can read", async () => {
    const body = encodeBody(
      {
        multipart: [
          { name: "prompt", value: "A fox\nin the snow 🦊" },
          { name: "image", file: fileOf() },
          { name: "image", file: fileOf({ id: "2", name: "狐.bin", mediaType: "bad\r\ntype" }) }
        ]
      },
      files
    )
    const headers = withContentType({ "content-type": "multipart/form-data" }, body)
    const form = await new Response(body.payload ?? null, { headers }).formData()
    expect(form.get("prompt")).toBe("A fox\r\nin the snow 🦊")
    const [first, second] = form.getAll("image") as ReadonlyArray<File>
    expect([first?.name, first?.type, await first?.text()]).toEqual(["fox.png", "image/png", "fox"])
    expect([second?.name, second?.type]).toEqual(["狐.bin", "application/octet-stream"])
    expect(Buffer.from(await (second ?? new Blob([])).arrayBuffer())).toEqual(Buffer.from([0, 255, 10]))
  })

  it("escapes the names of fields and files as browsers do", async () => {
    const name = 'a"b\r\nc\nd\re%22'
    const { payload } = encodeMultipart([{ name, file: fileOf({ name }) }], files)
    const [, disposition] = (await payload.text()).split("\r\n")
    expect(disposition).toBe(
      'Content-Disposition: form-data; name="a%22b%0D%0Ac%0D%0Ad%0D%0Ae%22"; filename="a%22b%0D%0Ac%0Ad%0De%22"'
    )
  })

  it("has another boundary each time", () => {
    const boundaries = Array.from({ length: 100 }, () => encodeMultipart([], files).contentType)
    expect(new Set(boundaries).size).toBe(100)
  })

  it("must be the only one", () => {
    expect(() => encodeBody({ body: {}, form: {} }, files)).toThrow(
      "has several bodies: body and form. Only one is allowed"
    )
    expect(() => encodeBody({ multipart: [], file: fileOf() }, files)).toThrow(
      "has several bodies: multipart and file"
    )
  })
})
