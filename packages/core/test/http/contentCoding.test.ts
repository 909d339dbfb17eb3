import { gzipSync, brotliCompressSync, deflateRawSync, deflateSync, zstdCompressSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { createGentask } from "@gentask/core"
import { UndiciTransport } from "@gentask/core/effect"
import { account, working } from "../support/acme.ts"
import { startServer } from "../support/httpServer.ts"
import { send } from "../support/transport.ts"

const json = (size = 100): string => JSON.stringify({ text: "é".repeat(size / 2), list: [1, 2, 3] })

interface Sent {
  readonly coding?: string
  readonly body: Buffer | string
  readonly status?: number
  readonly maxBytes?: number
}

/** Requests a response from a real server. */
const receive = async ({ coding, body, status = 200, maxBytes = 10_000_000 }: Sent) => {
  await using server = await startServer((_, response) => {
    response.writeHead(status, coding === undefined ? {} : { "content-encoding": coding }).end(body)
  })
  // The server closes at the end of this function.
  return await send(UndiciTransport.layer, server.baseUrl, { maxBytes })
}

/** From tiny bodies, which are decoded at once, to large ones, which are decoded in a thread. */
const sizes = [2, 1000, 400_000, 3_000_000]

describe("a request", () => {
  it("accepts the content codings that are decoded", async () => {
    await using server = await startServer(({ headers }, response) =>
      response.end(headers["accept-encoding"])
    )
    expect(await send(UndiciTransport.layer, server.baseUrl)).toMatchObject({
      text: "gzip, deflate, br, zstd"
    })
    const headers = { "accept-encoding": "identity" }
    expect(await send(UndiciTransport.layer, server.baseUrl, { headers })).toMatchObject({ text: "identity" })
  })
})

describe("a response", () => {
  const codings: ReadonlyArray<readonly [string, (body: Buffer) => Buffer]> = [
    ["gzip", gzipSync],
    ["x-gzip", gzipSync],
    ["GZip", gzipSync],
    ["deflate", deflateSync],
    ["deflate", deflateRawSync],
    ["br", brotliCompressSync],
    ["zstd", zstdCompressSync],
    ["identity", (body) => body],
    ["", (body) => body],
    ["gzip, br", (body) => brotliCompressSync(gzipSync(body))],
    ["identity, deflate,, zstd", (body) => zstdCompressSync(deflateSync(body))]
  ]

  it.each(codings)("with the coding %j is decoded, whatever its size is (%#)", async (coding, encode) => {
    for (const size of sizes) {
      const text = json(size)
      const response = await receive({ coding, body: encode(Buffer.from(text)) })
      expect(response).toMatchObject({ status: 200, text })
      expect(response).not.toHaveProperty("bodyError")
    }
  })

  it("is decoded with its charset after its content coding", async () => {
    await using server = await startServer((_, response) => {
      const headers = { "content-encoding": "gzip", "content-type": "application/json; charset=gbk" }
      response.writeHead(200, headers).end(gzipSync(Buffer.from("7b2261223a22d6d0cec4227d", "hex")))
    })
    expect(await send(UndiciTransport.layer, server.baseUrl)).toMatchObject({ text: '{"a":"中文"}' })
  })

  it.each(["gzip", "deflate", "br", "zstd", "gzip, gzip", "utf-8"])(
    "that is plain JSON is accepted although it is declared as %s",
    async (coding) => {
      for (const text of [json(), ` [${json()}]`, `\uFEFF${json()}`]) {
        const response = await receive({ coding, body: text })
        expect(response).toMatchObject({ text: text.replace("\uFEFF", "") })
      }
    }
  )

  it("that is encoded once is accepted although its coding is declared twice", async () => {
    expect(await receive({ coding: "gzip, gzip", body: gzipSync(json()) })).toMatchObject({ text: json() })
  })

  it.each(codings.slice(0, 7))("without a body is accepted with the coding %s (%#)", async (coding) => {
    expect(await receive({ coding, body: "", status: 202 })).toMatchObject({ status: 202, text: "" })
  })

  it.each(["compress", "aws-chunked", "x".repeat(100)])(
    "with the unknown coding %s has an error",
    async (coding) => {
      expect(await receive({ coding, body: "oops", status: 500 })).toMatchObject({
        status: 500,
        text: "",
        bodyError: `The response has the content coding "${coding.slice(0, 40)}", which is not supported`
      })
    }
  )

  it.each(["gzip", "deflate", "br", "zstd"])("that is no valid %s data has an error", async (coding) => {
    expect(await receive({ coding, body: "this is not encoded" })).toMatchObject({
      text: "",
      bodyError: `The response is not valid ${coding} data`
    })
  })

  it("with corrupt gzip data has an error", async () => {
    const body = gzipSync(json(10_000))
    body.writeUInt8(body.readUInt8(30) ^ 0xff, 30)
    expect(await receive({ coding: "gzip", body })).toMatchObject({
      bodyError: "The response is not valid gzip data"
    })
  })

  it("with too many codings has an error", async () => {
    expect(await receive({ coding: "gzip,".repeat(6), body: gzipSync(json()) })).toMatchObject({
      bodyError: "The response has more than 5 content codings"
    })
  })

  it.each(codings.slice(0, 7))(
    "that ends too early is retryable with the coding %s (%#)",
    async (coding, encode) => {
      for (const size of sizes) {
        const body = encode(Buffer.from(json(size)))
        for (const length of [1, body.length >> 1, body.length - 1]) {
          const response = await receive({ coding, body: body.subarray(0, length) })
          expect(response).toEqual({
            _tag: "Unreachable",
            message: expect.stringMatching(
              /^127\.0\.0\.1:\d+ closed the connection before its response was complete$/
            )
          })
        }
      }
    }
  )

  it.each(codings.slice(0, 7))(
    "is limited in its decoded size with the coding %s (%#)",
    async (coding, encode) => {
      const body = encode(Buffer.alloc(20_000_000, 32))
      for (const maxBytes of [100_000, 1_000_000, 19_999_999]) {
        expect(await receive({ coding, body, maxBytes })).toMatchObject({
          _tag: "ResponseTooLarge",
          httpStatus: 200,
          message: `The response is larger than ${maxBytes} bytes`
        })
      }
      for (const maxBytes of [20_000_000, Number.POSITIVE_INFINITY]) {
        expect(await receive({ coding, body, maxBytes })).toMatchObject({ status: 200 })
      }
    }
  )
})

describe("an incomplete response", () => {
  it.each([
    ["is shorter than its content-length", "content-length: 100\r\n\r\n{}"],
    [
      "is gzip data that is shorter than its content-length",
      "content-encoding: gzip\r\ncontent-length: 100\r\n\r\n{}"
    ],
    ["has no last chunk", "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"],
    ["has a partial chunk", "transfer-encoding: chunked\r\n\r\n9\r\n{}"]
  ])("is retryable if it %s", async (_, rest) => {
    await using server = await startServer(({ socket }) => socket.end(`HTTP/1.1 200 OK\r\n${rest}`))
    expect(await send(UndiciTransport.layer, server.baseUrl)).toMatchObject({ _tag: "Unreachable" })
  })
})

describe("a query", () => {
  const corrupt = gzipSync(JSON.stringify(working)).fill(255, 10)

  /** The error of a query about a task whose response is corrupt gzip data. */
  const errorOf = async (status: number): Promise<unknown> => {
    await using server = await startServer((_, response) =>
      response.writeHead(status, { "content-encoding": "gzip" }).end(corrupt)
    )
    await using gentask = createGentask({ providers: [account({ baseUrl: server.baseUrl })], retry: false })
    return await gentask.query("acme:1").catch((error: unknown) => error)
  }

  it.each([
    [200, "UnexpectedResponse"],
    // Not an accepted query without content.
    [202, "UnexpectedResponse"],
    [401, "Unauthorized"],
    [404, "TaskNotFound"],
    [503, "Unavailable"]
  ])("whose response of HTTP %s cannot be decoded fails with %s", async (status, tag) => {
    expect(await errorOf(status)).toMatchObject({
      _tag: "ProviderError",
      reason: { _tag: tag, httpStatus: status, message: "The response is not valid gzip data" }
    })
  })
})
