import type { Socket } from "node:net"
import { Agent, RetryAgent } from "undici"
import { describe, expect, it, vi } from "vitest"
import { FetchTransport, UndiciTransport } from "@gentask/core/effect"
import type { SendOptions } from "@gentask/core/effect"
import { createCertificate } from "@gentask/tooling/certificate"
import { startProxy } from "@gentask/tooling/forwardProxy"
import { startRawSecureServer, startRawServer } from "../support/rawServer.ts"
import type { OnData } from "../support/rawServer.ts"
import { send } from "../support/transport.ts"

const layer = UndiciTransport.layer
const certificate = createCertificate()
const body = JSON.stringify({ prompt: "A fox" })
const post = { method: "POST", body, headers: { "content-type": "application/json" } } as const
const fresh: SendOptions = { freshConnection: true }

const isComplete = (bytes: Buffer): boolean => bytes.toString("latin1").endsWith(body)

/** When a server closes a connection, with what the client may know. */
const closing: ReadonlyArray<readonly [string, (socket: Socket) => void, (bytes: Buffer) => boolean]> = [
  ["after the first byte, by FIN", (socket) => socket.end(), ({ length }) => length > 0],
  ["after the first byte, by RST", (socket) => socket.resetAndDestroy(), ({ length }) => length > 0],
  ["after the whole body, by FIN", (socket) => socket.end(), isComplete],
  ["after the whole body, by RST", (socket) => socket.resetAndDestroy(), isComplete],
  ["within the head of the response", (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-"), isComplete],
  [
    "within the body of the response",
    (socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{}"),
    isComplete
  ]
]

describe("the delivery of a request that failed", () => {
  it.each(closing)("is maybe-sent if the server closes %s", async (_, close, isTime) => {
    const onData: OnData = (socket, { bytes }) => {
      if (isTime(bytes)) close(socket)
    }
    await using server = await startRawServer(onData)
    const reason = await send(layer, `http://127.0.0.1:${server.port}/`, post, fresh)
    expect(reason).toMatchObject({ _tag: "Unreachable" })
    expect(reason).not.toMatchObject({ delivery: "not-sent" })
    expect(server.received.connections).toBe(1)
  })

  it.each<readonly [string, (socket: Socket) => void]>([
    ["FIN", (socket) => socket.end()],
    ["RST", (socket) => socket.resetAndDestroy()]
  ])("is not-sent only without a byte if the server closes after the accept, by %s", async (_, close) => {
    await using server = await startRawServer(close)
    const onSend = vi.fn<() => void>()
    const options = { ...fresh, onSend }
    const reason = await send(layer, `http://127.0.0.1:${server.port}/`, post, options)
    const isUnsent = "delivery" in reason && reason.delivery === "not-sent"
    expect(onSend).toHaveBeenCalledTimes(isUnsent ? 0 : 1)
    if (isUnsent) expect(server.received.bytes).toHaveLength(0)
    expect(server.received.connections).toBe(1)
  })

  it("is not-sent if nothing listens", async () => {
    const { port } = await (async () => {
      await using server = await startRawServer(() => undefined)
      return server
    })()
    const onSend = vi.fn<() => void>()
    const expected = { code: "ECONNREFUSED", delivery: "not-sent" }
    const url = `http://127.0.0.1:${port}/`
    expect(await send(layer, url, post, { ...fresh, onSend })).toMatchObject(expected)
    expect(await send(layer, url, post)).toMatchObject(expected)
    expect(onSend).not.toHaveBeenCalled()
    expect(await send(FetchTransport.layer(), url, post, fresh)).toMatchObject(expected)
    const dispatcher = new Agent()
    expect(await send(UndiciTransport.layerWith({ dispatcher }), url, post)).toMatchObject(expected)
    await dispatcher.close()
  })

  it("is not-sent if the host does not exist", async () => {
    const expected = { _tag: "Unreachable", delivery: "not-sent" }
    expect(await send(layer, "https://api.vendor.invalid/", post, fresh)).toMatchObject(expected)
    expect(await send(FetchTransport.layer(), "https://api.vendor.invalid/", post)).toMatchObject(expected)
  })

  it("is not-sent if the address is private, and it must be public", async () => {
    await using server = await startRawServer(() => undefined)
    const options = { ...fresh, allowPrivate: false }
    for (const host of ["127.0.0.1", "localhost"]) {
      const url = `http://${host}:${server.port}/`
      expect(await send(layer, url, post, options)).toMatchObject({
        code: "PRIVATE_ADDRESS",
        delivery: "not-sent"
      })
      expect(await send(FetchTransport.layer(), url, post, options)).toMatchObject({ delivery: "not-sent" })
    }
    expect(server.received.connections).toBe(0)
  })

  it.skipIf(certificate === undefined)("is not-sent if the certificate is not trusted", async () => {
    await using server = await startRawSecureServer(certificate ?? {}, () => undefined)
    const url = `https://localhost:${server.port}/`
    expect(await send(layer, url, post, fresh)).toMatchObject({ delivery: "not-sent" })
    expect(await send(FetchTransport.layer(), url, post)).toMatchObject({ delivery: "not-sent" })
    expect(server.received.bytes).toHaveLength(0)
  })

  it.each<readonly [string, (socket: Socket) => void]>([
    ["closes the connection", (socket) => socket.end()],
    ["resets the connection", (socket) => socket.resetAndDestroy()],
    ["sends something that is not TLS", (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")]
  ])("is not-sent if the server %s during the TLS handshake", async (_, close) => {
    await using server = await startRawServer((socket, { bytes }) => {
      if (bytes.length > 0) close(socket)
    })
    const onSend = vi.fn<() => void>()
    const options = { ...fresh, onSend }
    expect(await send(layer, `https://localhost:${server.port}/`, post, options)).toMatchObject({
      _tag: "Unreachable",
      delivery: "not-sent"
    })
    expect(onSend).not.toHaveBeenCalled()
    expect(server.received.bytes.includes("POST")).toBe(false)
  })

  it("is not-sent if the time limit ends before the connection is established", async () => {
    // Never completes the handshake.
    await using server = await startRawServer(() => undefined)
    const request = { ...post, timeoutMs: 300 }
    expect(await send(layer, `https://localhost:${server.port}/`, request, fresh)).toMatchObject({
      _tag: "RequestTimedOut",
      delivery: "not-sent"
    })
    expect(server.received.bytes.includes("POST")).toBe(false)
  })

  it("is maybe-sent if the response does not arrive in time", async () => {
    await using server = await startRawServer(() => undefined)
    const request = { ...post, timeoutMs: 300 }
    const expected = { _tag: "RequestTimedOut", delivery: "maybe-sent" }
    const url = `http://127.0.0.1:${server.port}/`
    expect(await send(layer, url, request, fresh)).toMatchObject(expected)
    expect(await send(FetchTransport.layer(), url, request)).toMatchObject(expected)
    await server.closed()
  })

  it("is maybe-sent if a dispatcher has retried before the connection is refused", async () => {
    const agent = new Agent()
    const dispatcher = new RetryAgent(agent, { methods: ["POST"], minTimeout: 1, maxRetries: 1 })
    const { url } = await (async () => {
      const server = await startRawServer((socket, { bytes }) => {
        if (!isComplete(bytes)) return
        void server[Symbol.asyncDispose]()
        socket.resetAndDestroy()
      })
      return { url: `http://127.0.0.1:${server.port}/` }
    })()
    expect(await send(UndiciTransport.layerWith({ dispatcher }), url, post)).toMatchObject({
      _tag: "Unreachable",
      delivery: "maybe-sent"
    })
    await agent.destroy()
  })

  it("is maybe-sent if a proxy breaks the tunnel after the request", async () => {
    await using server = await startRawServer((socket, { bytes }) => {
      if (isComplete(bytes)) socket.resetAndDestroy()
    })
    await using proxy = await startProxy()
    const proxied = UndiciTransport.layerWith({ proxy: proxy.url })
    const reason = await send(proxied, `http://127.0.0.1:${server.port}/`, post, fresh)
    expect(reason).not.toMatchObject({ delivery: "not-sent" })
    expect(server.received.connections).toBe(1)
  })
})

describe("an interrupted request", () => {
  const abortWhen = async (isTime: (received: Buffer) => boolean, scheme = "http") => {
    const controller = new AbortController()
    const onSend = vi.fn<() => void>()
    await using server = await startRawServer((_, { bytes }) => {
      if (isTime(bytes)) controller.abort()
    })
    const url = `${scheme}://localhost:${server.port}/`
    await expect(send(layer, url, post, { ...fresh, onSend }, controller.signal)).rejects.toThrow("interrupt")
    return { onSend, received: server.received }
  }

  it("is unsent while the connection is established", async () => {
    const { onSend, received } = await abortWhen(({ length }) => length > 0, "https")
    expect(onSend).not.toHaveBeenCalled()
    expect(received.bytes.includes("POST")).toBe(false)
  })

  it("may be sent after its first byte", async () => {
    const { onSend } = await abortWhen(({ length }) => length > 0)
    expect(onSend).toHaveBeenCalledOnce()
  })

  it("may be sent after its last byte", async () => {
    const { onSend } = await abortWhen(isComplete)
    expect(onSend).toHaveBeenCalledOnce()
  })

  it("stops reading its payload", async () => {
    const controller = new AbortController()
    await using server = await startRawServer((socket, { bytes }) => {
      if (bytes.length === 0) return
      socket.pause()
      controller.abort()
    })
    const payload = new Blob(Array.from({ length: 64 }, () => Buffer.alloc(1024 * 1024)))
    const url = `http://127.0.0.1:${server.port}/`
    const sent = send(layer, url, { method: "POST" }, { ...fresh, payload }, controller.signal)
    await expect(sent).rejects.toThrow("interrupt")
    expect(server.received.bytes.length).toBeLessThan(payload.size)
  })
})

describe("a fresh connection", () => {
  it("is neither reused nor kept", async () => {
    const respond = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
    await using server = await startRawServer((socket, { bytes }) => {
      if (isComplete(bytes)) socket.write(respond)
    })
    const url = `http://127.0.0.1:${server.port}/`
    for (const expected of [1, 2]) {
      expect(await send(layer, url, post, fresh)).toMatchObject({ status: 200, text: "{}" })
      expect(server.received.connections).toBe(expected)
      await server.closed()
    }
  })
})
