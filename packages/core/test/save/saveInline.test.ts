import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { file, png, saveTask, task } from "../support/saveTask.ts"
import { makeOutput } from "../support/snapshot.ts"

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

  it("replaces the part file of an earlier run", async () => {
    await writeFile(join(dir, ".acme_1.part"), "older bytes")
    await writeFile(join(dir, ".acme_1.part.json"), '{"validator":"x"}')
    await saveTask(dir, task([inline(png.toString("base64"))]), [])
    expect(await readFile(join(dir, "acme_1.png"))).toEqual(png)
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
