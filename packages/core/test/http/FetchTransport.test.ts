import { randomBytes } from "node:crypto"
import { gzipSync } from "node:zlib"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import { FetchTransport, Transport } from "@gentask/core/effect"
import { startServer } from "../support/httpServer.ts"
import { download, send } from "../support/transport.ts"

const layer = FetchTransport.layer()

describe("FetchTransport", () => {
  it("sends the method, the headers and the body of a request", async () => {
    await using server = await startServer((request, response) => {
      const { method = "", url = "", headers } = request
      const chunks: Array<Buffer> = []
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        response.end([method, url, headers["x-a"], Buffer.concat(chunks).toString("utf8")].join(" "))
      })
    })
    const request = { method: "POST", headers: { "x-a": "1" }, body: "{}" } as const
    expect(await send(layer, `${server.baseUrl}/a?b=c`, request)).toMatchObject({
      status: 200,
      text: "POST /a?b=c 1 {}"
    })
  })

  it("uses the given function", async () => {
    const requested: Array<string> = []
    const fetch = (input: unknown) => {
      requested.push(String(input))
      return Promise.resolve(new Response("\uFEFF{}", { status: 201, headers: { "X-A": "1" } }))
    }
    expect(await send(FetchTransport.layer(fetch), "https://api.vendor.example/a")).toEqual({
      status: 201,
      headers: { "content-type": "text/plain;charset=UTF-8", "x-a": "1" },
      text: "{}"
    })
    expect(requested).toEqual(["https://api.vendor.example/a"])
  })

  it("returns redirects", async () => {
    await using server = await startServer((_, response) =>
      response.writeHead(308, { location: "https://other.example/" }).end()
    )
    const redirect = { status: 308, headers: { location: "https://other.example/" } }
    expect(await send(layer, server.baseUrl)).toMatchObject(redirect)
    expect(await download(layer, server.baseUrl)).toMatchObject(redirect)
  })

  it("returns bodies that the runtime has decoded, with their charset", async () => {
    await using server = await startServer((_, response) => {
      const headers = { "content-encoding": "gzip", "content-type": "application/json; charset=gbk" }
      response.writeHead(200, headers).end(gzipSync(Buffer.from("7b2261223a22d6d0cec4227d", "hex")))
    })
    expect(await send(layer, server.baseUrl)).toMatchObject({ text: '{"a":"中文"}' })
  })

  it("limits the size of a response", async () => {
    await using server = await startServer((_, response) => response.end("x".repeat(1_000_000)))
    expect(await send(layer, server.baseUrl, { maxBytes: 999_999 })).toMatchObject({
      _tag: "ResponseTooLarge",
      message: "The response is larger than 999999 bytes"
    })
    expect(await send(layer, server.baseUrl, { maxBytes: 1_000_000 })).toMatchObject({ status: 200 })
  })

  it.each([
    ["the head", () => undefined],
    ["the rest of the body", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}"]
  ])("fails if %s does not arrive in time", async (_, start) => {
    await using server = await startServer(({ socket }) => typeof start === "string" && socket.write(start))
    expect(await send(layer, server.baseUrl, { timeoutMs: 1000 })).toEqual({
      _tag: "RequestTimedOut",
      message: `${new URL(server.baseUrl).host} did not respond completely in time`,
      delivery: "maybe-sent"
    })
  })

  it("fails if a response is incomplete", async () => {
    await using server = await startServer(({ socket }) =>
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}")
    )
    expect(await send(layer, server.baseUrl)).toMatchObject({ _tag: "Unreachable" })
    const fetch = () => Promise.resolve(new Response("{}", { headers: { "content-length": "9" } }))
    expect(await send(FetchTransport.layer(fetch), "https://api.vendor.example/")).toEqual({
      _tag: "Unreachable",
      message: "api.vendor.example closed the connection before its response was complete"
    })
  })

  it("fails if the connection is refused", async () => {
    const reason = {
      _tag: "Unreachable",
      code: "ECONNREFUSED",
      message: "127.0.0.1:1 refused the connection"
    }
    const fetch = () =>
      Promise.reject(
        new TypeError("fetch failed", { cause: Object.assign(new Error("secret"), { code: "ECONNREFUSED" }) })
      )
    expect(await send(FetchTransport.layer(fetch), "http://127.0.0.1:1")).toEqual({
      ...reason,
      delivery: "maybe-sent"
    })
    expect(await download(FetchTransport.layer(fetch), "http://127.0.0.1:1")).toEqual(reason)
  })

  it("aborts a request when it is interrupted", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    await using server = await startServer(({ socket }) => socket.once("close", () => resolve()))
    const request = { method: "GET", url: new URL(server.baseUrl), headers: {}, body: undefined } as const
    const fiber = Effect.runFork(
      Transport.use((transport) => transport.send(request, { timeoutMs: 60_000, maxBytes: 1 })).pipe(
        Effect.provide(layer)
      )
    )
    await server.requested(1)
    await Effect.runPromise(Fiber.interrupt(fiber))
    await expect(closed).resolves.toBeUndefined()
  })

  it("downloads files", async () => {
    const file = randomBytes(2_000_000)
    const ranges: Array<string | undefined> = []
    await using server = await startServer((request, response) => {
      ranges.push(request.headers.range)
      response.writeHead(200, { "content-length": file.length, etag: '"a"' }).end(file)
    })
    const headers = { range: "bytes=0-", "accept-encoding": "identity" }
    const result = await download(layer, server.baseUrl, { headers })
    expect(result).toMatchObject({ status: 200, headers: { etag: '"a"', "content-length": "2000000" } })
    expect("text" in result && Buffer.from(result.text, "latin1").equals(file)).toBe(true)
    expect(ranges).toEqual(["bytes=0-"])
  })

  it("removes the headers of an encoded file that the runtime has decoded", async () => {
    await using server = await startServer((_, response) => {
      const body = gzipSync("x".repeat(1000))
      response.writeHead(200, { "content-encoding": "gzip", "content-length": body.length }).end(body)
    })
    const result = await download(layer, server.baseUrl)
    expect(result).toMatchObject({ text: "x".repeat(1000) })
    expect("headers" in result && Object.keys(result.headers)).not.toContain("content-length")
    expect("headers" in result && Object.keys(result.headers)).not.toContain("content-encoding")
  })

  it("aborts a download whose next chunk does not arrive in time", async () => {
    await using server = await startServer((_, response) => {
      response.writeHead(200, { "content-length": 10 }).write("x")
    })
    await expect(download(layer, server.baseUrl, { timeoutMs: 1000 })).rejects.toThrow(
      "did not arrive in time"
    )
  })

  it("aborts a download that is closed early", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>()
    await using server = await startServer(({ socket }, response) => {
      socket.once("close", () => resolve())
      response.writeHead(200, { "content-length": 10 }).write("x")
    })
    await Transport.use((transport) =>
      transport.open({ url: new URL(server.baseUrl), headers: {}, timeoutMs: 60_000, allowPrivate: true })
    ).pipe(Effect.scoped, Effect.provide(layer), Effect.runPromise)
    await expect(closed).resolves.toBeUndefined()
  })

  it.each(["http://127.0.0.1/a", "http://[fd00::1]/a", "http://localhost/a"])(
    "refuses the link %s",
    async (url) => {
      expect(await download(layer, url, { allowPrivate: false })).toMatchObject({ code: "PRIVATE_ADDRESS" })
    }
  )
})
