import { readFile, rm, writeFile } from "node:fs/promises"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { Output, TaskSnapshot } from "@gentask/core"
import { append } from "../../src/save/download/PartFile.ts"
import type { PartFile } from "../../src/save/download/PartFile.ts"
import { fetchOutput } from "../../src/save/download/fetchOutput.ts"
import { downloadContext, fileServer, temporaryPart } from "../support/fileServer.ts"
import type { FileAnswer } from "../support/fileServer.ts"
import { instantClock } from "../support/instantClock.ts"

const start = Date.parse("2026-01-01T00:00:00Z")
const media = (name: string) => readFile(new URL(`../../../emulator/media/${name}`, import.meta.url))
const [png, gif] = await Promise.all([media("sample.png"), media("sample.gif")])

const output = (url: string, rest: Partial<Output> = {}): Output => ({
  kind: "image",
  role: "result",
  url,
  inline: null,
  mediaType: null,
  width: null,
  height: null,
  expiresAt: null,
  ...rest
})

const taskWith = (outputs: ReadonlyArray<Output>): TaskSnapshot => ({
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
  warnings: []
})

const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1")
const whole = (bytes: Uint8Array): FileAnswer => ({
  headers: { "content-length": String(bytes.length) },
  chunks: [binary(bytes)]
})

interface Options {
  readonly output?: Output
  readonly others?: ReadonlyArray<Output>
  readonly attempts?: number
  /** What the provider says when it is asked again, in order; a text is an error. */
  readonly refreshed?: ReadonlyArray<ReadonlyArray<Output> | string>
  /** Done to the part file while the answer of that number is under way. */
  readonly meddle?: (part: PartFile) => Promise<void>
}

const fetch = async (answers: ReadonlyArray<FileAnswer>, options: Options = {}) => {
  await using part = await temporaryPart()
  const { output: wanted = output("https://files.example.com/a.png?sig=1"), others = [] } = options
  const task = taskWith([...others, wanted])
  const clock = instantClock(start)
  const server = fileServer(answers)
  const retries: Array<readonly [string, string]> = []
  let refreshes = 0
  const refresh = Effect.suspend(() => {
    const next = options.refreshed?.[refreshes] ?? "not asked for"
    refreshes += 1
    return typeof next === "string" ? Effect.fail(next) : Effect.succeed(taskWith(next))
  })
  const { meddle } = options
  const transport: typeof server.transport =
    meddle === undefined
      ? server.transport
      : {
          ...server.transport,
          open: (request) =>
            Effect.tap(server.transport.open(request), () => Effect.promise(() => meddle(part)))
        }
  const result = await Effect.runPromise(
    clock.run(
      Effect.result(
        fetchOutput(task, wanted, part, {
          ...downloadContext(transport, { maxBytes: 100_000 }),
          refresh,
          attempts: options.attempts ?? 3,
          onRetry: (ref, why) => retries.push([ref, why])
        })
      )
    )
  )
  return {
    media: result._tag === "Success" ? result.success : undefined,
    error:
      result._tag === "Failure"
        ? { problem: result.failure.problem, message: result.failure.message.replace(part.path, "PART") }
        : undefined,
    slept: clock.slept,
    retries: retries.map(([, why]) => why),
    refs: [...new Set(retries.map(([ref]) => ref))],
    refreshes,
    urls: server.asked().map(({ url }) => url)
  }
}

const isPng = { mime: "image/png", extension: "png" }

describe("an output's link", () => {
  it("is fetched once where nothing goes wrong, without asking the provider", async () => {
    expect(await fetch([whole(png)])).toEqual({
      media: isPng,
      error: undefined,
      slept: [],
      retries: [],
      refs: [],
      refreshes: 0,
      urls: ["https://files.example.com/a.png?sig=1"]
    })
  })

  it("is tried again after waits that grow to ten seconds while nothing comes", async () => {
    const { slept, retries, refs, error, refreshes } = await fetch(
      Array.from({ length: 9 }, () => ({ status: 503 })),
      { attempts: 9 }
    )
    expect({ slept, refreshes, refs }).toEqual({
      slept: [250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000],
      refreshes: 0,
      refs: ["acme:1"]
    })
    expect(new Set(retries)).toEqual(new Set(["the file server answered HTTP 503"]))
    expect(error).toEqual({
      problem: "DownloadFailed",
      message:
        "acme:1: https://files.example.com/a.png could not be saved: the file server answered HTTP 503. Run the same again; what came so far is kept."
    })
  })

  it("is waited for as long as the file server asks", async () => {
    const { slept, media: found } = await fetch([
      { status: 503, headers: { "retry-after": "60" } },
      whole(png)
    ])
    expect({ slept, found }).toEqual({ slept: [60_000], found: isPng })
  })

  it("has all its attempts again as soon as new bytes come", async () => {
    const bytes = binary(png)
    const cut = (from: number, to: number): FileAnswer => ({
      ...(from === 0
        ? { headers: { "content-length": String(png.length), etag: '"v"' } }
        : {
            status: 206,
            headers: { "content-range": `bytes ${from}-${png.length - 1}/${png.length}`, etag: '"v"' }
          }),
      chunks: [bytes.slice(from, to)]
    })
    const { media: found, slept } = await fetch(
      [cut(0, 10), { status: 503 }, cut(10, 20), { status: 503 }, cut(20, png.length)],
      { attempts: 2 }
    )
    expect({ found, slept }).toEqual({ found: isPng, slept: [125, 250, 125, 250] })
  })

  it("that is refused for good is not tried again", async () => {
    const { error, slept, refreshes } = await fetch([{ status: 451 }])
    expect({ error, slept, refreshes }).toEqual({
      error: {
        problem: "DownloadFailed",
        message:
          "acme:1: https://files.example.com/a.png could not be saved: the file server answered HTTP 451. Ask the vendor; the task itself is done."
      },
      slept: [],
      refreshes: 0
    })
  })

  it("to a private address is not opened", async () => {
    const { error, urls } = await fetch([], { output: output("http://10.0.0.1/a.png") })
    expect({ error, urls }).toEqual({
      error: {
        problem: "UnsafeLink",
        message:
          "acme:1: http://10.0.0.1/a.png could not be saved: 10.0.0.1 is a private address. It was not opened."
      },
      urls: []
    })
  })

  it("to a file larger than the limit is not tried again", async () => {
    const { error } = await fetch([{ headers: { "content-length": "100001" } }])
    expect(error).toEqual({
      problem: "TooLarge",
      message:
        "acme:1: https://files.example.com/a.png could not be saved: it is 100001 bytes, and the limit is 100000. Raise the limit (maxBytes) if you want it."
    })
  })
})

describe("a dead link", () => {
  const living = output("https://files.example.com/a.png?sig=2")
  const other = output("https://files.example.com/other.png")

  it("is renewed at once by asking the provider, and the next time after a while", async () => {
    const {
      slept,
      urls,
      media: found
    } = await fetch([{ status: 403 }, { status: 404 }, whole(png)], {
      refreshed: [[living], [output("https://files.example.com/a.png?sig=3")]],
      attempts: 3
    })
    expect({ slept, urls, found }).toEqual({
      slept: [0, 500],
      urls: [
        "https://files.example.com/a.png?sig=1",
        "https://files.example.com/a.png?sig=2",
        "https://files.example.com/a.png?sig=3"
      ],
      found: isPng
    })
  })

  it("is renewed before it is opened, where its hour has come", async () => {
    const { urls, refreshes } = await fetch([whole(png)], {
      output: output("https://files.example.com/a.png?sig=1", { expiresAt: new Date(start) }),
      refreshed: [[living]]
    })
    expect({ urls, refreshes }).toEqual({ urls: [living.url], refreshes: 1 })
  })

  it("is not renewed before its hour", async () => {
    const { urls, refreshes } = await fetch([whole(png)], {
      output: output("https://files.example.com/a.png?sig=1", { expiresAt: new Date(start + 1) })
    })
    expect({ urls, refreshes }).toEqual({ urls: ["https://files.example.com/a.png?sig=1"], refreshes: 0 })
  })

  it("of the second of two results is replaced by the second", async () => {
    const { urls } = await fetch([{ status: 410 }, whole(png)], {
      others: [output("https://files.example.com/t.png", { role: "thumbnail" }), other],
      refreshed: [[other, living, output("https://files.example.com/p.png", { role: "preview" })]]
    })
    expect(urls[1]).toBe(living.url)
  })

  it.each([
    ["has other outputs now", [other, living]],
    ["has no output now", []],
    ["cannot be asked", "no"]
  ] as const)(
    "is tried again as it is where the provider %s, and given up in the end",
    async (_, refreshed) => {
      const { urls, error } = await fetch([{ status: 403 }, { status: 403 }], {
        refreshed: [refreshed, refreshed],
        attempts: 2
      })
      expect(new Set(urls)).toEqual(new Set(["https://files.example.com/a.png?sig=1"]))
      expect(error).toEqual({
        problem: "LinkExpired",
        message:
          "acme:1: https://files.example.com/a.png could not be saved: the file server answered HTTP 403. The provider gave no living link; the task itself is done."
      })
    }
  )
})

describe("what came", () => {
  it.each([
    ["a web page", { chunks: ["<html>busy</html>"] }, "what came is no image, but text or something unknown"],
    ["nothing", { chunks: [] }, "not one byte came"]
  ])("is asked for again, from a new link, where it is %s", async (_, answer, why) => {
    const { media: found, retries, refreshes, slept } = await fetch([answer, whole(png)])
    expect({ found, retries, refreshes, slept }).toEqual({
      found: isPng,
      retries: [why],
      refreshes: 1,
      slept: [250]
    })
  })

  it.each([
    ["NotMedia", { chunks: ["<html>"] }, "what came is no image, but text or something unknown"],
    ["Empty", { chunks: [] }, "not one byte came"]
  ])("is told as %s in the end", async (problem, answer, why) => {
    expect((await fetch([answer, answer], { attempts: 2 })).error).toEqual({
      problem,
      message: `acme:1: https://files.example.com/a.png could not be saved: ${why}. Run the same again, or ask the vendor.`
    })
  })

  it("without a length is whole only with the end of its format", async () => {
    const { media: found, retries } = await fetch([
      { chunks: [binary(gif.subarray(0, -1))] },
      { chunks: [binary(gif)] }
    ])
    expect({ found, retries }).toEqual({
      found: { mime: "image/gif", extension: "gif" },
      retries: ["the file ends before its end"]
    })
  })

  it("with its whole length is believed to be whole", async () => {
    const cut = gif.subarray(0, -1)
    expect((await fetch([whole(cut)])).media).toEqual({ mime: "image/gif", extension: "gif" })
  })

  it("is not mixed with what somebody else wrote into the part file", async () => {
    let meddled = 0
    const { media: found, retries } = await fetch([whole(png), whole(png)], {
      meddle: async (part) => {
        meddled += 1
        // Behind the part's back: its own size does not grow.
        if (meddled === 1) await part.handle.write(Buffer.from("x"), 0, 1, png.length)
      }
    })
    expect({ found, retries }).toEqual({
      found: isPng,
      retries: ["the part file was changed by somebody else"]
    })
  })

  it("is not taken for what somebody else put in the place of the part file", async () => {
    const { media: found, error } = await fetch([whole(png), whole(png)], {
      attempts: 2,
      meddle: async (part) => {
        await rm(part.path)
        await writeFile(part.path, png.subarray(0, 50))
      }
    })
    expect({ found, error }).toEqual({
      found: undefined,
      error: {
        problem: "DownloadFailed",
        message:
          "acme:1: https://files.example.com/a.png could not be saved: the part file was changed by somebody else. Run the same again; what came so far is kept."
      }
    })
  })

  it("cannot be written where the disk refuses it", async () => {
    const { error } = await fetch([whole(png)], {
      meddle: async (part) => {
        await append(part, [])
        Object.assign(part.handle, {
          writev: () => Promise.reject(Object.assign(new Error("no"), { code: "EIO" }))
        })
      }
    })
    expect(error).toEqual({
      problem: "NotWritable",
      message: "acme:1: cannot write to PART (EIO). Choose a folder that you may write to."
    })
  })
})
