import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { FileResponse } from "../support/fileServer.ts"
import { file, image, saveTask, task } from "../support/saveTask.ts"
import { makeOutput } from "../support/snapshot.ts"
import { png } from "../support/mediaFiles.ts"

let dir = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

describe("save after an interrupted download", () => {
  const truncated = (headers: Readonly<Record<string, string>>): FileResponse => ({
    headers: { "content-length": String(png.length), ...headers },
    chunks: [png.subarray(0, 10).toString("latin1"), new Error("reset")]
  })
  const rejected: FileResponse = { status: 451 }

  it("keeps the part file and resumes it in the next call", async () => {
    const responses = [truncated({ etag: '"v"' }), rejected]
    const { names } = await saveTask(dir, task([makeOutput()]), responses, { attempts: 2 })
    expect(names).toEqual([".acme_1.part", ".acme_1.part.json"])
    const rest: FileResponse = {
      status: 206,
      headers: { "content-range": `bytes 10-${png.length - 1}/${png.length}`, etag: '"v"' },
      chunks: [png.subarray(10).toString("latin1")]
    }
    const again = await saveTask(dir, task([makeOutput()]), [rest])
    expect(again).toEqual({
      files: [file("acme_1.png")],
      error: undefined,
      names: ["acme_1.png", "acme_1.png.json"],
      urls: ["https://files.example.com/a.png"]
    })
    expect(await readFile(join(dir, "acme_1.png"))).toEqual(png)
  })

  it("does not resume the part file of another output", async () => {
    const responses = [truncated({ etag: '"v"' }), rejected]
    await saveTask(dir, task([makeOutput()]), responses, { attempts: 2 })
    const other = makeOutput({ url: "https://files.example.com/b.png" })
    const { files, names } = await saveTask(dir, task([other]), [image])
    expect({ files, names }).toEqual({
      files: [file("acme_1.png")],
      names: ["acme_1.png", "acme_1.png.json"]
    })
    expect(await readFile(join(dir, "acme_1.png"))).toEqual(png)
  })

  it.each([
    ["the download cannot be resumed", [truncated({}), rejected]],
    ["no byte was received", [rejected]]
  ])("removes the part file if %s", async (_, responses) => {
    expect((await saveTask(dir, task([makeOutput()]), responses, { attempts: 2 })).names).toEqual([])
  })

  it("reports the time limit that was exceeded", async () => {
    const { error } = await saveTask(
      dir,
      task([makeOutput()]),
      Array.from({ length: 9 }, () => ({ status: 503 })),
      { attempts: 9, timeout: "100 millis" }
    )
    expect(error).toEqual({
      tag: "TimedOut",
      message: "acme:1: saving took longer than 100ms. Save again to resume, or raise the timeout.",
      isRetryable: true
    })
  })
})

describe("save with an existing file of the same name", () => {
  it("keeps a file that is not the output, unless overwrite is set", async () => {
    const path = join(dir, "acme_1.png")
    await writeFile(path, "mine")
    const rejected = await saveTask(dir, task([makeOutput()]), [])
    expect({ ...rejected, content: await readFile(path, "utf8") }).toEqual({
      files: [],
      error: {
        tag: "FileExists",
        message:
          "acme:1: DIR/acme_1.png already exists and is not this output. Move it, choose another folder, or set overwrite.",
        isRetryable: false
      },
      names: ["acme_1.png"],
      urls: [],
      content: "mine"
    })
    const { files } = await saveTask(dir, task([makeOutput()]), [image], { overwrite: true })
    expect(files).toEqual([file("acme_1.png")])
    expect(await readFile(path)).toEqual(png)
  })

  it("does not download an output that was saved before", async () => {
    await saveTask(dir, task([makeOutput()]), [image])
    expect(await saveTask(dir, task([makeOutput()]), [], { overwrite: true })).toEqual({
      files: [{ ...file("acme_1.png"), alreadySaved: true }],
      error: undefined,
      names: ["acme_1.png", "acme_1.png.json"],
      urls: []
    })
  })

  it("replaces a truncated copy of the output", async () => {
    await saveTask(dir, task([makeOutput()]), [image])
    await writeFile(join(dir, "acme_1.png"), "truncated")
    expect((await saveTask(dir, task([makeOutput()]), [image])).files).toEqual([file("acme_1.png")])
    expect(await readFile(join(dir, "acme_1.png"))).toEqual(png)
  })
})
