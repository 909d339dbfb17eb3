import { createHash, randomBytes } from "node:crypto"
import { once } from "node:events"
import * as http from "node:http"
import * as http2 from "node:http2"
import type { AddressInfo, Server } from "node:net"
import type { Writable } from "node:stream"
import { setTimeout as delay } from "node:timers/promises"
import { H2CClient, Pool } from "undici"
import type { Dispatcher } from "undici"
import { describe, expect, it } from "vitest"
import { GatheredBody } from "../src/transport/GatheredBody.ts"

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

const http1 = (headers: Record<string, string>): Server =>
  http.createServer((_, answer) => void sendAll(answer.writeHead(200, headers)))

const http2Clear = (): Server =>
  http2.createServer({ settings: { maxFrameSize: 2 ** 20 } }).on("stream", (stream) => {
    stream.respond({ ":status": 200, ...length })
    void sendAll(stream)
  })

const open = (dispatcher: Dispatcher, origin: string): Promise<GatheredBody> =>
  new Promise((resolve, reject) => {
    let body: GatheredBody | undefined
    dispatcher.dispatch(
      { origin, path: "/", method: "GET" },
      {
        onRequestStart: () => undefined,
        onResponseStart(controller) {
          body = new GatheredBody(controller)
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

  it.each([
    ["of a known length", () => http1(length), plain, 0.9],
    ["in pieces (chunked)", () => http1({}), plain, 0],
    ["over HTTP/2, where chunks share buffers but for a few", http2Clear, clear, 0]
  ])("are whole, two at once, %s", async (_, start, connect, least) => {
    const server = start().listen(0, "127.0.0.1")
    await once(server, "listening")
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const client = connect(origin)
    try {
      const both = await Promise.all([read(client, origin), read(client, origin)])
      for (const each of both) {
        expect(each.digest).toBe(digest)
        expect(each.givenBack).toBeGreaterThanOrEqual(least)
      }
    } finally {
      await client.destroy()
      server.close()
    }
  })
})
