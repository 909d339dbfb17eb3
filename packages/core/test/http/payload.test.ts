import { openAsBlob } from "node:fs"
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { FetchTransport, UndiciTransport } from "@gentask/core/effect"
import type { SendOptions } from "@gentask/core/effect"
import { startRawServer } from "../support/rawServer.ts"
import { send } from "../support/transport.ts"

const layer = UndiciTransport.layer
const fresh: SendOptions = { freshConnection: true }

describe("a payload", () => {
  const ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
  const contentOf = (bytes: Buffer): Buffer => bytes.subarray(bytes.indexOf("\r\n\r\n") + 4)

  it.each([
    ["UndiciTransport", UndiciTransport.layer],
    ["FetchTransport", FetchTransport.layer()]
  ])("is sent by %s with its length, from memory and from files", async (_, transport) => {
    const folder = await mkdtemp(join(tmpdir(), "payload-"))
    const path = join(folder, "a.bin")
    await writeFile(path, "b".repeat(200_000))
    const payload = new Blob(["a", await openAsBlob(path), "c"])
    await using server = await startRawServer((socket, { bytes }) => {
      if (contentOf(bytes).length === payload.size) socket.write(ok)
    })
    const request = { method: "PUT", headers: { "content-type": "video/mp4" } } as const
    const url = `http://127.0.0.1:${server.port}/`
    expect(await send(transport, url, request, { ...fresh, payload })).toMatchObject({ status: 200 })
    const text = server.received.bytes.toString("latin1")
    expect(text).toMatch(/\r\ncontent-length: 200002\r\n/i)
    expect(text).toMatch(/\r\ncontent-type: video\/mp4\r\n/i)
    expect(text).not.toMatch(/transfer-encoding/i)
    expect(contentOf(server.received.bytes).toString("latin1")).toBe(`a${"b".repeat(200_000)}c`)
    await rm(folder, { recursive: true })
  })

  it("fails if its file changes", async () => {
    const folder = await mkdtemp(join(tmpdir(), "payload-"))
    const path = join(folder, "a.bin")
    await writeFile(path, "b".repeat(200_000))
    const payload = await openAsBlob(path)
    await truncate(path, 10)
    await using server = await startRawServer(() => undefined)
    const url = `http://127.0.0.1:${server.port}/`
    expect(await send(layer, url, { method: "POST" }, { ...fresh, payload })).toMatchObject({
      code: "PAYLOAD_UNREADABLE",
      delivery: "maybe-sent"
    })
    await rm(folder, { recursive: true })
  })

  it("may take longer than the time limit while it is being sent", async () => {
    const parts = 6
    const payload = new Blob(["a".repeat(parts)])
    payload.stream = () =>
      ReadableStream.from(
        (async function* () {
          for (let part = 0; part < parts; part += 1) yield await setTimeout(200, Buffer.from("a"))
        })()
      )
    await using server = await startRawServer((socket, { bytes }) => {
      if (contentOf(bytes).length === payload.size) socket.write(ok)
    })
    const request = { method: "POST", timeoutMs: 1000 } as const
    const url = `http://127.0.0.1:${server.port}/`
    expect(await send(layer, url, request, { ...fresh, payload })).toMatchObject({ status: 200 })
  })
})
