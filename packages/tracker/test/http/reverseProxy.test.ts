/** The HTTP API behind a reverse proxy that removes a prefix from paths. */
import { createHash } from "node:crypto"
import { createServer, request as sendRequest } from "node:http"
import type { Server } from "node:http"
import { once } from "node:events"
import { writeFile } from "node:fs/promises"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { createTrackerClient } from "@gentask/tracker/client"
import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { startServer, tokens } from "../support/startServer.ts"
import type { TestServer } from "../support/startServer.ts"

const prefix = "/media/gentask"

/** Passes requests on as common proxies do. */
const startProxy = async (target: URL): Promise<Server> => {
  const proxy = createServer((incoming, outgoing) => {
    const { url = "", method, headers, socket } = incoming
    if (!url.startsWith(`${prefix}/`)) {
      outgoing.writeHead(404).end()
      return
    }
    const forwarded = sendRequest(
      {
        host: target.hostname,
        port: target.port,
        method,
        path: url.slice(prefix.length),
        headers: {
          ...headers,
          host: target.host,
          "x-forwarded-for": socket.remoteAddress,
          "x-forwarded-proto": "https",
          "x-forwarded-host": "tracker.example.com",
          "x-forwarded-prefix": prefix
        }
      },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers)
        response.pipe(outgoing)
      }
    )
    forwarded.on("error", () => outgoing.destroy())
    outgoing.on("close", () => forwarded.destroy())
    incoming.pipe(forwarded)
  }).listen(0, "127.0.0.1")
  await once(proxy, "listening")
  return proxy
}

let server: TestServer
let proxy: Server
let url: string

beforeAll(async () => {
  server = await startServer()
  proxy = await startProxy(new URL(server.url))
  url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${prefix}`
})
afterAll(async () => {
  proxy.closeAllConnections()
  proxy.close()
  await server.close()
})

const headers = { authorization: `Bearer ${tokens.all}`, "content-type": "application/json" }

it("returns a Location that leads through the proxy", async () => {
  const post = (path: string, body: unknown) =>
    fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) })
  const tracked = await post("/v1/tasks", { ref: "jimmy:1" })
  const queued = await post("/v1/tasks?wait=0", { account: "jimmy", model: "m", prompt: "a" })
  for (const response of [tracked, queued]) {
    const location = response.headers.get("location") ?? ""
    expect(location).toMatch(/^\/media\/gentask\/v1\/(?:tasks|submits)\//)
    expect((await fetch(new URL(location, url), { headers })).status).toBe(200)
  }
})

it.each(["//evil.example", "https://evil.example", "/a/../b", "/a\\b", "/a?b", "x", ""])(
  "ignores the prefix %j of a header",
  async (forged) => {
    const response = await server.request("/v1/tasks", {
      method: "POST",
      headers: { "content-type": "application/json", "x-forwarded-prefix": forged },
      body: '{"ref":"jimmy:2"}'
    })
    expect(response.headers.get("location")).toBe("/v1/tasks/jimmy%3A2")
  }
)

it("streams events, holds long polls, and serves ranges of files to a client", async () => {
  const client = createTrackerClient({ url, token: tokens.all })
  const types: Array<string> = []
  const reading = (async () => {
    for await (const { type } of client.events({ after: 0 })) {
      types.push(type)
      if (type === "task.saved") return
    }
  })()
  server.store.setTask("jimmy:3", { status: "running" })
  const waiting = client.get("jimmy:3", { wait: 30, until: "ended" })
  server.store.addEvent({ ref: "jimmy:3", type: "task.status" })
  await vi.waitFor(() => expect(types).toContain("task.status"), 15_000)
  const bytes = Buffer.from("the bytes of a file")
  const path = join(server.dir, "jimmy-3.png")
  await writeFile(path, bytes)
  const sha256 = createHash("sha256").update(bytes).digest("hex")
  const file = { path, kind: "image", role: "result", mediaType: "image/png", bytes: bytes.length, sha256 }
  server.store.setTask("jimmy:3", { status: "succeeded", saveState: "saved", files: [file] })
  server.store.addEvent({ ref: "jimmy:3", type: "task.saved" })
  const task = await waiting
  expect(task).toMatchObject({ status: "succeeded" })
  await reading
  const [saved] = task.files
  const range = await fetch(url + saved?.url, { headers: { ...headers, range: "bytes=4-8" } })
  expect(range.status).toBe(206)
  expect(await range.text()).toBe("bytes")
  const copy = join(server.dir, "copy.png")
  if (saved !== undefined) await client.download(saved, copy)
})
