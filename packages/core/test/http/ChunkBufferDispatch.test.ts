import { createHash, randomBytes } from "node:crypto"
import { once } from "node:events"
import * as http from "node:http"
import * as http2 from "node:http2"
import * as https from "node:https"
import type { AddressInfo, Server } from "node:net"
import type { Writable } from "node:stream"
import { setImmediate } from "node:timers/promises"
import { Agent, H2CClient, Pool } from "undici"
import type { Dispatcher } from "undici"
import { describe, expect, it } from "vitest"
import { ChunkBuffer } from "../../src/http/ChunkBuffer.ts"
import { createCertificate } from "@gentask/tooling/certificate"

const data = randomBytes(20_000_000)
const digest = createHash("sha256").update(data).digest("hex")

/** Sends the data in pieces of varying sizes, as fast as the socket accepts them. */
const sendAll = async (response: Writable): Promise<void> => {
  let size = 1
  for (let start = 0; start < data.length; start += size) {
    size = ((size * 7919) % 150_000) + 1
    if (!response.write(data.subarray(start, start + size))) await once(response, "drain")
  }
  response.end()
}

const contentLength = { "content-length": String(data.length) }

const respond =
  (headers: Record<string, string>) =>
  (_: unknown, response: http.ServerResponse): void =>
    void sendAll(response.writeHead(200, headers))

const respondToStream = (stream: http2.ServerHttp2Stream): void => {
  stream.respond({ ":status": 200, ...contentLength })
  void sendAll(stream)
}

const certificate = createCertificate()

const open = (dispatcher: Dispatcher, origin: string): Promise<ChunkBuffer> =>
  new Promise((resolve, reject) => {
    let body: ChunkBuffer | undefined
    dispatcher.dispatch(
      { origin, path: "/", method: "GET" },
      {
        onRequestStart: () => undefined,
        onResponseStart(controller) {
          body = new ChunkBuffer(controller)
          resolve(body)
        },
        onResponseData: (_, chunk) => body?.push(chunk),
        onResponseEnd: () => body?.end(),
        onResponseError(_, error) {
          body?.end(error)
          reject(error)
        }
      }
    )
  })

/** Reads the body and returns its digest. Yields after each batch, so that the next one arrives meanwhile. */
const readDigest = async (dispatcher: Dispatcher, origin: string): Promise<string> => {
  const hash = createHash("sha256")
  for await (const batch of await open(dispatcher, origin)) {
    for (const chunk of batch) hash.update(chunk)
    await setImmediate()
  }
  return hash.digest("hex")
}

describe("ChunkBuffer on undici", () => {
  const http1Client = (origin: string) => new Pool(origin, { connections: 2 })
  const http2Client = (origin: string) => new H2CClient(origin, { pipelining: 2 })
  const tlsClient = () => new Agent({ connect: { rejectUnauthorized: false } })

  /** Reads the body twice at the same time and returns the digests. */
  const readTwice = async (scheme: string, server: Server, connect: (origin: string) => Dispatcher) => {
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const origin = `${scheme}://localhost:${(server.address() as AddressInfo).port}`
    const client = connect(origin)
    try {
      return await Promise.all([readDigest(client, origin), readDigest(client, origin)])
    } finally {
      await client.destroy()
      server.close()
    }
  }

  it.each([
    ["of a known length", () => http.createServer(respond(contentLength)), http1Client],
    ["with chunked encoding", () => http.createServer(respond({})), http1Client],
    [
      "over HTTP/2",
      () => http2.createServer({ settings: { maxFrameSize: 2 ** 20 } }).on("stream", respondToStream),
      http2Client
    ]
  ])("reads two bodies at the same time %s", async (_, start, connect) => {
    expect(await readTwice("http", start(), connect)).toEqual([digest, digest])
  })

  it.skipIf(certificate === undefined).each([
    ["of a known length", () => https.createServer(certificate ?? {}, respond(contentLength))],
    ["with chunked encoding", () => https.createServer(certificate ?? {}, respond({}))],
    ["over HTTP/2", () => http2.createSecureServer(certificate ?? {}).on("stream", respondToStream)]
  ])("reads two bodies at the same time over TLS %s", async (_, start) => {
    expect(await readTwice("https", start(), tlsClient)).toEqual([digest, digest])
  })
})
