/** Requests of hostile clients, over real sockets. */
import { gzipSync } from "node:zlib"
import { once } from "node:events"
import { connect } from "node:net"
import type { Socket } from "node:net"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { startServer, tokens } from "../support/startServer.ts"
import type { TestServer } from "../support/startServer.ts"

let server: TestServer

beforeAll(async () => {
  server = await startServer({
    limits: { headersMs: 300, requestMs: 600, connections: 20 },
    maxBodyBytes: 64 * 1024
  })
})
afterAll(() => server.close())

const open = async (): Promise<Socket> => {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1")
  await once(socket, "connect")
  return socket
}

/** Collects what the server sends until it closes the connection. */
const readAll = async (socket: Socket): Promise<string> => {
  let text = ""
  socket.on("data", (data: Buffer) => {
    text += data.toString("latin1")
  })
  socket.on("error", () => undefined)
  await once(socket, "close")
  return text
}

const bearer = `Authorization: Bearer ${tokens.all}\r\n`

it.each([
  ["nothing", ""],
  ["a part of the headers", "GET /v1/tasks HTTP/1.1\r\nHost: x\r\nX-Slow: "],
  [
    "a part of the body",
    `POST /v1/tasks HTTP/1.1\r\nHost: x\r\n${bearer}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`
  ],
  ["a part of the body without a token", "POST /v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"]
])("closes a connection that has sent %s and then waits", async (_, text) => {
  const socket = await open()
  socket.write(text)
  const received = await readAll(socket)
  expect(received).toMatch(/^HTTP\/1\.1 (?:408|401) |^$/)
})

it("closes a connection that sends a header byte by byte", async () => {
  const socket = await open()
  socket.write("GET /v1/tasks HTTP/1.1\r\nHost: x\r\nX-Slow: ")
  const drip = setInterval(() => socket.write("x"), 20)
  expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 408 |^$/)
  clearInterval(drip)
})

it("accepts no more connections than its limit, and continues when they are closed", async () => {
  const sockets = await Promise.all(Array.from({ length: 40 }, open))
  const closed = await Promise.all(sockets.map(readAll))
  expect(closed).toHaveLength(40)
  await vi.waitFor(async () => expect((await server.request("/healthz")).status).toBe(200), 15_000)
})

it("rejects compressed bodies", async () => {
  const bomb = gzipSync(Buffer.alloc(1024 * 1024, "x"))
  for (const encoding of ["gzip", "br", "deflate"]) {
    const response = await server.request("/v1/tasks", {
      method: "POST",
      headers: { "content-type": "application/json", "content-encoding": encoding },
      body: bomb
    })
    expect(response.status).toBe(415)
    expect(JSON.stringify(await response.json())).toContain("Content-Encoding")
  }
})

it("rejects requests with two lengths", async () => {
  const body = "0\r\n\r\nGET /v1/tasks HTTP/1.1\r\nHost: x\r\n\r\n"
  for (const headers of [
    `Content-Length: ${body.length}\r\nTransfer-Encoding: chunked\r\n`,
    "Content-Length: 5\r\nContent-Length: 6\r\n",
    "Transfer-Encoding: chunked, identity\r\n"
  ]) {
    const socket = await open()
    socket.write(`POST /v1/tasks HTTP/1.1\r\nHost: x\r\n${bearer}${headers}\r\n${body}`)
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 400 (?:(?!HTTP\/1\.1).)*$/s)
  }
})

it("has no access for pages of other origins", async () => {
  const origin = { origin: "https://evil.example", "access-control-request-method": "POST" }
  for (const init of [
    {
      method: "OPTIONS",
      token: null,
      headers: { ...origin, "access-control-request-headers": "authorization" }
    },
    { method: "GET", headers: origin },
    // What a form of a page can send.
    {
      method: "POST",
      token: null,
      headers: { ...origin, "content-type": "text/plain" },
      body: '{"ref":"jimmy:1"}'
    }
  ]) {
    const response = await server.request("/v1/tasks", init)
    if (init.token === null) expect(response.status).toBe(401)
    for (const name of response.headers.keys()) expect(name).not.toMatch(/^access-control-/)
  }
  expect(server.store.tasksByRef.size).toBe(0)
})

it("needs the token whatever the Host header is", async () => {
  for (const host of ["rebound.example", "127.0.0.1", "localhost:1", "[::1]"]) {
    const socket = await open()
    socket.write(`GET /v1/tasks HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    const text = await readAll(socket)
    expect(text).toMatch(/^HTTP\/1\.1 401 /)
    expect(text).not.toContain(host)
  }
})

it("accepts tokens in the header only", async () => {
  for (const path of [`/v1/tasks?token=${tokens.all}`, `/v1/tasks?access_token=${tokens.all}`]) {
    const response = await server.request(path, { token: null, headers: { cookie: `token=${tokens.all}` } })
    expect(response.status).toBe(401)
    expect(await response.text()).not.toContain(tokens.all)
  }
  const misplaced = await server.request(`/v1/tasks?token=${tokens.all}`)
  expect(misplaced.status).toBe(400)
  expect(await misplaced.text()).not.toContain(tokens.all)
  expect(await (await server.request("/metrics")).text()).not.toContain(tokens.all)
})

it("writes to the database once for many requests without a token", async () => {
  const check = vi.fn<() => void>()
  server.store.onCheck = check
  const responses = await Promise.all(
    Array.from({ length: 15 }, () => server.request("/readyz", { token: null }))
  )
  expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200))
  expect(check.mock.calls.length).toBeLessThan(5)
})

it("does not open a stream for HEAD", async () => {
  const response = await server.request("/v1/events", { method: "HEAD" })
  expect(response.status).toBe(200)
  expect(await (await server.request("/metrics")).text()).not.toMatch(/^gentask_http_event_streams [1-9]/m)
})

it("rejects an idempotency key of another request, and keeps the keys of accounts apart", async () => {
  const send = (body: unknown, key: string) =>
    server.request("/v1/tasks?wait=0", {
      method: "POST",
      headers: { "content-type": "application/json", "idempotency-key": key },
      body: JSON.stringify(body)
    })
  const request = { account: "jimmy", model: "m", prompt: "a" }
  const id = async (response: Response): Promise<unknown> => ((await response.json()) as { id: string }).id
  const first = await id(await send(request, "key"))
  expect(await id(await send(request, "key"))).toBe(first)
  expect((await send({ ...request, prompt: "b" }, "key")).status).toBe(422)
  expect(await id(await send({ ...request, account: "jimeng" }, "key"))).not.toBe(first)
  for (const key of ["", "x".repeat(256), "ä", "a b"]) expect((await send(request, key)).status).toBe(400)
})
