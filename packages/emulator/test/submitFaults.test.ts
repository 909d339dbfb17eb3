/** Every fault of a submit: what the client receives, and whether a task was made. */
import { assert, describe, it } from "vitest"
import { services, startEmulator, TaskScriptError } from "../src/index.ts"
import type { SubmitFault } from "../src/index.ts"
import {
  countsOf,
  get,
  idIn,
  jimmyPrefix,
  outcomeOf,
  post,
  submit,
  rootServices,
  validSubmits
} from "./submits.ts"
import { inOrder, send, start } from "./support.ts"

const startWith = (...faults: readonly SubmitFault[]) =>
  start({ submits: Object.fromEntries(services.map((service) => [service, { faults }])) })

const resets: readonly { readonly fault: SubmitFault; readonly tasks: number }[] = [
  { fault: { fault: "reset-unread" }, tasks: 0 },
  { fault: { fault: "reset-before-task" }, tasks: 0 },
  { fault: { fault: "reset-after-task" }, tasks: 1 }
]

describe.each(rootServices)("a submit to %s", (service) => {
  it.each(resets)("with $fault.fault makes $tasks tasks", async ({ fault, tasks }) => {
    const emulator = await startWith(fault)
    assert.include(["ECONNRESET", "UND_ERR_SOCKET"], await outcomeOf(submit(emulator, service)))
    assert.deepEqual(countsOf(emulator), { posts: 1, tasks })
    const [logged] = emulator.posts()
    assert.deepEqual(
      [logged?.service, logged?.fault, logged?.status, logged?.created],
      [service, fault.fault, 0, tasks === 1]
    )
    assert.strictEqual((await submit(emulator, service)).status, 200)
    assert.deepEqual(countsOf(emulator), { posts: 2, tasks: tasks + 1 })
  })

  it("that is rejected with 429 is accepted afterwards", async () => {
    const emulator = await startWith({ fault: "rejected", times: 2 })
    const statuses = await inOrder([1, 2, 3], async () => {
      const { status, body } = await submit(emulator, service)
      return [status, idIn(body) !== undefined]
    })
    assert.deepEqual(statuses, [
      [429, false],
      [429, false],
      [200, true]
    ])
    assert.deepEqual(countsOf(emulator), { posts: 3, tasks: 1 })
  })

  it("gets errors of a proxy, and no task is made", async () => {
    const emulator = await startWith(
      { fault: "proxy-error" },
      { fault: "proxy-error", status: 503, body: "empty" },
      { fault: "proxy-error", status: 504, body: "json" },
      { fault: "proxy-error", status: 200 }
    )
    const responses = await inOrder([1, 2, 3, 4], () => submit(emulator, service))
    assert.deepEqual(
      responses.map(({ status, headers }) => [status, headers.get("content-type")?.split(";")[0] ?? null]),
      [
        [502, "text/html"],
        [503, null],
        [504, "application/json"],
        [200, "text/html"]
      ]
    )
    assert.deepEqual(countsOf(emulator), { posts: 4, tasks: 0 })
  })

  it("gets errors after each task was made", async () => {
    const emulator = await startWith(
      { fault: "error-after-task" },
      { fault: "error-after-task", status: 504, body: "html" },
      { fault: "error-after-task", status: 502, body: "empty" }
    )
    const responses = await inOrder([1, 2, 3], () => submit(emulator, service))
    assert.deepEqual(
      responses.map(({ status, body }) => [status, idIn(body)]),
      [
        [500, undefined],
        [504, undefined],
        [502, undefined]
      ]
    )
    assert.deepEqual(countsOf(emulator), { posts: 3, tasks: 3 })
  })

  it("gets the id in an HTTP error", async () => {
    const emulator = await startWith({ fault: "error-with-id" }, { fault: "error-with-id", status: 500 })
    const responses = await inOrder([1, 2], () => submit(emulator, service))
    assert.deepEqual(
      responses.map(({ status, body }) => [status, idIn(body)]),
      emulator.tasks().map(({ id }, index) => [index === 0 ? 400 : 500, id])
    )
    assert.deepEqual(countsOf(emulator), { posts: 2, tasks: 2 })
  })

  it("gets a success without the id, or with an HTML page", async () => {
    const emulator = await startWith({ fault: "without-id" }, { fault: "html" })
    const withoutId = await submit(emulator, service)
    assert.deepEqual([withoutId.status, idIn(withoutId.body)], [200, undefined])
    assert.typeOf(withoutId.body, "object")
    const html = await submit(emulator, service)
    assert.strictEqual(html.status, 200)
    assert.match(html.body, /^<!DOCTYPE html>/)
    assert.deepEqual(countsOf(emulator), { posts: 2, tasks: 2 })
    assert.deepEqual(
      emulator.posts().map(({ taskId }) => taskId),
      emulator.tasks().map(({ id }) => id)
    )
  })

  it("gets late headers, and a truncated response", async () => {
    const emulator = await startWith({ fault: "late", ms: 150 }, { fault: "truncated-after-task" })
    const started = performance.now()
    const { status } = await submit(emulator, service)
    assert.deepEqual([status, performance.now() - started >= 149], [200, true])
    assert.isNotNumber(await outcomeOf(submit(emulator, service)))
    assert.deepEqual(countsOf(emulator), { posts: 2, tasks: 2 })
  })
})

describe("a late response", () => {
  it("belongs to a task that exists before the headers", async () => {
    const emulator = await startWith({ fault: "late", ms: 60_000 })
    const { path, body } = validSubmits.jimmy
    const request = send(emulator.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${emulator.apiKey}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(200)
    })
    assert.match(await request.then(() => "response", String), /TimeoutError/)
    assert.deepEqual(countsOf(emulator), { posts: 1, tasks: 1 })
  })
})

describe("a known idempotency key", () => {
  it("returns the task that a lost response made", async () => {
    const emulator = await startWith(
      { fault: "reset-after-task" },
      { fault: "error-after-task" },
      { fault: "without-id" }
    )
    const headers = { "x-request-id": "key-1" }
    const outcomes = await inOrder([1, 2, 3, 4], () => outcomeOf(submit(emulator, "aigptimage", headers)))
    assert.deepEqual(outcomes.slice(1), [500, 200, 200])
    assert.deepEqual(countsOf(emulator), { posts: 4, tasks: 1 })
  })
})

describe("faults of submits", () => {
  it("are not used up by requests that the vendor refuses", async () => {
    const emulator = await startWith({ fault: "reset-after-task" })
    const invalid = await post(emulator, `${jimmyPrefix}/images`, { model: "gpt-image-2" })
    assert.strictEqual(invalid.body.code, "20002")
    const unauthorized = await submit(emulator, "jimmy", { authorization: "Bearer sk-wrong" })
    assert.strictEqual(unauthorized.body.code, "20001")
    assert.isNotNumber(await outcomeOf(submit(emulator, "jimmy")))
    assert.deepEqual(countsOf(emulator), { posts: 3, tasks: 1 })
  })

  it("have the vendor's code and delay", async () => {
    const emulator = await startWith({ fault: "rejected", code: 50_429, status: 429, retryAfter: 7 })
    const jimeng = await submit(emulator, "jimeng")
    assert.deepEqual([jimeng.body.code, jimeng.headers.get("retry-after")], [50_429, "7"])
    emulator.scriptSubmits("aigptimage", { faults: [{ fault: "rejected", retryAfter: 7 }] })
    const aigptimage = await submit(emulator, "aigptimage")
    assert.deepEqual([aigptimage.body.data, aigptimage.headers.get("retry-after")], [{ retryAfter: 7 }, null])
  })

  it("make a submit before the end of its delay an early retry", async () => {
    const emulator = await startWith({ fault: "rejected", retryAfter: 60 })
    await submit(emulator, "jimmy")
    assert.deepEqual(emulator.earlyRetries(), [])
    await submit(emulator, "jimmy")
    const [early] = emulator.earlyRetries()
    assert.deepEqual(
      [early?.purpose, early?.scope, early?.retryAfterMs, early?.apiKey],
      ["submit", "account", 60_000, emulator.apiKey]
    )
  })

  it("appear in the request log", async () => {
    const emulator = await startWith({ fault: "error-after-task" })
    await submit(emulator, "kie")
    const [logged] = emulator.requests
    assert.deepEqual(
      [logged?.purpose, logged?.vendor, logged?.taskId, logged?.fault, logged?.path],
      ["submit", "aigptimage", emulator.tasks()[0]?.id, "error-after-task", "/api/v1/jobs/createTask"]
    )
    assert.deepEqual(emulator.rates(), [])
  })

  it("are validated", async () => {
    const emulator = await start()
    const configure = (script: object) => () => emulator.scriptSubmits("jimmy", script)
    assert.throws(
      configure({ faults: [{ fault: "nonsense" }] }),
      TaskScriptError,
      /^Invalid submit script: faults\[0\]\.fault: expected one of "none", "reset-unread"/
    )
    assert.throws(configure({ fault: [] }), TaskScriptError, /unknown field "fault"/)
    assert.throws(configure({ task: { inline: true } }), TaskScriptError, /only a jimeng task/)
    assert.throws(configure({ task: { id: "x" } }), TaskScriptError, /unknown field "id"/)
    const invalid = startEmulator({ submits: { sora: { price: -1 } } })
    assert.match(await invalid.then(() => "started", String), /TaskScriptError: Invalid submit script: price/)
  })
})

describe("refused connections", () => {
  it("make no task, until the emulator listens again", async () => {
    const emulator = await start()
    const listenAgain = await emulator.refuseConnections()
    assert.strictEqual(await outcomeOf(submit(emulator, "jimmy")), "ECONNREFUSED")
    assert.deepEqual(countsOf(emulator), { posts: 0, tasks: 0 })
    await listenAgain()
    assert.strictEqual((await submit(emulator, "jimmy")).status, 200)
    assert.strictEqual((await get(emulator, `${jimmyPrefix}/user/balance`)).body.data.used_coin, 10)
  })
})
