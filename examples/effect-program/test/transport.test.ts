/** The requirements of a custom transport, tested with a server whose behavior depends on the path. */
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { afterAll, describe, expect, it } from "vitest"
import { Transport } from "@gentask/core/effect"
import * as ProxyTransport from "../src/ProxyTransport.ts"

const startServer = async () => {
  const closed = Promise.withResolvers<void>()
  const server = createServer((request, response) => {
    request.socket.once("close", () => closed.resolve())
    if (request.url === "/redirect") response.writeHead(302, { location: "/elsewhere" }).end("moved")
    else if (request.url === "/huge") response.end("x".repeat(100_000))
    else if (request.url === "/endless") response.writeHead(200).write("x")
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    at: (path: string) => new URL(path, base),
    /** Resolves when the client has closed a connection. */
    closed: closed.promise,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}

const limits = { timeoutMs: 300, maxBytes: 1000 }

// Open until the end, so that no test passes because the layer closes the connection.
const runtime = ManagedRuntime.make(ProxyTransport.layer)
afterAll(() => runtime.dispose())

const send = (url: URL) =>
  Transport.use((transport) => transport.send({ method: "GET", url, headers: {}, body: undefined }, limits))

describe("the transport", () => {
  it("returns a redirect and does not follow it", async () => {
    await using server = await startServer()
    const response = await runtime.runPromise(send(server.at("/redirect")))
    expect(response).toMatchObject({ status: 302, text: "moved", headers: { location: "/elsewhere" } })
  })

  it.each([
    ["a response that is too large", "/huge", "ResponseTooLarge"],
    ["a missing response", "/hang", "RequestTimedOut"],
    ["a response that does not end", "/endless", "RequestTimedOut"]
  ])("rejects %s and closes the connection", async (_, path, tag) => {
    await using server = await startServer()
    const reason = await runtime.runPromise(Effect.flip(send(server.at(path))))
    expect(reason._tag).toBe(tag)
    await server.closed
  })

  it("fails with Unreachable if there is no connection", async () => {
    const reason = await runtime.runPromise(Effect.flip(send(new URL("http://127.0.0.1:1/"))))
    expect(reason).toEqual({
      _tag: "Unreachable",
      message: "The connection to 127.0.0.1:1 through the proxy failed"
    })
  })

  it("closes a download that is not read to its end", async () => {
    await using server = await startServer()
    const download = Effect.gen(function* () {
      const transport = yield* Transport
      const url = server.at("/endless")
      const { body } = yield* transport.open({ url, headers: {}, timeoutMs: 5000, allowPrivate: true })
      return yield* Effect.promise(() => body[Symbol.asyncIterator]().next())
    })
    const first = await runtime.runPromise(Effect.scoped(download))
    expect(first).toEqual({ done: false, value: Buffer.from("x") })
    await server.closed
  })
})
