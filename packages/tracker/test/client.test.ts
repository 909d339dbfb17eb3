import { createHash } from "node:crypto"
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { createServer } from "node:http"
import type { RequestListener, Server } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SubmitRejected } from "@gentask/core"
import { encodeError } from "@gentask/core/schema"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { createTrackerClient, TrackerError } from "../src/client/index.ts"
import type { EventJson, TrackerClient } from "../src/client/index.ts"
import type { ServeOptions } from "../src/http/serveHttp.ts"
import { snapshotOf } from "./support/httpStore.ts"
import { startServer, tokens } from "./support/startServer.ts"
import type { TestServer } from "./support/startServer.ts"

let server: TestServer
let client: TrackerClient

const start = async (options: Partial<ServeOptions> = {}): Promise<void> => {
  server = await startServer({ submitWaitMs: 5000, heartbeatMs: 50, ...options })
  client = createTrackerClient({ url: server.url, token: tokens.all })
}

beforeEach(() => start())
afterEach(() => server.close())

const errorOf = async (promise: Promise<unknown>): Promise<TrackerError> => {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason
  )
  expect(error).toBeInstanceOf(TrackerError)
  return error as TrackerError
}

const queuedId = (): Promise<string> =>
  vi.waitFor(() => {
    const queued = [...server.store.submits.values()].find(({ state }) => state === "queued")
    if (queued === undefined) throw new Error("no queued submit")
    return queued.id
  }, 15_000)

describe("submit", () => {
  it("resolves with the refs, and sends files as bytes", async () => {
    const path = join(server.dir, "input.png")
    await writeFile(path, "image")
    const submitted = client.submit({
      account: "jimmy",
      model: "m",
      prompt: "p",
      images: [{ path }, new URL("https://a.example/x.png"), new Blob(["blob"])],
      idempotencyKey: "key"
    })
    const id = await queuedId()
    expect(server.store.submits.get(id)).toMatchObject({
      idempotencyKey: "key",
      request: {
        account: "jimmy",
        model: "m",
        prompt: "p",
        images: [
          { base64: Buffer.from("image").toString("base64"), name: "input.png" },
          "https://a.example/x.png",
          { base64: Buffer.from("blob").toString("base64") }
        ]
      }
    })
    server.store.settleSubmit(id, { state: "accepted", refs: ["jimmy:1"], error: null })
    expect(await submitted).toMatchObject({ id, state: "accepted", refs: ["jimmy:1"] })
  })

  it("continues to wait while the submit is queued", async () => {
    const real = globalThis.fetch
    const impatient = createTrackerClient({
      url: server.url,
      token: tokens.all,
      fetch: (url, init) => {
        const changed = new URL(url instanceof Request ? url.url : url)
        changed.searchParams.set("wait", "0")
        return real(changed, init)
      }
    })
    const submitted = impatient.submit({ account: "jimmy", model: "m" })
    server.store.settleSubmit(await queuedId(), { state: "accepted", refs: ["jimmy:1"], error: null })
    expect(await submitted).toMatchObject({ state: "accepted" })
  })

  it("repeats a submit with the same key when the connection is lost", async () => {
    let calls = 0
    const keys: Array<unknown> = []
    const flaky = createTrackerClient({
      url: server.url,
      token: tokens.all,
      fetch: async (url, init) => {
        keys.push(new Headers(init?.headers).get("idempotency-key"))
        const response = await fetch(url, init)
        if (++calls > 1) return response
        await response.body?.cancel()
        throw new TypeError("fetch failed", { cause: new Error("other side closed") })
      }
    })
    const submitted = flaky.submit({ account: "jimmy", model: "m" })
    server.store.settleSubmit(await queuedId(), { state: "accepted", refs: ["jimmy:1"], error: null })
    await submitted
    expect(server.store.submits.size).toBe(1)
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBe(keys[1])
  })

  it("rejects with the error of the vendor, and its exit status", async () => {
    const rejected = new SubmitRejected({
      account: "jimmy",
      model: "m",
      idempotencyKey: "k",
      intent: null,
      reason: { _tag: "InvalidRequest", code: "1", message: "no", httpStatus: 400, requestId: null },
      failure: { reason: "moderation", code: "1", message: "no", requestId: null, canResubmit: false }
    })
    const submitted = errorOf(client.submit({ account: "jimmy", model: "m" }))
    server.store.settleSubmit(await queuedId(), {
      state: "rejected",
      refs: [],
      error: encodeError(rejected)
    })
    const error = await submitted
    expect(error).toMatchObject({ reason: "Rejected", exitStatus: 1, error: { _tag: "SubmitRejected" } })
  })

  it.each([
    ["unknown", "SubmitOutcomeUnknown", "OutcomeUnknown", 7],
    ["invalid", "LedgerFailed", "InvalidInput", 2]
  ] as const)("rejects a submit that is %s with %s", async (state, tag, reason, exitStatus) => {
    const submitted = errorOf(client.submit({ account: "jimmy", model: "m" }))
    const json = { _tag: tag, version: 1, message: "Why.", isRetryable: false }
    server.store.settleSubmit(await queuedId(), { state, refs: [], error: json })
    expect(await submitted).toMatchObject({ reason, exitStatus })
  })
})

it("tracks, gets, lists, cancels and forgets tasks", async () => {
  const refs = Array.from({ length: 1500 }, (_, n) => `jimmy:${n}`)
  const tracked = await client.track([...refs, "nonsense"])
  expect(tracked.added).toHaveLength(1500)
  expect(tracked.rejected).toMatchObject([{ ref: "nonsense", error: { _tag: "InvalidTaskRef" } }])
  expect(await client.track(["jimmy:1"])).toEqual({ added: [], known: ["jimmy:1"], rejected: [] })
  const page = await client.list({ limit: 2, status: ["unknown"], since: new Date(0) })
  expect(page.tasks.map(({ ref }) => ref)).toEqual(["jimmy:1499", "jimmy:1498"])
  const next = await client.list({ limit: 2, cursor: page.cursor ?? "" })
  expect(next.tasks.map(({ ref }) => ref)).toEqual(["jimmy:1497", "jimmy:1496"])
  expect(await client.cancel("jimmy:1")).toEqual({ ref: "jimmy:1", result: "canceled", message: null })
  await client.forget("jimmy:1")
  expect(await errorOf(client.get("jimmy:1"))).toMatchObject({ reason: "NotFound", exitStatus: 5 })
  expect(await errorOf(client.get("nonsense"))).toMatchObject({
    reason: "InvalidInput",
    exitStatus: 2,
    error: { _tag: "InvalidTaskRef" }
  })
})

it("waits until a task has ended, or until it is saved", async () => {
  server.store.setTask("jimmy:1", { status: "running" })
  const tasks = vi.spyOn(server.store, "task")
  const ended = client.get("jimmy:1", { wait: 30, until: "ended" })
  const saved = client.get("jimmy:1", { wait: 30 })
  await vi.waitFor(() => expect(tasks.mock.calls.length).toBeGreaterThanOrEqual(2), 15_000)
  server.store.setTask("jimmy:1", {
    status: "succeeded",
    saveState: "due",
    snapshot: snapshotOf("jimmy:1", { status: "succeeded" })
  })
  server.store.addEvent({ ref: "jimmy:1", type: "task.ended" })
  expect(await ended).toMatchObject({ status: "succeeded", saveState: "due" })
  server.store.setTask("jimmy:1", { saveState: "saved" })
  server.store.addEvent({ ref: "jimmy:1", type: "task.saved" })
  expect(await saved).toMatchObject({ saveState: "saved" })
})

it("downloads a file and verifies it", async () => {
  const bytes = Buffer.alloc(300_000, 7)
  const path = join(server.dir, "jimmy-1.png")
  await writeFile(path, bytes)
  const sha256 = createHash("sha256").update(bytes).digest("hex")
  const file = { path, kind: "image", role: "result", mediaType: "image/png", bytes: bytes.length, sha256 }
  server.store.setTask("jimmy:1", { files: [file], saveState: "saved", status: "succeeded" })
  const [listed] = (await client.get("jimmy:1")).files
  if (listed === undefined) throw new Error("no file")
  const dir = await mkdtemp(join(tmpdir(), "gentask-client-"))
  await client.download(listed, join(dir, "copy.png"))
  expect((await readFile(join(dir, "copy.png"))).equals(bytes)).toBe(true)
  let size = 0
  for await (const chunk of await client.openFile(listed)) size += chunk.byteLength
  expect(size).toBe(bytes.length)
  await writeFile(path, Buffer.alloc(300_000, 8))
  const error = await errorOf(client.download(listed, join(dir, "other.png")))
  expect(error).toMatchObject({ reason: "InvalidFile", exitStatus: 6 })
  expect(await readdir(dir)).toEqual(["copy.png"])
  await rm(dir, { recursive: true })
})

it("iterates over events, and resumes when the server restarts", async () => {
  const received: Array<number> = []
  const controller = new AbortController()
  const port = Number(new URL(server.url).port)
  const reading = (async () => {
    for await (const event of client.events({ after: 0, signal: controller.signal })) received.push(event.seq)
  })()
  const add = (count: number): void => {
    for (let n = 0; n < count; n++) server.store.addEvent({ ref: "jimmy:1", type: "task.status" })
  }
  add(3)
  await vi.waitFor(() => expect(received).toEqual([1, 2, 3]), 15_000)
  const events: ReadonlyArray<EventJson | object> = [...server.store.allEvents]
  await server.close()
  await start({ port })
  server.store.allEvents.push(...(events as typeof server.store.allEvents))
  add(2)
  await vi.waitFor(() => expect(received).toEqual([1, 2, 3, 4, 5]), { timeout: 10_000 })
  controller.abort(new Error("enough"))
  await expect(reading).rejects.toThrow("enough")
})

it("lists accounts, and manages endpoints", async () => {
  expect(await client.accounts()).toMatchObject([{ account: "jimmy", epoch: 2 }])
  const { id, secret } = await client.endpoints.create({ url: "https://a.example", events: ["task.saved"] })
  expect(secret).toBe("whsec_first")
  expect(await client.endpoints.list()).toMatchObject([{ id, events: ["task.saved"] }])
  expect(await client.endpoints.update(id, { isEnabled: false })).toMatchObject({ isEnabled: false })
  expect(await client.endpoints.get(id)).not.toHaveProperty("secret")
  expect(await client.endpoints.rotate(id)).toMatchObject({ secret: "whsec_second" })
  expect(await client.endpoints.test(id)).toMatchObject({ isDelivered: true })
  expect(await client.endpoints.replay(id)).toEqual({ replayed: 3 })
  await client.endpoints.remove(id)
  expect(await errorOf(client.endpoints.remove(id))).toMatchObject({ reason: "NotFound" })
})

describe("errors", () => {
  const listen = async (listener: RequestListener): Promise<{ server: Server; url: string }> => {
    const other = createServer(listener)
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve)
    })
    return { server: other, url: `http://127.0.0.1:${(other.address() as AddressInfo).port}` }
  }

  it("reports a wrong token and a missing scope", async () => {
    const wrong = createTrackerClient({ url: server.url, token: "some-wrong-token" })
    expect(await errorOf(wrong.list())).toMatchObject({ reason: "Unauthorized", exitStatus: 4 })
    const reader = createTrackerClient({ url: server.url, token: tokens.read })
    expect(await errorOf(reader.forget("jimmy:1"))).toMatchObject({ reason: "Forbidden", exitStatus: 4 })
    expect(await errorOf(wrong.events()[Symbol.asyncIterator]().next())).toMatchObject({
      reason: "Unauthorized"
    })
  })

  it("reports a server that cannot be reached", async () => {
    const { server: other, url } = await listen(() => undefined)
    const silent = createTrackerClient({ url, token: tokens.all, timeoutMs: 100 })
    expect(await errorOf(silent.list())).toMatchObject({
      reason: "Unreachable",
      exitStatus: 5,
      message: `The tracker at ${url} cannot be reached: no response in time.`
    })
    other.closeAllConnections()
    other.close()
    expect(await errorOf(silent.list())).toMatchObject({
      reason: "Unreachable",
      isRetryable: true,
      message: `The tracker at ${url} cannot be reached: ECONNREFUSED.`
    })
  })

  it("reports servers that are no trackers, have another version, or redirect", async () => {
    const { server: other, url } = await listen((request, response) => {
      if (request.url?.startsWith("/v1/accounts")) response.setHeader("gentask-api", "2")
      if (request.url?.startsWith("/v1/webhook")) response.writeHead(302, { location: "http://127.0.0.1:1/" })
      response.end("<html>")
    })
    const lost = createTrackerClient({ url, token: tokens.all })
    expect(await errorOf(lost.list())).toMatchObject({ reason: "VersionMismatch", exitStatus: 5 })
    expect((await errorOf(lost.accounts())).message).toContain("has version 2 of the tracker's API")
    expect(await errorOf(lost.endpoints.list())).toMatchObject({ reason: "Unreachable" })
    other.close()
  })

  it("rejects with the signal's reason", async () => {
    server.store.setTask("jimmy:1", { status: "running" })
    const controller = new AbortController()
    const tasks = vi.spyOn(server.store, "task")
    const waiting = client.get("jimmy:1", { wait: 60, signal: controller.signal })
    await vi.waitFor(() => expect(tasks).toHaveBeenCalled(), 15_000)
    controller.abort(new Error("enough"))
    await expect(waiting).rejects.toThrow("enough")
  })

  it("rejects invalid URLs and tokens", () => {
    expect(() => createTrackerClient({ url: "ftp://a", token: "t" })).toThrow("expected http or https")
    expect(() => createTrackerClient({ url: "http://a", token: "a\nb" })).toThrow("Invalid token")
  })
})
