import { Agent, MockAgent } from "undici"
import type { Dispatcher } from "undici"
import { describe, expect, it } from "vitest"
import { UndiciTransport } from "@gentask/core/effect"
import type { RequestDispatcher } from "@gentask/core"
import { startServer } from "../support/httpServer.ts"
import { download, send } from "../support/transport.ts"

/** Delivers these chunks as a response. */
const dispatcherOf = (
  chunks: ReadonlyArray<Buffer>,
  headers: Record<string, string> = {}
): RequestDispatcher => ({
  dispatch(_, handler) {
    const controller = { pause: () => undefined, resume: () => undefined, abort: () => undefined }
    const started = controller as unknown as Dispatcher.DispatchController
    handler.onRequestStart?.(started, {})
    handler.onResponseStart?.(started, 200, headers)
    for (const chunk of chunks) handler.onResponseData?.(started, chunk)
    handler.onResponseEnd?.(started, {})
    return true
  }
})

describe("UndiciTransport.layerWith a dispatcher", () => {
  it("sends requests through it, and leaves it open", async () => {
    await using server = await startServer((_, response) => response.end("ok"))
    const agent = new Agent()
    const layer = UndiciTransport.layerWith({ dispatcher: agent })
    expect(await send(layer, server.baseUrl)).toMatchObject({ text: "ok" })
    expect(await download(layer, server.baseUrl)).toMatchObject({ text: "ok" })
    expect([agent.closed, agent.destroyed]).toEqual([false, false])
    await agent.close()
  })

  it("accepts a MockAgent", async () => {
    const agent = new MockAgent()
    agent.disableNetConnect()
    agent.get("https://api.vendor.example").intercept({ path: "/a?b=c" }).reply(404, { error: "no" })
    const layer = UndiciTransport.layerWith({ dispatcher: agent })
    expect(await send(layer, "https://api.vendor.example/a?b=c")).toMatchObject({
      status: 404,
      text: '{"error":"no"}'
    })
    await agent.close()
  })

  it("leaves the memory of its chunks alone", async () => {
    const chunk = Buffer.from(new ArrayBuffer(600_000)).fill("a")
    const layer = UndiciTransport.layerWith({ dispatcher: dispatcherOf([chunk, chunk, chunk]) })
    expect(await download(layer, "https://files.vendor.example/a")).toMatchObject({
      text: "a".repeat(1_800_000)
    })
    expect(chunk.length).toBe(600_000)
  })

  it("fails if its response is shorter than its content-length", async () => {
    const dispatcher = dispatcherOf([Buffer.from("{}")], { "content-length": "3" })
    expect(await send(UndiciTransport.layerWith({ dispatcher }), "https://api.vendor.example")).toEqual({
      _tag: "Unreachable",
      message: "api.vendor.example closed the connection before its response was complete"
    })
  })

  it("fails if it throws", async () => {
    const dispatcher = {
      dispatch: () => {
        throw Object.assign(new Error("secret"), { code: "UND_ERR_DESTROYED" })
      }
    }
    const layer = UndiciTransport.layerWith({ dispatcher })
    const reason = {
      _tag: "Unreachable",
      code: "UND_ERR_DESTROYED",
      message: "The connection to api.vendor.example failed (UND_ERR_DESTROYED)"
    }
    expect(await send(layer, "https://api.vendor.example")).toEqual({ ...reason, delivery: "maybe-sent" })
    expect(await download(layer, "https://api.vendor.example")).toEqual(reason)
  })

  it("refuses links to private addresses", async () => {
    const layer = UndiciTransport.layerWith({ dispatcher: dispatcherOf([]) })
    expect(await download(layer, "https://10.0.0.1/a", { allowPrivate: false })).toMatchObject({
      code: "PRIVATE_ADDRESS"
    })
  })
})
