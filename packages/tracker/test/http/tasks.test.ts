import { afterAll, beforeAll, expect, it, vi } from "vitest"
import { problemTypePrefix } from "../../src/api/ProblemJson.ts"
import { snapshotOf } from "../support/httpStore.ts"
import { startServer } from "../support/startServer.ts"
import type { TestServer } from "../support/startServer.ts"

let server: TestServer

beforeAll(async () => {
  server = await startServer({ submitWaitMs: 5000 })
})
afterAll(() => server.close())

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  server.request(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body)
  })

/** Settles the next queued submit of an account, as its owner would. */
const settleNext = async (outcome: Parameters<TestServer["store"]["settleSubmit"]>[1]) => {
  const id = await vi.waitFor(() => {
    const queued = [...server.store.submits.values()].find(({ state }) => state === "queued")
    if (queued === undefined) throw new Error("no queued submit")
    return queued.id
  }, 15_000)
  server.store.settleSubmit(id, outcome)
  return id
}

it("tracks a task, and responds with its location", async () => {
  const response = await post("/v1/tasks", { ref: "jimmy:1" })
  expect(response.status).toBe(202)
  expect(response.headers.get("location")).toBe("/v1/tasks/jimmy%3A1")
  expect(await response.json()).toMatchObject({ state: "accepted", refs: ["jimmy:1"] })
  const task = await server.request("/v1/tasks/jimmy%3A1")
  expect(await task.json()).toMatchObject({ ref: "jimmy:1", status: "unknown", files: [], snapshot: null })
})

it("submits a task and responds when it was accepted", async () => {
  const settled = settleNext({ state: "accepted", refs: ["jimmy:made"], error: null })
  const response = await post("/v1/tasks", { account: "jimmy", model: "gpt-image-2", prompt: "A fox" })
  const id = await settled
  expect(response.status).toBe(202)
  expect(response.headers.get("location")).toBe("/v1/tasks/jimmy%3Amade")
  expect(await response.json()).toMatchObject({ id, state: "accepted", refs: ["jimmy:made"], error: null })
  expect(server.store.submits.get(id)?.request).toEqual({
    account: "jimmy",
    model: "gpt-image-2",
    prompt: "A fox"
  })
})

it("responds with the URL of the submit when its outcome takes too long", async () => {
  const response = await post("/v1/tasks?wait=0", { account: "jimmy", model: "slow" })
  expect(response.status).toBe(202)
  const location = response.headers.get("location") ?? ""
  expect(location).toMatch(/^\/v1\/submits\//)
  const id = await settleNext({ state: "accepted", refs: ["jimmy:slow"], error: null })
  expect(location).toBe(`/v1/submits/${id}`)
  expect(await (await server.request(location)).json()).toMatchObject({
    state: "accepted",
    refs: ["jimmy:slow"]
  })
})

it.each([
  ["rejected", "SubmitRejected", 422, "submit-rejected"],
  ["unknown", "SubmitOutcomeUnknown", 409, "submit-outcome-unknown"],
  ["invalid", "ConfigurationError", 422, "invalid-input"],
  ["invalid", "UploadFailed", 502, "vendor-failed"],
  ["invalid", "LedgerFailed", 422, "invalid-input"]
] as const)("reports a submit that is %s with %s as %d %s", async (state, tag, status, name) => {
  const error = { _tag: tag, version: 1, message: "Why it failed.", isRetryable: false }
  const settled = settleNext({ state, refs: [], error })
  const response = await post("/v1/tasks", { account: "jimmy", model: "x" })
  await settled
  expect(response.status).toBe(status)
  expect(response.headers.get("content-type")).toBe("application/problem+json")
  const problem = (await response.json()) as { readonly error?: unknown }
  expect(problem).toMatchObject({ type: problemTypePrefix + name, status, detail: "Why it failed." })
  expect(problem.error).toEqual(error)
})

it("returns the first submit for a repeated idempotency key, and rejects another request with it", async () => {
  const headers = { "idempotency-key": "key-1" }
  const settled = settleNext({ state: "accepted", refs: ["jimmy:once"], error: null })
  const first = await post("/v1/tasks", { account: "jimmy", model: "a", prompt: "p" }, headers)
  const id = await settled
  const second = await post("/v1/tasks", { prompt: "p", model: "a", account: "jimmy" }, headers)
  expect([first.status, second.status]).toEqual([202, 202])
  expect(await second.json()).toMatchObject({ id, refs: ["jimmy:once"], idempotencyKey: "key-1" })
  const third = await post("/v1/tasks", { account: "jimmy", model: "b" }, headers)
  expect(third.status).toBe(422)
  expect(await third.json()).toMatchObject({ type: `${problemTypePrefix}idempotency-key-reused` })
})

it("refuses files of the tracker's machine, and accepts files in the request", async () => {
  for (const request of [
    { images: [{ path: "/etc/passwd" }] },
    { input: { nested: [{ file: { path: "/etc/passwd" } }] } },
    { input: { file: { base64: "not base64!" } } },
    { images: [{ base64: "" }] },
    { images: [{ base64: "AAAAA" }] }
  ]) {
    const response = await post("/v1/tasks", { account: "jimmy", model: "x", ...request })
    expect([400, 422]).toContain(response.status)
  }
  const settled = settleNext({ state: "accepted", refs: ["jimmy:file"], error: null })
  const response = await post("/v1/tasks", {
    account: "jimmy",
    model: "x",
    images: [{ base64: "AAAA", name: "a.png" }]
  })
  await settled
  expect(response.status).toBe(202)
})

it("tracks a batch, and reports known and invalid refs", async () => {
  const response = await post("/v1/tasks/batch", {
    refs: ["jimmy:b1", "jimmy:b2", "jimmy:b2", "jimmy:1", "other:9", "nonsense"]
  })
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({
    added: ["jimmy:b1", "jimmy:b2"],
    known: ["jimmy:1"],
    rejected: [
      { ref: "other:9", error: { _tag: "ConfigurationError" } },
      { ref: "nonsense", error: { _tag: "InvalidTaskRef" } }
    ]
  })
  const tooMany = await post("/v1/tasks/batch", {
    refs: Array.from({ length: 1001 }, (_, n) => `jimmy:${n}`)
  })
  expect(tooMany.status).toBe(400)
})

it("lists tasks with filters and cursors", async () => {
  server.store.setTask("jimeng:l1", { status: "failed" })
  server.store.setTask("jimeng:l2", { status: "succeeded" })
  server.store.setTask("jimeng:l3", { status: "failed" })
  const first = await server.request("/v1/tasks?account=jimeng&status=failed,canceled&limit=1")
  const page = (await first.json()) as { cursor: string; tasks: ReadonlyArray<{ ref: string }> }
  expect(page.tasks.map(({ ref }) => ref)).toEqual(["jimeng:l3"])
  const next = await server.request(`/v1/tasks?account=jimeng&status=failed&limit=1&cursor=${page.cursor}`)
  expect(await next.json()).toMatchObject({ tasks: [{ ref: "jimeng:l1" }], cursor: null })
  const found = await server.request("/v1/tasks?search=l2")
  expect(await found.json()).toMatchObject({ tasks: [{ ref: "jimeng:l2" }] })
})

it.each([
  ["status=nope", "queued, running, succeeded, failed, canceled, expired, unknown"],
  ["status=", "queued, running"],
  ["status=running&status=queued", "status"],
  ["status=running,", "queued, running"],
  ["limit=-1", "1 to 500"],
  ["limit=0", "1 to 500"],
  ["limit=501", "1 to 500"],
  ["limit=many", "1 to 500"],
  ["since=yesterday", "2026-01-31T12:00:00Z"],
  ["since=5", "2026-01-31T12:00:00Z"],
  ["since=2026-02-31T12:00:00Z", "2026-01-31T12:00:00Z"],
  ["cursor=abc", "cursor of the previous page"],
  ["account=no%20account", "as in a task ref"],
  ["stauts=running", "account, status, search, since, limit, cursor"]
])("rejects a list of tasks with %s, and says what is allowed", async (query, allowed) => {
  const response = await server.request(`/v1/tasks?${query}`)
  expect(response.status).toBe(400)
  expect(JSON.stringify(await response.json())).toContain(allowed)
})

it.each(["since=2026-01-31", "since=2026-01-31T12:00:00.5%2B02:00", "status=running,%20queued", "limit=500"])(
  "accepts a list of tasks with %s",
  async (query) => expect((await server.request(`/v1/tasks?${query}`)).status).toBe(200)
)

it.each([
  ["GET", "/v1/tasks/jimmy%3A1?wait=soon", 400, "0 to 60"],
  ["GET", "/v1/tasks/jimmy%3A1?wait=61", 400, "0 to 60"],
  ["GET", "/v1/tasks/jimmy%3A1?until=done", 400, "ended"],
  ["GET", "/v1/tasks/jimmy%3A1?waits=1", 400, "wait, until"],
  ["GET", "/v1/submits/none?wait=1.5", 400, "0 to 60"],
  ["GET", "/v1/events?after=first", 400, "position"],
  ["GET", "/v1/events?ref=nonsense", 422, "provider:taskId"],
  ["GET", "/v1/events?refs=jimmy%3A1", 400, "after, ref"],
  ["GET", "/v1/accounts?account=jimmy", 400, "no parameters"],
  ["POST", "/v1/tasks/jimmy%3A1/retry?wait=-1", 400, "0 to 60"],
  ["DELETE", "/v1/tasks/jimmy%3A1?force=true", 400, "no parameters"]
] as const)("rejects %s %s, and says what is allowed", async (method, path, status, allowed) => {
  const response = await server.request(path, { method })
  expect(response.status).toBe(status)
  expect(JSON.stringify(await response.json())).toContain(allowed)
})

it("waits until a task is done", async () => {
  server.store.setTask("jimmy:poll", { status: "running" })
  const waiting = server.request("/v1/tasks/jimmy%3Apoll?wait=30")
  const ended = vi.waitFor(async () => {
    const response = await server.request("/v1/tasks/jimmy%3Apoll")
    expect(await response.json()).toMatchObject({ status: "running" })
  }, 15_000)
  await ended
  const snapshot = snapshotOf("jimmy:poll", { status: "succeeded", model: "m" })
  server.store.setTask("jimmy:poll", { status: "succeeded", snapshot, saveState: "due" })
  server.store.addEvent({ ref: "jimmy:poll", type: "task.ended" })
  server.store.setTask("jimmy:poll", { saveState: "saved" })
  server.store.addEvent({ ref: "jimmy:poll", type: "task.saved" })
  const response = await waiting
  expect(await response.json()).toMatchObject({
    status: "succeeded",
    saveState: "saved",
    snapshot: { ref: "jimmy:poll", status: "succeeded", model: "m" }
  })
})

it("responds with the current state when the wait is over", async () => {
  server.store.setTask("jimmy:still", { status: "queued" })
  const response = await server.request("/v1/tasks/jimmy%3Astill?wait=1")
  expect(await response.json()).toMatchObject({ status: "queued" })
})

it("cancels a task", async () => {
  const response = await server.request("/v1/tasks/jimmy%3A1/cancel", { method: "POST" })
  expect(await response.json()).toEqual({ ref: "jimmy:1", result: "canceled", message: null })
})

const recordIntent = async (ref: string, input: Record<string, unknown>): Promise<void> => {
  const { ledger } = server.store
  const { intent } = await ledger.begin({
    id: `intent-${ref}`,
    idempotencyKey: `key-${ref}`,
    account: "jimmy",
    origin: "https://api.example.com",
    model: "gpt-image-2",
    prompt: null,
    input,
    files: [],
    digest: "d",
    canReplay: false,
    owner: "test",
    traceparent: null,
    createdAt: new Date()
  })
  await ledger.settle(intent.id, { state: "accepted", tasks: [snapshotOf(ref)], attempts: 1 })
  server.store.setTask(ref, { status: "failed" })
}

it("submits the recorded request of a task again", async () => {
  await recordIntent("jimmy:old", { prompt: "A fox" })
  const settled = settleNext({ state: "accepted", refs: ["jimmy:new"], error: null })
  const response = await server.request("/v1/tasks/jimmy%3Aold/retry", { method: "POST" })
  const id = await settled
  expect(response.status).toBe(202)
  expect(response.headers.get("location")).toBe("/v1/tasks/jimmy%3Anew")
  expect(server.store.submits.get(id)?.request).toEqual({
    account: "jimmy",
    model: "gpt-image-2",
    input: { prompt: "A fox" }
  })
})

it("does not retry tasks without a recorded request, or with files", async () => {
  const unknown = await server.request("/v1/tasks/jimmy%3A1/retry", { method: "POST" })
  expect(unknown.status).toBe(409)
  await recordIntent("jimmy:withfile", {
    image: { name: "a.png", mediaType: "image/png", size: 4, sha256: "ab" }
  })
  const withFile = await server.request("/v1/tasks/jimmy%3Awithfile/retry", { method: "POST" })
  expect(await withFile.json()).toMatchObject({ type: `${problemTypePrefix}not-retryable` })
})

it("forgets a task", async () => {
  server.store.setTask("jimmy:gone")
  const response = await server.request("/v1/tasks/jimmy%3Agone", { method: "DELETE" })
  expect([response.status, await response.text()]).toEqual([204, ""])
  expect((await server.request("/v1/tasks/jimmy%3Agone")).status).toBe(404)
  expect((await server.request("/v1/tasks/jimmy%3Agone", { method: "DELETE" })).status).toBe(404)
})

it.each(
  [
    "jimmy:a/b",
    "jimmy:a%2Fb%",
    "jimmy:../../etc",
    "jimeng:67fb?req_key=a b&x=1",
    "jimmy:a#b;c",
    "jimmy:ü漢字🦊",
    "jimmy:a+b=c&d",
    "jimmy:%25%32%35",
    `jimmy:${"x".repeat(3000)}`
  ].map((text) => [text.slice(0, 60), text] as const)
)("finds the task %s by its percent-encoded ref", async (_, text) => {
  const tracked = await post("/v1/tasks", { ref: text })
  expect(tracked.status).toBe(202)
  const { refs } = (await tracked.json()) as { refs: ReadonlyArray<string> }
  const ref = refs[0] ?? ""
  expect(server.store.tasksByRef.has(ref)).toBe(true)
  const location = tracked.headers.get("location") ?? ""
  expect(location).toBe(`/v1/tasks/${encodeURIComponent(ref)}`)
  for (const path of [location, `/v1/tasks/${encodeURIComponent(text)}`])
    expect(await (await server.request(path)).json()).toMatchObject({ ref })
})
