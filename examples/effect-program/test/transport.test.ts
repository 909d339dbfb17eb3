/** What a transport of one's own must keep, shown on a server that does as the path says. */
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
    /** Kept when the client has closed a connection. */
    closed: closed.promise,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}

const limits = { timeoutMs: 300, maxBytes: 1000 }

// Open until all is done, so that no connection ends because the layer does.
const runtime = ManagedRuntime.make(ProxyTransport.layer)
afterAll(() => runtime.dispose())

const send = (url: URL) =>
  Transport.use((transport) => transport.send({ method: "GET", url, headers: {}, body: undefined }, limits))

describe("the transport", () => {
  it("answers with a redirect, and does not follow it", async () => {
    await using server = await startServer()
    const answer = await runtime.runPromise(send(server.at("/redirect")))
    expect(answer).toMatchObject({ status: 302, text: "moved", headers: { location: "/elsewhere" } })
  })

  it.each([
    ["an answer that is too large", "/huge", "ResponseTooLarge"],
    ["an answer that does not come", "/hang", "RequestTimedOut"],
    ["an answer that does not end", "/endless", "RequestTimedOut"]
  ])("gives up %s, and closes the connection", async (_, path, tag) => {
    await using server = await startServer()
    const fault = await runtime.runPromise(Effect.flip(send(server.at(path))))
    expect(fault._tag).toBe(tag)
    await server.closed
  })

  it("says that a host cannot be reached", async () => {
    const fault = await runtime.runPromise(Effect.flip(send(new URL("http://127.0.0.1:1/"))))
    expect(fault).toEqual({
      _tag: "Unreachable",
      message: "The connection to 127.0.0.1:1 through the proxy failed"
    })
  })

  it("closes a download that is left before its end", async () => {
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
