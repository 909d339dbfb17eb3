import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { ReadableStream } from "node:stream/web"
import { runInNewContext } from "node:vm"
import * as Effect from "effect/Effect"
import { afterEach, describe, expect, it, vi } from "vitest"
import { attempt } from "../../src/save/download/download.ts"
import type { DownloadContext, DownloadFault } from "../../src/save/download/download.ts"
import { append, restart } from "../../src/save/download/PartFile.ts"
import type { PartFile, Validator } from "../../src/save/download/PartFile.ts"
import { downloadContext, fileServer, temporaryPart } from "../support/fileServer.ts"
import type { FileAnswer } from "../support/fileServer.ts"

const link = new URL("https://files.example.com/a.png")

/** Bytes that an earlier attempt left. */
interface Earlier {
  readonly bytes: string
  readonly known: Validator | undefined
}

const prepare = async (part: PartFile, earlier: Earlier | undefined): Promise<void> => {
  if (earlier === undefined) return
  await restart(part, earlier.known)
  await append(part, [Buffer.from(earlier.bytes)])
}

/** One attempt at the link: what came of it, what is in the part file then, and what was asked. */
const download = async (
  answers: ReadonlyArray<FileAnswer>,
  options: { readonly earlier?: Earlier; readonly url?: URL } & Partial<DownloadContext> = {}
) => {
  const { earlier, url = link, ...rest } = options
  await using part = await temporaryPart()
  await prepare(part, earlier)
  const server = fileServer(answers)
  const exit = await Effect.runPromise(
    Effect.result(attempt(url, part, downloadContext(server.transport, rest)))
  )
  return {
    received: exit._tag === "Success" ? exit.success : undefined,
    fault: exit._tag === "Failure" ? tellOf(exit.failure) : undefined,
    bytes: await readFile(part.path, "utf8"),
    known: part.known,
    asked: server.asked(),
    requests: server.requests
  }
}

const tellOf = ({ kind, message }: DownloadFault) => ({ kind, message })

const file = { headers: { "content-length": "6", "content-type": "image/png", etag: '"v1"' } }
const known: Validator = { validator: '"v1"', total: 6 }
const earlier: Earlier = { bytes: "abc", known }

describe("a request for a file", () => {
  it("asks for the bytes as they are, with patience, and for no private address", async () => {
    const { requests } = await download([{ ...file, chunks: ["abc", "def"] }])
    expect(requests).toEqual([
      {
        url: link,
        headers: { accept: "*/*", "accept-encoding": "identity" },
        timeout: 30_000,
        allowPrivate: false
      }
    ])
  })

  it.each([
    [true, "http://127.0.0.1:8080/a.png", true],
    [true, "https://files.example.com/a.png", false]
  ])(
    "of an account on this machine (%s) may reach %s as a private address: %s",
    async (isLocal, href, may) => {
      const { requests } = await download([{ ...file, chunks: ["abcdef"] }], { isLocal, url: new URL(href) })
      expect(requests.map(({ allowPrivate }) => allowPrivate)).toEqual([may])
    }
  )

  it("takes bytes for bytes, of whatever realm they are", async () => {
    const foreign = runInNewContext("Uint8Array.of(97, 98, 99)") as Uint8Array
    const transport: DownloadContext["transport"] = {
      ...fileServer([]).transport,
      open: () =>
        Effect.succeed({
          status: 200,
          headers: { "content-length": "3" },
          body: ReadableStream.from([foreign])
        })
    }
    expect((await download([], { transport })).bytes).toBe("abc")
  })

  it("goes on where an earlier one ended, if the file is still the same", async () => {
    const { received, bytes, asked } = await download(
      [
        {
          status: 206,
          headers: { "content-range": "bytes 3-5/6", "content-type": "image/png", etag: '"v1"' },
          chunks: ["def"]
        }
      ],
      { earlier }
    )
    expect(asked).toEqual([{ url: link.href, headers: { range: "bytes=3-", "if-range": '"v1"' } }])
    expect({ received, bytes }).toEqual({
      received: { contentType: "image/png", isLengthKnown: true },
      bytes: "abcdef"
    })
  })

  it("is not made for what is whole already", async () => {
    const { received, asked } = await download([], { earlier: { bytes: "abcdef", known } })
    expect({ received, asked }).toEqual({
      received: { contentType: undefined, isLengthKnown: true },
      asked: []
    })
  })

  it("begins anew where nobody knows what the earlier bytes are of", async () => {
    const { bytes, asked } = await download([{ ...file, chunks: ["abcdef"] }], {
      earlier: { bytes: "zzz", known: undefined }
    })
    expect({ bytes, asked }).toEqual({ bytes: "abcdef", asked: [{ url: link.href, headers: {} }] })
  })
})

describe("a whole answer", () => {
  it.each([
    [{ "content-length": "6" }, true],
    [{}, false],
    [{ "content-length": "six" }, false],
    [{ "content-length": "6, 6" }, false]
  ])("with the headers %j has a length that is known: %s", async (headers, isLengthKnown) => {
    const { received, bytes } = await download([{ headers, chunks: ["abc", "def"] }])
    expect({ received, bytes }).toEqual({
      received: { contentType: undefined, isLengthKnown },
      bytes: "abcdef"
    })
  })

  it.each([
    [{ etag: '"v1"', "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" }, '"v1"'],
    [{ etag: 'W/"v1"', "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" }, "Mon, 01 Jan 2024 00:00:00 GMT"],
    [{ "last-modified": "Mon, 01 Jan 2024 00:00:00 GMT" }, "Mon, 01 Jan 2024 00:00:00 GMT"]
  ])("with %j can be gone on from by %s", async (headers, validator) => {
    const { known: noted } = await download([{ headers, chunks: ["abc", new Error("reset")] }])
    expect(noted).toEqual({ validator, total: undefined })
  })

  it.each([[{ etag: 'W/"v1"' }], [{}]])("with %j cannot be gone on from", async (headers) => {
    const { known: noted } = await download([{ headers, chunks: ["abc", new Error("reset")] }])
    expect(noted).toBeUndefined()
  })

  it("takes the place of earlier bytes", async () => {
    const { bytes } = await download([{ ...file, chunks: ["ABCDEF"] }], { earlier })
    expect(bytes).toBe("ABCDEF")
  })

  it("that breaks off is kept, and told", async () => {
    const { fault, bytes, known: noted } = await download([{ ...file, chunks: ["abc", new Error("reset")] }])
    expect({ fault, bytes, known: noted }).toEqual({
      fault: { kind: "Passing", message: "the connection broke off" },
      bytes: "abc",
      known
    })
  })

  it("that is shorter than its length is kept, and longer is not", async () => {
    const short = await download([{ ...file, chunks: ["abc"] }])
    expect({ fault: short.fault, bytes: short.bytes, known: short.known }).toEqual({
      fault: { kind: "Passing", message: "3 of 6 bytes came" },
      bytes: "abc",
      known
    })
    const long = await download([{ ...file, chunks: ["abcdefg"] }])
    expect({ fault: long.fault, bytes: long.bytes, known: long.known }).toEqual({
      fault: { kind: "Passing", message: "7 of 6 bytes came" },
      bytes: "",
      known: undefined
    })
  })

  it("has the digest that the server names, or is thrown away", async () => {
    const digest = createHash("sha256").update("abcdef").digest("base64")
    const headers = { ...file.headers, "repr-digest": `sha-256=:${digest}:` }
    expect((await download([{ headers, chunks: ["abcdef"] }])).received?.isLengthKnown).toBe(true)
    const { fault, bytes } = await download([{ headers, chunks: ["abcdeF"] }])
    expect({ fault, bytes }).toEqual({
      fault: { kind: "Passing", message: "the file does not have the digest that the server names" },
      bytes: ""
    })
  })

  it("has the digest of its body where the server names no other", async () => {
    const md5 = createHash("md5").update("abcdef").digest("base64")
    const { fault } = await download([{ headers: { "content-md5": md5 }, chunks: ["abcdeF"] }])
    expect(fault?.message).toBe("the file does not have the digest that the server names")
  })

  it("has a digest of its own where it is the rest, which says nothing of the whole", async () => {
    const md5 = createHash("md5").update("def").digest("base64")
    const headers = { "content-range": "bytes 3-5/6", "content-md5": md5 }
    const { received } = await download([{ status: 206, headers, chunks: ["def"] }], { earlier })
    expect(received).toEqual({ contentType: undefined, isLengthKnown: true })
  })

  it("is refused where it is larger than the limit, by its length or while it comes", async () => {
    const told = await download([{ ...file, chunks: [new Error("not to be read")] }], { maxBytes: 5 })
    expect(told.fault).toEqual({ kind: "TooLarge", message: "it is 6 bytes, and the limit is 5" })
    const untold = await download([{ chunks: ["abc", "def"] }], { maxBytes: 5 })
    expect(untold).toMatchObject({
      fault: { kind: "TooLarge", message: "it is larger than the limit of 5 bytes" },
      bytes: "abc"
    })
    expect((await download([{ ...file, chunks: ["abc", "def"] }], { maxBytes: 6 })).bytes).toBe("abcdef")
  })
})

describe("the rest of a file", () => {
  const rest = (headers: Readonly<Record<string, string>>, from: Earlier = earlier) =>
    download([{ status: 206, headers, chunks: ["def"] }], { earlier: from })

  it.each([
    ["another place", { "content-range": "bytes 2-5/6" }],
    ["another length", { "content-range": "bytes 3-5/7" }],
    ["no place", {}],
    ["a place in other units", { "content-range": "items 3-5/6" }],
    ["a place and more", { "content-range": "bytes 3-5/6 or so" }],
    ["a place after something", { "content-range": "x bytes 3-5/6" }],
    ["another file", { "content-range": "bytes 3-5/6", etag: '"v2"' }]
  ])("is not believed where it is of %s", async (_, headers) => {
    const { fault, bytes, known: noted } = await rest(headers)
    expect({ fault, bytes, known: noted }).toEqual({
      fault: { kind: "Passing", message: "the server gave another range than the one asked for" },
      bytes: "",
      known: undefined
    })
  })

  it.each([
    ["with blanks around its place", { "content-range": " bytes 3-5/6 " }, known, true],
    ["whose whole nobody measures", { "content-range": "bytes 3-5/*" }, known, true],
    [
      "that tells the length at last",
      { "content-range": "bytes 3-5/6" },
      { ...known, total: undefined },
      true
    ],
    ["of unknown length", { "content-range": "bytes 3-5/*" }, { ...known, total: undefined }, false]
  ])("is taken %s", async (_, headers, noted, isLengthKnown) => {
    const { received, bytes } = await rest(headers, { bytes: "abc", known: noted })
    expect({ received, bytes }).toEqual({
      received: { contentType: undefined, isLengthKnown },
      bytes: "abcdef"
    })
  })

  it("that breaks off is kept with what came before", async () => {
    const answer = {
      status: 206,
      headers: { "content-range": "bytes 3-5/6" },
      chunks: ["d", new Error("reset")]
    }
    const { bytes, known: noted } = await download([answer], { earlier })
    expect({ bytes, known: noted }).toEqual({ bytes: "abcd", known })
  })

  it("that cannot be had means that the file changed", async () => {
    const { fault, bytes } = await download([{ status: 416 }], { earlier })
    expect({ fault, bytes }).toEqual({
      fault: { kind: "Passing", message: "the file changed on the server" },
      bytes: ""
    })
  })

  it.each([206, 416])("that nobody asked for is refused: HTTP %i", async (status) => {
    const { fault } = await download([{ status, headers: { "content-range": "bytes 0-5/6" } }])
    expect(fault).toEqual({ kind: "Refused", message: `the file server answered HTTP ${status}` })
  })
})

describe("a file server's refusal", () => {
  it.each([
    ["Expired", [401, 403, 404, 410]],
    ["Passing", [408, 409, 425, 429, 500, 502, 503, 599]],
    ["Refused", [204, 300, 304, 400, 402, 405, 451, 499]]
  ] as const)("is %s for HTTP %j, and leaves what came before", async (kind, statuses) => {
    for (const status of statuses) {
      const { fault, bytes } = await download([{ status }], { earlier })
      expect({ fault, bytes }).toEqual({
        fault: { kind, message: `the file server answered HTTP ${status}` },
        bytes: "abc"
      })
    }
  })

  it("says how long to wait", async () => {
    await using part = await temporaryPart()
    const { transport } = fileServer([{ status: 503, headers: { "retry-after": "7" } }])
    const fault = await Effect.runPromise(Effect.flip(attempt(link, part, downloadContext(transport))))
    expect(fault.retryAfter).toBe(7000)
  })

  it.each([
    [{ _tag: "Unreachable", message: "no route" } as const, { kind: "Passing", message: "no route" }],
    [{ _tag: "Unreachable" } as const, { kind: "Passing", message: "Unreachable" }],
    [
      { _tag: "Unreachable", code: "PRIVATE_ADDRESS", message: "it is private" } as const,
      { kind: "Unsafe", message: "it is private" }
    ]
  ])("is told for no answer at all: %j", async (answer, fault) => {
    expect((await download([answer])).fault).toEqual(fault)
  })
})

describe("a redirect", () => {
  const to = (location: string, status = 302): FileAnswer => ({ status, headers: { location } })

  it("is followed five times, from where it leads, and the range with it", async () => {
    const { asked, received } = await download(
      [
        to("/b"),
        to("c", 301),
        to("https://other.example.com/d", 307),
        to("/e", 308),
        to("/f", 303),
        {
          status: 206,
          headers: { "content-range": "bytes 3-5/6" },
          chunks: ["def"]
        }
      ],
      { earlier }
    )
    expect(asked.map(({ url }) => url)).toEqual([
      link.href,
      "https://files.example.com/b",
      "https://files.example.com/c",
      "https://other.example.com/d",
      "https://other.example.com/e",
      "https://other.example.com/f"
    ])
    expect(new Set(asked.map(({ headers }) => JSON.stringify(headers)))).toEqual(
      new Set(['{"range":"bytes=3-","if-range":"\\"v1\\""}'])
    )
    expect(received?.isLengthKnown).toBe(true)
  })

  it.each([
    ["a sixth time", Array.from({ length: 6 }, () => to("/b"))],
    ["to no address", [to("http://")]]
  ])("is not followed %s", async (_, answers) => {
    expect((await download(answers)).fault).toEqual({
      kind: "Refused",
      message: "the link redirects without end, or to no address"
    })
  })

  it("without an address is a refusal", async () => {
    expect((await download([{ status: 302 }])).fault).toEqual({
      kind: "Refused",
      message: "the file server answered HTTP 302"
    })
  })

  it.each([200, 299, 304, 400, 404])("is none by a location alone: HTTP %i", async (status) => {
    const { asked } = await download([{ status, headers: { location: "/b" }, chunks: ["abc"] }])
    expect(asked).toHaveLength(1)
  })

  it.each([
    ["http://10.0.0.1/a", "10.0.0.1 is a private address"],
    ["file:///etc/passwd", "file: is not a web address"]
  ])("to %s is not followed", async (location, message) => {
    const { fault, asked } = await download([to(location)])
    expect({ fault, asked: asked.length }).toEqual({ fault: { kind: "Unsafe", message }, asked: 1 })
  })
})

describe("credentials", () => {
  const credentials = () => ({ authorization: "Bearer key" })

  it.each([401, 403])(
    "are shown to the account's own origin when it asks for them by HTTP %i",
    async (status) => {
      const { asked, bytes } = await download([{ status }, { ...file, chunks: ["abcdef"] }], { credentials })
      expect(asked).toEqual([
        { url: link.href, headers: {} },
        { url: link.href, headers: { authorization: "Bearer key" } }
      ])
      expect(bytes).toBe("abcdef")
    }
  )

  it("are made for the very request that is sent", async () => {
    const made: Array<unknown> = []
    await download([{ status: 403 }, { ...file, chunks: ["abcdef"] }], {
      credentials: (request) => {
        made.push(request)
        return { authorization: "Bearer key" }
      }
    })
    expect(made).toEqual([
      {
        method: "GET",
        url: link,
        headers: { accept: "*/*", "accept-encoding": "identity" },
        body: undefined
      }
    ])
  })

  it("are shown to nobody who does not ask, and to no other origin", async () => {
    const served = await download([{ ...file, chunks: ["abcdef"] }], { credentials })
    const missing = await download([{ status: 404 }], { credentials })
    const elsewhere = await download([{ status: 403 }], { credentials: () => undefined })
    const redirected = await download(
      [{ status: 302, headers: { location: "https://other.example.com/" } }, { status: 403 }],
      { credentials }
    )
    for (const { asked } of [served, missing, elsewhere, redirected])
      expect(asked.map(({ headers }) => headers)).toEqual(asked.map(() => ({})))
    expect(redirected.fault?.kind).toBe("Expired")
  })

  it("do not go along with a redirect", async () => {
    const { asked } = await download(
      [
        { status: 401 },
        { status: 302, headers: { location: "https://other.example.com/b" } },
        { ...file, chunks: ["abcdef"] }
      ],
      { credentials }
    )
    expect(asked.map(({ headers }) => headers)).toEqual([{}, { authorization: "Bearer key" }, {}])
  })
})

describe("a connection", () => {
  afterEach(() => vi.restoreAllMocks())

  /** A connection whose every chunk comes so many milliseconds after the one before. */
  const paced = (step: number, minSpeed: number) => {
    let now = 0
    vi.spyOn(performance, "now").mockImplementation(() => (now += step))
    return download([{ headers: { etag: '"v1"' }, chunks: ["aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"] }], {
      minSpeed
    })
  }

  it("slower than the least speed, over half a minute, is given up; what came is kept", async () => {
    const { fault, bytes } = await paced(15_000, 1)
    expect({ fault, bytes }).toEqual({
      fault: { kind: "Passing", message: "fewer than 1 bytes came in a second" },
      bytes: "aaaaaaaaaabbbbbbbbbb"
    })
  })

  it("that was fast and has become slow is given up too", async () => {
    const times = [0, 30_000, 30_000, 60_000]
    vi.spyOn(performance, "now").mockImplementation(() => times.shift() ?? 90_000)
    const chunks = ["a".repeat(60), "b"]
    const { fault, bytes } = await download([{ headers: { etag: '"v1"' }, chunks }], { minSpeed: 1 })
    expect({ fault, bytes }).toEqual({
      fault: { kind: "Passing", message: "fewer than 1 bytes came in a second" },
      bytes: `${"a".repeat(60)}b`
    })
  })

  it("of just the least speed is kept, and one that has not had half a minute yet", async () => {
    expect((await paced(40_000, 0.25)).bytes).toHaveLength(30)
    vi.restoreAllMocks()
    expect((await paced(9_999, 1000)).bytes).toHaveLength(30)
  })
})
