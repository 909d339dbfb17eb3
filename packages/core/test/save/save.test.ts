import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { Output, SaveOptions, TaskSnapshot } from "@gentask/core"
import { save } from "../../src/save/save.ts"
import { fileServer } from "../support/fileServer.ts"
import type { FileAnswer } from "../support/fileServer.ts"

let dir = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const png = await readFile(new URL("../../../emulator/media/sample.png", import.meta.url))
const image: FileAnswer = {
  headers: { "content-length": String(png.length), etag: '"v"' },
  chunks: [png.toString("latin1")]
}
const page: FileAnswer = { chunks: ["<html>"] }

const output = (rest: Partial<Output> = {}): Output => ({
  kind: "image",
  role: "result",
  url: "https://files.example.com/a.png",
  inline: null,
  mediaType: null,
  width: null,
  height: null,
  expiresAt: null,
  ...rest
})

const task = (outputs: ReadonlyArray<Output>, rest: Partial<TaskSnapshot> = {}): TaskSnapshot => ({
  ref: "acme:1",
  provider: "acme",
  account: "acme",
  id: "1",
  status: "succeeded",
  rawStatus: "done",
  progress: null,
  model: null,
  prompt: null,
  createdAt: null,
  updatedAt: null,
  completedAt: null,
  outputs,
  failure: null,
  warnings: [],
  ...rest
})

const saved = async (
  snapshot: TaskSnapshot,
  answers: ReadonlyArray<FileAnswer>,
  options: Partial<SaveOptions> = {}
) => {
  const server = fileServer(answers)
  const result = await Effect.runPromise(
    Effect.result(
      save(
        snapshot,
        { dir, attempts: 1, ...options },
        {
          transport: server.transport,
          isLocal: false,
          credentials: () => undefined,
          refresh: Effect.fail("not asked for")
        }
      )
    )
  )
  const files = result._tag === "Success" ? result.success : result.failure.saved
  return {
    files: files.map(({ path, bytes, alreadySaved }) => ({
      name: path.slice(dir.length + 1),
      bytes,
      alreadySaved
    })),
    error:
      result._tag === "Failure"
        ? { problem: result.failure.problem, message: result.failure.message.replaceAll(dir, "DIR") }
        : undefined,
    names: (await readdir(dir)).toSorted(),
    asked: server.asked().map(({ url }) => url)
  }
}

const file = (name: string) => ({ name, bytes: png.length, alreadySaved: false })

describe("the outputs of a task", () => {
  const thumbnail = output({ role: "thumbnail", url: "https://files.example.com/t.png" })
  const preview = output({ role: "preview", url: "https://files.example.com/p.png" })
  const second = output({ url: "https://files.example.com/b.png" })

  it.each([
    ["its results alone, unless more is asked for", undefined, ["acme_1.png", "acme_1+2.png"]],
    ["all", "all", ["acme_1.png", "acme_1+thumbnail.png", "acme_1+preview.png", "acme_1+2.png"]],
    ["some", ["thumbnail", "preview"], ["acme_1+thumbnail.png", "acme_1+preview.png"]]
  ] as const)("are saved: %s", async (_, roles, names) => {
    const { files, error } = await saved(
      task([output(), thumbnail, preview, second]),
      [image, image, image, image],
      { roles }
    )
    expect({ files, error }).toEqual({ files: names.map(file), error: undefined })
  })

  it("are saved where none is a result, unless results are asked for", async () => {
    const { files } = await saved(task([thumbnail, preview]), [image, image])
    expect(files.map(({ name }) => name)).toEqual(["acme_1+thumbnail.png", "acme_1+preview.png"])
    const { error } = await saved(task([thumbnail]), [], { roles: ["result"] })
    expect(error).toEqual({
      problem: "NoOutput",
      message:
        "acme:1: the task succeeded, and the vendor's answer holds no output of that role. Ask for the raw answer to see why."
    })
  })

  it("that are not there are told", async () => {
    expect((await saved(task([]), [])).error).toEqual({
      problem: "NoOutput",
      message:
        "acme:1: the task succeeded, and the vendor's answer holds no usable output. Ask for the raw answer to see why."
    })
  })

  it.each(["queued", "running", "failed", "canceled", "expired", "unknown"] as const)(
    "are not saved while the task is %s",
    async (status) => {
      expect(await saved(task([output()], { status }), [])).toEqual({
        files: [],
        error: {
          problem: "NotSucceeded",
          message: `acme:1: it is ${status}, so there is nothing to save. Wait until it has succeeded.`
        },
        names: [],
        asked: []
      })
    }
  )

  it("are saved past one that cannot be, which is told with those that were", async () => {
    const { files, error, names } = await saved(task([output(), second, preview]), [page, image], {})
    expect(files).toEqual([file("acme_1+2.png")])
    expect(error).toEqual({
      problem: "NotMedia",
      message:
        "acme:1: https://files.example.com/a.png could not be saved: what came is no image, but text or something unknown. Run the same again, or ask the vendor."
    })
    expect(names).toEqual(["acme_1+2.png", "acme_1+2.png.json"])
  })

  it("are saved into a folder that is made for them", async () => {
    const { files } = await saved(task([output()]), [image], { dir: join(dir, "a", "b") })
    expect(files).toEqual([file(join("a", "b", "acme_1.png"))])
  })
})

describe("media inside an answer", () => {
  const inline = (base64: string) => output({ url: null, inline: { base64, bytes: 1 } })

  it("is saved without a request", async () => {
    const { files, names, asked } = await saved(task([inline(png.toString("base64"))]), [])
    expect({ files, names, asked }).toEqual({
      files: [file("acme_1.png")],
      names: ["acme_1.png", "acme_1.png.json"],
      asked: []
    })
    expect(await readFile(join(dir, "acme_1.png"))).toEqual(png)
  })

  it("takes the place of what an earlier run left", async () => {
    await writeFile(join(dir, ".acme_1.part"), "older bytes")
    await writeFile(join(dir, ".acme_1.part.json"), '{"validator":"x"}')
    await saved(task([inline(png.toString("base64"))]), [])
    expect(await readFile(join(dir, "acme_1.png"))).toEqual(png)
  })

  it("that is no media is told, and leaves nothing", async () => {
    const { error, names } = await saved(task([inline(Buffer.from("busy").toString("base64"))]), [])
    expect({ error, names }).toEqual({
      error: {
        problem: "NotMedia",
        message: "acme:1: the media inside the answer is no image. Ask the vendor."
      },
      names: []
    })
  })

  it("without a signature is what the vendor says", async () => {
    const bytes = Buffer.from([0, 1, 2, 3, 255, 254, 0, 7]).toString("base64")
    const audio = { ...inline(bytes), kind: "audio" as const, mediaType: "audio/aac" }
    expect((await saved(task([audio]), [])).files.map(({ name }) => name)).toEqual(["acme_1.aac"])
  })
})

describe("a download that ended early", () => {
  const cut = (headers: Readonly<Record<string, string>>): FileAnswer => ({
    headers: { "content-length": String(png.length), ...headers },
    chunks: [png.subarray(0, 10).toString("latin1"), new Error("reset")]
  })
  const gone: FileAnswer = { status: 451 }

  it("is kept where it can be gone on from, and gone on from the next time", async () => {
    const { names } = await saved(task([output()]), [cut({ etag: '"v"' }), gone], { attempts: 2 })
    expect(names).toEqual([".acme_1.part", ".acme_1.part.json"])
    const rest: FileAnswer = {
      status: 206,
      headers: { "content-range": `bytes 10-${png.length - 1}/${png.length}` },
      chunks: [png.subarray(10).toString("latin1")]
    }
    const again = await saved(task([output()]), [rest])
    expect(again).toEqual({
      files: [file("acme_1.png")],
      error: undefined,
      names: ["acme_1.png", "acme_1.png.json"],
      asked: ["https://files.example.com/a.png"]
    })
    expect(await readFile(join(dir, "acme_1.png"))).toEqual(png)
  })

  it.each([
    ["it cannot be gone on from", [cut({}), gone]],
    ["nothing came", [gone]]
  ])("leaves nothing where %s", async (_, answers) => {
    expect((await saved(task([output()]), answers, { attempts: 2 })).names).toEqual([])
  })

  it("by the time limit says which", async () => {
    const { error } = await saved(
      task([output()]),
      Array.from({ length: 9 }, () => ({ status: 503 })),
      {
        attempts: 9,
        timeout: "100 millis"
      }
    )
    expect(error).toEqual({
      problem: "TimedOut",
      message: "acme:1: saving took longer than 100ms. Run the same again; what came so far is kept."
    })
  })
})

describe("a file of that name", () => {
  const advice = "Move it away, choose another folder, or allow it to be replaced (overwrite)."

  it("that is not the output is kept, and replaced where that is allowed", async () => {
    const path = join(dir, "acme_1.png")
    await writeFile(path, "mine")
    const refused = await saved(task([output()]), [])
    expect({ ...refused, mine: await readFile(path, "utf8") }).toEqual({
      files: [],
      error: {
        problem: "FileExists",
        message: `acme:1: DIR/acme_1.png is there already, and is not this output. ${advice}`
      },
      names: ["acme_1.png"],
      asked: [],
      mine: "mine"
    })
    expect((await saved(task([output()]), [image], { overwrite: true })).files).toEqual([file("acme_1.png")])
    expect(await readFile(path)).toEqual(png)
  })

  it("that is the output is told as such, and not fetched again", async () => {
    await saved(task([output()]), [image])
    expect(await saved(task([output()]), [], { overwrite: true })).toEqual({
      files: [{ ...file("acme_1.png"), alreadySaved: true }],
      error: undefined,
      names: ["acme_1.png", "acme_1.png.json"],
      asked: []
    })
  })
})

describe("limits", () => {
  it("of size are those of the options", async () => {
    const { error } = await saved(task([output()]), [image], { maxBytes: 10 })
    expect(error?.message).toContain(`it is ${png.length} bytes, and the limit is 10`)
  })

  it("of size are 8 GiB where nothing else is said", async () => {
    const large = 8 * 1024 ** 3 + 1
    const answer: FileAnswer = { headers: { "content-length": String(large) } }
    const { error } = await saved(task([output()]), [answer])
    expect(error?.message).toContain(`it is ${large} bytes, and the limit is ${large - 1}`)
  })
})
