/** A whole tracker in this process: HTTP API, owner, store, files and webhooks. */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { PollPolicy } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import { jimmy } from "@gentask/provider-jimmy"
import { startTracker } from "@gentask/tracker"
import type { TrackerOptions } from "@gentask/tracker"
import { describe, expect, it, vi } from "vitest"
import { newFolder } from "./support/folders.ts"
import { startReceiver } from "./support/webhookReceiver.ts"

const wait = { timeout: 20_000, interval: 20 }
const token = "token-of-the-tests"

const setUp = async (stack: AsyncDisposableStack, options: Partial<TrackerOptions> = {}) => {
  const emulator = stack.use(
    await startEmulator({ submits: { jimmy: { task: { runningFor: 300, media: ["webp"] } } } })
  )
  const folder = stack.use(newFolder())
  const path = join(folder.path, "ledger.db")
  const tracker = stack.use(
    await startTracker({
      providers: [jimmy({ apiKey: emulator.apiKey, baseUrl: emulator.url })],
      database: { sqlite: path },
      dir: join(folder.path, "files"),
      tokens: [{ token, scopes: ["read", "submit", "admin"] }],
      allowPrivateWebhooks: true,
      pollPolicy: PollPolicy.fixed(100),
      ...options
    })
  )
  const request = async (method: string, route: string, body?: unknown) => {
    const response = await fetch(tracker.url + route, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  return { emulator, tracker, path, request }
}

describe("startTracker", () => {
  it("submits a task, saves its output, and calls a webhook", async () => {
    await using stack = new AsyncDisposableStack()
    const { request } = await setUp(stack)
    const receiver = stack.use(await startReceiver())
    const endpoint = await request("POST", "/v1/webhook-endpoints", {
      url: `${receiver.url}/hook`,
      events: []
    })
    expect(endpoint.status).toBe(201)
    const submit = await request("POST", "/v1/tasks", {
      account: "jimmy",
      model: "gpt-image-2",
      prompt: "A fox in the snow"
    })
    expect(submit).toMatchObject({ status: 202, body: { state: "accepted" } })
    const [ref = ""] = submit.body["refs"] as ReadonlyArray<string>
    await vi.waitFor(async () => {
      const { body } = await request("GET", `/v1/tasks/${encodeURIComponent(ref)}`)
      expect(body).toMatchObject({ status: "succeeded", saveState: "saved", prompt: "A fox in the snow" })
    }, wait)
    await vi.waitFor(() => {
      const types = receiver.messages.map(({ body }) => (JSON.parse(body) as { readonly type: string }).type)
      expect(types).toContain("task.added")
      expect(types).toContain("task.ended")
      expect(types).toContain("task.saved")
    }, wait)
  })

  it("publishes its URL beside the SQLite file until it is closed", async () => {
    await using stack = new AsyncDisposableStack()
    const { tracker, path } = await setUp(stack)
    expect(JSON.parse(readFileSync(`${path}.tracker.json`, "utf8"))).toEqual({
      pid: process.pid,
      url: tracker.url
    })
    expect(tracker.accounts).toEqual(["jimmy"])
    await tracker.close()
    expect(existsSync(`${path}.tracker.json`)).toBe(false)
    await expect(fetch(tracker.url)).rejects.toThrow("fetch failed")
  })

  it("has all metrics with one prefix", async () => {
    await using stack = new AsyncDisposableStack()
    const { tracker, emulator, request } = await setUp(stack)
    const { id } = emulator.addTask({ vendor: "jimmy" })
    await request("POST", "/v1/tasks", { ref: `jimmy:${id}` })
    const headers = { authorization: `Bearer ${token}` }
    await vi.waitFor(async () => {
      const metrics = await (await fetch(`${tracker.url}/metrics`, { headers })).text()
      expect(metrics).toMatch(/^gentask_exchanges\{/m)
      expect(metrics).not.toContain("gentask_gentask")
    }, wait)
  })

  it("rejects a second tracker on the same SQLite file", async () => {
    await using stack = new AsyncDisposableStack()
    const { tracker, path } = await setUp(stack)
    await expect(setUp(stack, { database: { sqlite: path } })).rejects.toMatchObject({
      name: "TrackerRunning",
      pid: process.pid,
      url: tracker.url
    })
  })

  it.each<[string, Partial<TrackerOptions>, string]>([
    ["no account", { providers: [] }, "startTracker needs at least one account"],
    [
      "Postgres without a runner",
      { database: { postgres: "postgres://127.0.0.1:1/none" } },
      "needs the option runner"
    ],
    [
      "a runner without Postgres",
      { runner: { host: "127.0.0.1", port: 1 } },
      "Several trackers need a Postgres database"
    ],
    ["an invalid account", { providers: [jimmy({})] }, "jimmy has no API key"],
    ["an invalid duration", { keepFor: "long" }, "Invalid keepFor"],
    ["a short token", { tokens: [{ token: "short", scopes: ["read"] }] }, "Invalid token"],
    ["a token with a space", { tokens: [{ token: "x x".repeat(9), scopes: ["read"] }] }, "Invalid token"],
    [
      "a host of another machine",
      { listen: { host: "192.0.2.1" } },
      "Cannot listen on 192.0.2.1:0: the host is"
    ]
  ])("rejects %s", async (_, options, message) => {
    await using stack = new AsyncDisposableStack()
    await expect(setUp(stack, options)).rejects.toThrow(message)
  })
})
