import { spawnSync } from "node:child_process"
import { createHash, randomBytes } from "node:crypto"
import { once } from "node:events"
import * as http from "node:http"
import * as http2 from "node:http2"
import * as https from "node:https"
import type { AddressInfo, Server } from "node:net"
import type { Writable } from "node:stream"
import { setTimeout as delay } from "node:timers/promises"
import { Agent, H2CClient, Pool } from "undici"
import type { Dispatcher } from "undici"
import { describe, expect, it } from "vitest"
import { ChunkBuffer } from "../../src/http/ChunkBuffer.ts"

const data = randomBytes(20_000_000)
const digest = createHash("sha256").update(data).digest("hex")

/** Sends the bytes in pieces of odd sizes, as fast as they are taken. */
const sendAll = async (answer: Writable): Promise<void> => {
  let size = 1
  for (let from = 0; from < data.length; from += size) {
    size = ((size * 7919) % 150_000) + 1
    if (!answer.write(data.subarray(from, from + size))) await once(answer, "drain")
  }
  answer.end()
}

const length = { "content-length": String(data.length) }

const answerWith =
  (headers: Record<string, string>) =>
  (_: unknown, answer: http.ServerResponse): void =>
    void sendAll(answer.writeHead(200, headers))

const sendStream = (stream: http2.ServerHttp2Stream): void => {
  stream.respond({ ":status": 200, ...length })
  void sendAll(stream)
}

const http1 = (headers: Record<string, string>): Server => http.createServer(answerWith(headers))

const http2Clear = (): Server =>
  http2.createServer({ settings: { maxFrameSize: 2 ** 20 } }).on("stream", sendStream)

/** A key and a certificate for this machine, where openssl is there to make them. */
const credentials = (): { readonly key: string; readonly cert: string } | undefined => {
  const words = "req -x509 -newkey rsa:2048 -nodes -keyout - -out - -days 1 -subj /CN=localhost".split(" ")
  const { status, stdout } = spawnSync("openssl", words, { encoding: "utf8" })
  return status === 0 ? { key: stdout, cert: stdout } : undefined
}

const overTls = credentials()

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

/** Reads to the end, slower than it comes, and tells what was read and how many chunks were given back. */
const read = async (dispatcher: Dispatcher, origin: string) => {
  const hash = createHash("sha256")
  const chunks: Array<Uint8Array> = []
  for await (const part of await open(dispatcher, origin)) {
    for (const chunk of part) hash.update(chunk)
    chunks.push(...part)
    await delay(2)
  }
  return {
    digest: hash.digest("hex"),
    givenBack: chunks.filter(({ byteLength }) => byteLength === 0).length / chunks.length
  }
}

// What gives memory back relies on how Node and undici hand it out: this is to fail before anybody's file is wrong.
describe("bodies gathered from undici", () => {
  const plain = (origin: string) => new Pool(origin, { connections: 2 })
  const clear = (origin: string) => new H2CClient(origin, { pipelining: 2 })
  const strange = () => new Agent({ connect: { rejectUnauthorized: false } })

  /** Reads twice at once; answers the digests, and the least part of the chunks that was given back. */
  const readBoth = async (scheme: string, server: Server, connect: (origin: string) => Dispatcher) => {
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const origin = `${scheme}://localhost:${(server.address() as AddressInfo).port}`
    const client = connect(origin)
    try {
      const both = await Promise.all([read(client, origin), read(client, origin)])
      return {
        digests: both.map((each) => each.digest),
        givenBack: Math.min(...both.map((each) => each.givenBack))
      }
    } finally {
      await client.destroy()
      server.close()
    }
  }

  it.each([
    ["of a known length", () => http1(length), plain, 0.9],
    ["in pieces (chunked)", () => http1({}), plain, 0],
    ["over HTTP/2, where chunks share buffers but for a few", http2Clear, clear, 0]
  ])("are whole, two at once, %s", async (_, start, connect, least) => {
    const { digests, givenBack } = await readBoth("http", start(), connect)
    expect(digests).toEqual([digest, digest])
    expect(givenBack).toBeGreaterThanOrEqual(least)
  })

  it.skipIf(overTls === undefined).each([
    ["of a known length", () => https.createServer(overTls ?? {}, answerWith(length)), 0.9],
    ["in pieces (chunked)", () => https.createServer(overTls ?? {}, answerWith({})), 0],
    ["over HTTP/2", () => http2.createSecureServer(overTls ?? {}).on("stream", sendStream), 0]
  ])("are whole over TLS, two at once, %s", async (_, start, least) => {
    const { digests, givenBack } = await readBoth("https", start(), strange)
    expect(digests).toEqual([digest, digest])
    expect(givenBack).toBeGreaterThanOrEqual(least)
  })
})
