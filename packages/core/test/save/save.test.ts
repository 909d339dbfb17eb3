import { mkdtemp, rm } from "node:fs/promises"
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

const page: FileResponse = { chunks: ["<html>"] }

describe("save", () => {
  const thumbnail = makeOutput({ role: "thumbnail", url: "https://files.example.com/t.png" })
  const preview = makeOutput({ role: "preview", url: "https://files.example.com/p.png" })
  const second = makeOutput({ url: "https://files.example.com/b.png" })

  it.each([
    ["only results by default", undefined, ["acme_1.png", "acme_1+2.png"]],
    ["all outputs", "all", ["acme_1.png", "acme_1+thumbnail.png", "acme_1+preview.png", "acme_1+2.png"]],
    ["the given roles", ["thumbnail", "preview"], ["acme_1+thumbnail.png", "acme_1+preview.png"]]
  ] as const)("saves %s", async (_, roles, names) => {
    const { files, error } = await saveTask(
      dir,
      task([makeOutput(), thumbnail, preview, second]),
      [image, image, image, image],
      { roles }
    )
    expect({ files, error }).toEqual({ files: names.map(file), error: undefined })
  })

  it("saves all outputs of a task without results, unless results are requested", async () => {
    const { files } = await saveTask(dir, task([thumbnail, preview]), [image, image])
    expect(files.map(({ name }) => name)).toEqual(["acme_1+thumbnail.png", "acme_1+preview.png"])
    const { error } = await saveTask(dir, task([thumbnail]), [], { roles: ["result"] })
    expect(error).toEqual({
      tag: "NoOutput",
      message: "acme:1: the task has no output with the requested roles (result). Choose other roles.",
      isRetryable: false
    })
  })

  it("fails if the task has no outputs", async () => {
    expect((await saveTask(dir, task([]), [])).error).toEqual({
      tag: "NoOutput",
      message:
        "acme:1: the task succeeded, but the vendor's response contains no usable output. Query it with the raw option to see the response.",
      isRetryable: false
    })
  })

  it.each(["queued", "running", "unknown"] as const)("fails while the task is %s", async (status) => {
    expect(await saveTask(dir, task([makeOutput()], { status }), [])).toEqual({
      files: [],
      error: {
        tag: "NotSucceeded",
        message: `acme:1: the task is ${status}, so there is nothing to save yet. Wait until it has succeeded.`,
        isRetryable: true
      },
      names: [],
      urls: []
    })
  })

  it.each(["failed", "canceled", "expired"] as const)("fails if the task is %s", async (status) => {
    expect(await saveTask(dir, task([makeOutput()], { status }), [])).toEqual({
      files: [],
      error: {
        tag: "NotSucceeded",
        message: `acme:1: the task ended with status ${status}, so there is nothing to save. Submit a new task.`,
        isRetryable: false
      },
      names: [],
      urls: []
    })
  })

  it("continues after an output that cannot be saved, and reports the files that were saved", async () => {
    const { files, error, names } = await saveTask(
      dir,
      task([makeOutput(), second, preview]),
      [page, image],
      {}
    )
    expect(files).toEqual([file("acme_1+2.png")])
    expect(error).toEqual({
      tag: "NotMedia",
      message:
        "acme:1: expected image data, but https://files.example.com/a.png returned text or an unknown format. Save again, or contact the vendor.",
      isRetryable: true
    })
    expect(names).toEqual(["acme_1+2.png", "acme_1+2.png.json"])
  })

  it("creates the folder", async () => {
    const { files } = await saveTask(dir, task([makeOutput()]), [image], { dir: join(dir, "a", "b") })
    expect(files).toEqual([file(join("a", "b", "acme_1.png"))])
  })
})

describe("maxBytes", () => {
  it("limits the size of a file", async () => {
    const { error } = await saveTask(dir, task([makeOutput()]), [image], { maxBytes: 10 })
    expect(error?.message).toContain(`has ${png.length} bytes, which exceeds the limit of 10 bytes`)
  })

  it("is 8 GiB by default", async () => {
    const large = 8 * 1024 ** 3 + 1
    const response: FileResponse = { headers: { "content-length": String(large) } }
    const { error } = await saveTask(dir, task([makeOutput()]), [response])
    expect(error?.message).toContain(`has ${large} bytes, which exceeds the limit of ${large - 1} bytes`)
  })
})
