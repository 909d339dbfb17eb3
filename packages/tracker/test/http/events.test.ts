import { createServer, connect } from "node:net"
import type { AddressInfo, Socket } from "node:net"
import { EventSource } from "eventsource"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { EventJson } from "../../src/api/EventJson.ts"
import { startServer, tokens } from "../support/startServer.ts"
import type { TestServer } from "../support/startServer.ts"

let server: TestServer

beforeEach(async () => {
  server = await startServer({ heartbeatMs: 50, maxStreams: 60 })
})
afterEach(() => server.close())

/** Reads a stream until its text contains something. */
const readUntil = async (response: Response, done: (text: string) => boolean): Promise<string> => {
  let text = ""
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    if (done(text)) break
  }
  return text
}

const addEvents = (count: number, ref = "jimmy:1"): void => {
  for (let n = 0; n < count; n++) server.store.addEvent({ ref, type: "task.status", body: { n } })
}

const idsOf = (text: string): ReadonlyArray<number> =>
  [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))

it("streams past and new events in order", async () => {
  addEvents(3)
  const response = await server.request("/v1/events?after=1")
  expect(response.headers.get("content-type")).toBe("text/event-stream")
  const reading = readUntil(response, (text) => text.includes("id: 5\n"))
  addEvents(2)
  const text = await reading
  expect(idsOf(text)).toEqual([2, 3, 4, 5])
  const data = JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? "") as EventJson
  expect(data).toMatchObject({ seq: 2, type: "task.status", ref: "jimmy:1", body: { n: 1 } })
  expect(text).toContain("event: task.status\n")
})

it("streams only new events by default, and heartbeats while there are none", async () => {
  addEvents(3)
  await vi.waitFor(async () => {
    const response = await server.request("/v1/events")
    const text = await readUntil(response, (received) => received.includes(": heartbeat"))
    expect(idsOf(text)).toEqual([])
  }, 15_000)
})

it("prefers Last-Event-ID to after, and rejects invalid positions", async () => {
  addEvents(5)
  const response = await server.request("/v1/events?after=0", { headers: { "last-event-id": "3" } })
  expect(idsOf(await readUntil(response, (text) => text.includes("id: 5\n")))).toEqual([4, 5])
  expect((await server.request("/v1/events?after=x")).status).toBe(400)
  expect((await server.request("/v1/events", { headers: { "last-event-id": "-1" } })).status).toBe(400)
})

it("streams the events of one task", async () => {
  addEvents(1000, "jimmy:other")
  addEvents(1, "jimmy:mine")
  const response = await server.request("/v1/events?after=0&ref=jimmy%3Amine")
  const reading = readUntil(response, (text) => idsOf(text).length === 2)
  addEvents(2, "jimmy:other")
  addEvents(1, "jimmy:mine")
  expect(idsOf(await reading)).toEqual([1001, 1004])
})

it("keeps the position of the stream of one task while other tasks change", async () => {
  const response = await server.request("/v1/events?after=0&ref=jimmy%3Amine")
  const reading = readUntil(response, (text) => text.split(": heartbeat").length > 3)
  addEvents(10, "jimmy:other")
  expect(idsOf(await reading)).toEqual([])
})

it("shares one reader between all clients", async () => {
  const clients = 50
  const texts = Array.from({ length: clients }, async () => {
    const response = await server.request("/v1/events?after=0")
    return readUntil(response, (text) => text.includes("id: 20\n"))
  })
  await vi.waitFor(async () => {
    const metrics = await (await server.request("/metrics")).text()
    expect(metrics).toContain(`gentask_http_event_streams ${clients}\n`)
  }, 10_000)
  const before = server.store.eventReads()
  addEvents(20)
  for (const text of await Promise.all(texts)) expect(idsOf(text)).toHaveLength(20)
  expect(server.store.eventReads() - before).toBeLessThan(40)
})

it("limits the number of streams", async () => {
  const controller = new AbortController()
  const responses = await Promise.all(
    Array.from({ length: 61 }, () => server.request("/v1/events", { signal: controller.signal }))
  )
  expect(responses.map(({ status }) => status).filter((status) => status === 503)).toHaveLength(1)
  controller.abort()
  await vi.waitFor(async () => {
    const response = await server.request("/v1/events")
    expect(response.status).toBe(200)
    await response.body?.cancel()
  }, 15_000)
})

it("does not buffer events for a client that does not read", async () => {
  const body = "x".repeat(30_000)
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1")
  socket.write(`GET /v1/events?after=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.all}\r\n\r\n`)
  await new Promise((resolve) => socket.once("data", resolve))
  socket.pause()
  for (let n = 0; n < 500; n++) server.store.addEvent({ ref: "jimmy:1", type: "task.status", body })
  const other = await server.request("/v1/events?after=495")
  await readUntil(other, (text) => text.includes("id: 500\n"))
  let received = ""
  socket.on("data", (data: Buffer) => {
    received += data.toString("latin1")
  })
  socket.resume()
  await vi.waitFor(() => expect(received).toContain("id: 500\n"), { timeout: 10_000 })
  expect(idsOf(received)).toEqual(Array.from({ length: 500 }, (_, n) => n + 1))
  socket.destroy()
})

it("ends streams and long polls when the server closes", async () => {
  server.store.setTask("jimmy:1", { status: "running" })
  const tasks = vi.spyOn(server.store, "task")
  const stream = await server.request("/v1/events")
  const waiting = server.request("/v1/tasks/jimmy%3A1?wait=60")
  const reading = stream.text()
  await vi.waitFor(() => expect(tasks).toHaveBeenCalled(), 15_000)
  const startedAt = performance.now()
  await server.close()
  expect(performance.now() - startedAt).toBeLessThan(4000)
  expect(await (await waiting).json()).toMatchObject({ status: "running" })
  expect(await reading).toContain("retry: 1000")
})

it("closes although clients keep connections open, and do not read", async () => {
  const port = Number(new URL(server.url).port)
  const idle = connect(port, "127.0.0.1")
  await new Promise((resolve) => idle.once("connect", resolve))
  const body = "x".repeat(100_000)
  for (let n = 0; n < 200; n++) server.store.addEvent({ ref: "jimmy:1", type: "task.status", body })
  const stalled = connect(port, "127.0.0.1")
  stalled.write(`GET /v1/events?after=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.all}\r\n\r\n`)
  await new Promise((resolve) => stalled.once("data", resolve))
  stalled.pause()
  const startedAt = performance.now()
  await server.close()
  expect(performance.now() - startedAt).toBeLessThan(8000)
  idle.destroy()
  stalled.destroy()
})

/** Forwards connections to the server, and can cut them. */
const startProxy = async (target: string) => {
  const sockets = new Set<Socket>()
  const proxy = createServer((client) => {
    const upstream = connect(Number(new URL(target).port), "127.0.0.1")
    sockets.add(client)
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) {
      socket.on("error", () => undefined)
      socket.on("close", () => {
        client.destroy()
        upstream.destroy()
        sockets.delete(client)
      })
    }
  })
  await new Promise<void>((resolve) => {
    proxy.listen(0, "127.0.0.1", resolve)
  })
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    cut: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: () => proxy.close()
  }
}

it("resumes an EventSource after its connection is cut, without gaps or repetitions", async () => {
  const proxy = await startProxy(server.url)
  const received: Array<number> = []
  const source = new EventSource(`${proxy.url}/v1/events?after=0`, {
    fetch: (url, init) =>
      fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${tokens.read}` } })
  })
  source.addEventListener("task.status", (event) => {
    received.push((JSON.parse(String(event.data)) as EventJson).seq)
  })
  addEvents(10)
  await vi.waitFor(() => expect(received).toHaveLength(10), { timeout: 5000 })
  proxy.cut()
  addEvents(10)
  await vi.waitFor(() => expect(received).toHaveLength(20), { timeout: 10_000 })
  proxy.cut()
  addEvents(10)
  await vi.waitFor(() => expect(received).toHaveLength(30), { timeout: 10_000 })
  source.close()
  proxy.close()
  expect(received).toEqual(Array.from({ length: 30 }, (_, n) => n + 1))
})
