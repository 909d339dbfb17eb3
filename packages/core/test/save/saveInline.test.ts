import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { toJson } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"
import { file, saveTask, task } from "../support/saveTask.ts"
import { makeOutput } from "../support/snapshot.ts"
import { gif, jpeg, mp3, mp4, png, webm, webp } from "../support/mediaFiles.ts"

let dir = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

describe("save with inline media", () => {
  const inline = (base64: string) => makeOutput({ url: null, inline: { base64, bytes: 1 } })

  it("saves the media without a request", async () => {
    const { files, names, urls } = await saveTask(dir, task([inline(png.toString("base64"))]), [])
    expect({ files, names, urls }).toEqual({
      files: [file("acme_1.png")],
      names: ["acme_1.png", "acme_1.png.json"],
      urls: []
    })
    expect(await readFile(join(dir, "acme_1.png"))).toEqual(png)
  })

  it("does not use the part file of an earlier run", async () => {
    await writeFile(join(dir, ".acme_1.part"), "older bytes")
    await writeFile(join(dir, ".acme_1.part.json"), '{"validator":"x"}')
    const { names } = await saveTask(dir, task([inline(png.toString("base64"))]), [])
    expect(await readFile(join(dir, "acme_1.png"))).toEqual(png)
    expect(names).toEqual(["acme_1.png", "acme_1.png.json"])
  })

  it.each([
    ["a PNG", png],
    ["a JPEG", jpeg],
    ["a WebP", webp],
    ["a GIF", gif],
    ["an MP4", mp4]
  ])("refuses a truncated one: %s", async (_, bytes) => {
    for (const length of [bytes.length - 1, Math.floor(bytes.length / 2)]) {
      const truncated = inline(bytes.subarray(0, length).toString("base64"))
      const { error, names } = await saveTask(dir, task([truncated]), [])
      expect({ error, names }).toEqual({
        error: {
          tag: "Truncated",
          message:
            "acme:1: the inline image of the response is truncated. Query the task again, or contact the vendor.",
          isRetryable: false
        },
        names: []
      })
    }
  })

  it.each([
    ["an MP4", mp4],
    ["an MP3", mp3()],
    ["a WebM without a size", webm("unknown")]
  ])("saves a complete one whose end cannot be proved: %s", async (_, bytes) => {
    expect((await saveTask(dir, task([inline(bytes.toString("base64"))]), [])).error).toBeUndefined()
  })

  it("fails and leaves no file if the content is not media", async () => {
    const { error, names } = await saveTask(dir, task([inline(Buffer.from("busy").toString("base64"))]), [])
    expect({ error, names }).toEqual({
      error: {
        tag: "NotMedia",
        message:
          "acme:1: expected image data, but the inline media of the response is text or an unknown format. Contact the vendor.",
        isRetryable: false
      },
      names: []
    })
  })

  it("uses the vendor's media type for a format without a signature", async () => {
    const bytes = Buffer.from([0, 1, 2, 3, 255, 254, 0, 7]).toString("base64")
    const audio = { ...inline(bytes), kind: "audio" as const, mediaType: "audio/aac" }
    expect((await saveTask(dir, task([audio]), [])).files.map(({ name }) => name)).toEqual(["acme_1.aac"])
  })
})

describe("save of a snapshot that lacks the bytes of its inline media", () => {
  const withoutBytes = makeOutput({ url: null, inline: { base64: "", bytes: png.length } })
  const withBytes = makeOutput({ url: null, inline: { base64: png.toString("base64"), bytes: png.length } })

  it("queries the task again", async () => {
    const { files } = await saveTask(dir, task([withoutBytes]), [], { refreshed: task([withBytes]) })
    expect(files).toEqual([file("acme_1.png")])
    expect(await readFile(join(dir, "acme_1.png"))).toEqual(png)
  })

  it("queries the task again if it was stored as JSON without them", async () => {
    const stored = JSON.parse(JSON.stringify(toJson(task([withBytes])))) as TaskSnapshot
    const { files } = await saveTask(dir, stored, [], { refreshed: task([withBytes]) })
    expect(files).toEqual([file("acme_1.png")])
  })

  it.each([
    ["the query fails", undefined],
    ["the provider does not return them again", task([withoutBytes])],
    ["the provider returns no outputs", task([])]
  ])("fails if %s", async (_, refreshed) => {
    const options = refreshed === undefined ? {} : { refreshed }
    const { error, names } = await saveTask(dir, task([withoutBytes]), [], options)
    expect({ error, names }).toEqual({
      error: {
        tag: "MissingInlineMedia",
        message:
          "acme:1: the snapshot does not contain the bytes of its inline image, and the provider did not return them again. Query the task, and save that snapshot.",
        isRetryable: true
      },
      names: []
    })
  })
})
