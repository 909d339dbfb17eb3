import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { SaveSettings } from "@gentask/core"
import type { FileResponse } from "../support/fileServer.ts"
import { gif, jpeg, png } from "../support/mediaFiles.ts"
import { responseOf, saveTask, task } from "../support/saveTask.ts"
import { makeOutput } from "../support/snapshot.ts"

let dir = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const link = (name: string) => makeOutput({ url: `https://files.example.com/${name}?sig=1` })
const [a, b, c] = [link("a.png"), link("b.jpg"), link("c.gif")]
const [ofA, ofB, ofC] = [png, jpeg, gif].map(responseOf) as [FileResponse, FileResponse, FileResponse]
const rejected: FileResponse = { status: 451 }

const save = (
  outputs: ReadonlyArray<ReturnType<typeof link>>,
  responses: ReadonlyArray<FileResponse>,
  options: Partial<SaveSettings> & { readonly refreshed?: ReturnType<typeof task> } = {}
) => saveTask(dir, task(outputs), responses, options)

/** The saved files with the last part of their sources. */
const sources = async () => {
  const names = (await readdir(dir)).filter((name) => name.endsWith(".json") && !name.startsWith("."))
  const pairs = names.map(async (name) => {
    const { source } = JSON.parse(await readFile(join(dir, name), "utf8")) as { readonly source: string }
    return [name.slice(0, -".json".length), source.split("/").at(-1)]
  })
  return Object.fromEntries(await Promise.all(pairs)) as Record<string, string>
}

describe("outputs that the provider lists in another order", () => {
  it("keep their files", async () => {
    await save([a, b], [ofA, ofB])
    const { files, urls } = await save([b, a], [])
    expect(files.map(({ name, alreadySaved }) => [name, alreadySaved])).toEqual([
      ["acme_1+2.jpg", true],
      ["acme_1.png", true]
    ])
    expect(urls).toEqual([])
  })

  it("are each saved once if some could not be saved before", async () => {
    expect((await save([a, b], [ofA, rejected])).error?.tag).toBe("DownloadFailed")
    const { files } = await save([b, a], [ofB])
    expect(files.map(({ name, alreadySaved }) => [name, alreadySaved])).toEqual([
      ["acme_1+2.jpg", false],
      ["acme_1.png", true]
    ])
    expect(await sources()).toEqual({ "acme_1.png": "a.png", "acme_1+2.jpg": "b.jpg" })
  })

  it("are each saved once beside new ones", async () => {
    await save([b], [ofB])
    const { files } = await save([a, b, c], [ofA, ofC])
    expect(files.map(({ name, alreadySaved }) => [name, alreadySaved])).toEqual([
      ["acme_1+2.png", false],
      ["acme_1.jpg", true],
      ["acme_1+3.gif", false]
    ])
    expect(await sources()).toEqual({
      "acme_1.jpg": "b.jpg",
      "acme_1+2.png": "a.png",
      "acme_1+3.gif": "c.gif"
    })
    const again = await save([c, b, a], [])
    expect(again.files.map(({ name }) => name)).toEqual(["acme_1+3.gif", "acme_1.jpg", "acme_1+2.png"])
  })

  it("have the source that their bytes are from if their links were renewed", async () => {
    const renewed = task([link("b.jpg?v=2"), link("a.png?v=2")])
    const expired: FileResponse = { status: 404 }
    await save([a, b], [expired, ofA, expired, ofB], { attempts: 3, refreshed: renewed })
    expect(await sources()).toEqual({ "acme_1.png": "a.png", "acme_1+2.jpg": "b.jpg" })
    expect(await readFile(join(dir, "acme_1.png"))).toEqual(png)
  })

  it("replace a truncated copy under its name", async () => {
    await save([a, b], [ofA, ofB])
    await writeFile(join(dir, "acme_1+2.jpg"), "cut")
    const { files } = await save([b, a], [ofB])
    expect(files.map(({ name, alreadySaved }) => [name, alreadySaved])).toEqual([
      ["acme_1+2.jpg", false],
      ["acme_1.png", true]
    ])
    expect(await readFile(join(dir, "acme_1+2.jpg"))).toEqual(jpeg)
  })

  it("are recognized if only their links have changed", async () => {
    await save([a, b], [ofA, ofB])
    const { files } = await save([link("x"), link("y")], [])
    expect(files.map(({ name }) => name)).toEqual(["acme_1.png", "acme_1+2.jpg"])
  })

  it("are recognized by a manifest without an identity", async () => {
    await save([a, b], [ofA, ofB])
    for (const name of Object.keys(await sources())) {
      const path = join(dir, `${name}.json`)
      const { identity: _, ...rest } = JSON.parse(await readFile(path, "utf8")) as {
        readonly identity: unknown
      }
      await writeFile(path, JSON.stringify(rest))
    }
    expect((await save([b, a], [])).files.map(({ name }) => name)).toEqual(["acme_1+2.jpg", "acme_1.png"])
  })
})

describe("inline outputs", () => {
  const inline = (bytes: Buffer) =>
    makeOutput({ url: null, inline: { base64: bytes.toString("base64"), bytes: bytes.length } })

  it("are recognized by their bytes", async () => {
    await save([inline(png), inline(jpeg)], [])
    const { files } = await save([inline(gif), inline(jpeg), inline(png)], [])
    expect(files.map(({ name, alreadySaved }) => [name, alreadySaved])).toEqual([
      ["acme_1+3.gif", false],
      ["acme_1+2.jpg", true],
      ["acme_1.png", true]
    ])
  })
})

describe("a file of the user with the name of an output", () => {
  it("is kept, and another name is used only for an output whose name another output has", async () => {
    await save([b], [ofB])
    await writeFile(join(dir, "acme_1+2.txt"), "mine")
    expect((await save([a, b], [ofA])).files.map(({ name }) => name)).toEqual(["acme_1+3.png", "acme_1.jpg"])
    await rm(join(dir, "acme_1+3.png"))
    const { error } = await save([b, c], [])
    expect(error).toMatchObject({ tag: "FileExists" })
    expect(await readFile(join(dir, "acme_1+2.txt"), "utf8")).toBe("mine")
  })
})
