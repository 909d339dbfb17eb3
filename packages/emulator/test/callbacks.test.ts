/** Callbacks of kie.ai and Jimeng. */
import { createHmac } from "node:crypto"
import { createServer } from "node:http"
import type { IncomingHttpHeaders } from "node:http"
import { assert, describe, it, onTestFinished, vi } from "vitest"
import type { CallbackScript, Emulator } from "../src/index.ts"
import { countsOf, jimengSubmit, post } from "./submits.ts"
import { start } from "./support.ts"

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: any
  readonly at: number
}

interface Receiver {
  readonly url: string
  readonly received: Received[]
}

/** A server that receives callbacks and responds with these statuses, and then with 200. */
const receive = async (...statuses: readonly number[]): Promise<Receiver> => {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let text = ""
    request.setEncoding("utf8")
    request.on("data", (chunk: string) => {
      text += chunk
    })
    request.on("end", () => {
      response.writeHead(statuses[received.length] ?? 200).end()
      received.push({ headers: request.headers, body: JSON.parse(text), at: performance.now() })
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve)
  })
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === "object" && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}/hook`, received }
}

const startWith = (callback: CallbackScript = {}, end: "succeeded" | "failed" = "succeeded") =>
  start({
    submits: {
      kie: { callback, task: { runningFor: 20, end } },
      jimeng: { callback, task: { runningFor: 20, end } }
    }
  })

const submitTo = async (emulator: Emulator, callBackUrl: string): Promise<string> => {
  const body = { model: "google/nano-banana", callBackUrl, input: { prompt: "A cat" } }
  return (await post(emulator, "/kie/api/v1/jobs/createTask", body)).body.data.taskId
}

const isSigned = ({ headers }: Received, taskId: string, key: string): boolean => {
  const timestamp = String(headers["x-webhook-timestamp"])
  const expected = createHmac("sha256", key).update(`${taskId}.${timestamp}`).digest("base64")
  return headers["x-webhook-signature"] === expected
}

const waitFor = async ({ received }: Receiver, count: number): Promise<readonly Received[]> =>
  vi.waitFor(() => {
    assert.lengthOf(received, count)
    return received
  }, 5000)

describe("a callback of kie.ai", () => {
  it("has the record and a valid signature", async () => {
    const emulator = await startWith({ key: "secret" })
    const receiver = await receive()
    const id = await submitTo(emulator, receiver.url)
    const [callback] = await waitFor(receiver, 1)
    assert.isDefined(callback)
    const { data, code } = callback.body
    assert.deepEqual([code, data.taskId, data.task_id, data.state], [200, id, id, "success"])
    assert.isTrue(isSigned(callback, id, "secret"))
    await vi.waitFor(() => assert.lengthOf(emulator.callbacks(), 1), 15_000)
    const { service, taskId, url, attempt, status, error } = emulator.callbacks()[0] ?? {}
    assert.deepEqual(
      { service, taskId, url, attempt, status, error },
      { service: "kie", taskId: id, url: receiver.url, attempt: 1, status: 200, error: null }
    )
  })

  it.each([
    ["succeeded", 200, true],
    ["failed", 501, false]
  ] as const)("about a Veo task that %s has the code %i", async (end, code, hasInfo) => {
    const emulator = await startWith({ key: "secret" }, end)
    const receiver = await receive()
    const body = { model: "veo3_fast", callBackUrl: receiver.url, prompt: "A cat" }
    const { taskId } = (await post(emulator, "/kie/api/v1/veo/generate", body)).body.data
    const [callback] = await waitFor(receiver, 1)
    assert.isDefined(callback)
    const { info, ...data } = callback.body.data
    assert.deepEqual(
      [callback.body.code, data.taskId, info?.resultUrls?.length],
      [code, taskId, hasInfo ? 1 : undefined]
    )
    assert.isTrue(isSigned(callback, taskId, "secret"))
  })

  it("is not signed without a key", async () => {
    const emulator = await startWith()
    const receiver = await receive()
    await submitTo(emulator, receiver.url)
    const [callback] = await waitFor(receiver, 1)
    assert.isUndefined(callback?.headers["x-webhook-signature"])
  })

  it("can be forged", async () => {
    const emulator = await startWith({ key: "secret", forged: true })
    const receiver = await receive()
    const id = await submitTo(emulator, receiver.url)
    const [callback] = await waitFor(receiver, 1)
    assert.isDefined(callback)
    assert.isFalse(isSigned(callback, id, "secret"))
    assert.isString(callback.headers["x-webhook-signature"])
  })

  it("can come twice", async () => {
    const emulator = await startWith({ times: 2 })
    const receiver = await receive()
    await submitTo(emulator, receiver.url)
    const [first, second] = await waitFor(receiver, 2)
    assert.deepEqual(first?.body.data.taskId, second?.body.data.taskId)
  })

  it("can be late", async () => {
    const emulator = await startWith({ delay: 200 })
    const receiver = await receive()
    const started = performance.now()
    await submitTo(emulator, receiver.url)
    const [callback] = await waitFor(receiver, 1)
    assert.isAtLeast((callback?.at ?? 0) - started, 200)
  })

  it("is sent up to three times until it gets a 2xx", async () => {
    const emulator = await startWith({ retryDelay: 10 })
    const recovering = await receive(500)
    await submitTo(emulator, recovering.url)
    await waitFor(recovering, 2)
    const failing = await receive(500, 500, 500, 500)
    const id = await submitTo(emulator, failing.url)
    await waitFor(failing, 3)
    const attempts = () => emulator.callbacks().filter(({ taskId }) => taskId === id)
    await vi.waitFor(() => assert.lengthOf(attempts(), 3), 15_000)
    assert.deepEqual(
      attempts().map(({ attempt, status }) => [attempt, status]),
      [
        [1, 500],
        [2, 500],
        [3, 500]
      ]
    )
  })

  it("can never come, and never does for a task that does not end", async () => {
    const emulator = await startWith({ times: 0 })
    const receiver = await receive()
    await submitTo(emulator, receiver.url)
    emulator.scriptSubmits("kie", { callback: {}, task: { end: "never" } })
    await submitTo(emulator, receiver.url)
    emulator.scriptSubmits("kie", { task: {} })
    const id = await submitTo(emulator, receiver.url)
    const [callback] = await waitFor(receiver, 1)
    assert.strictEqual(callback?.body.data.taskId, id)
    assert.deepEqual(countsOf(emulator), { posts: 3, tasks: 3 })
  })

  it("is sent to this machine only", async () => {
    const emulator = await startWith()
    await submitTo(emulator, "https://example.com/hook")
    await submitTo(emulator, "http://127.0.0.1.example.com/hook")
    await vi.waitFor(() => assert.lengthOf(emulator.callbacks(), 2), 15_000)
    for (const { status, error } of emulator.callbacks()) {
      assert.isNull(status)
      assert.match(error ?? "", /this machine only/)
    }
  })

  it("reports an address without a server", async () => {
    const emulator = await startWith({ retryDelay: 1 })
    await submitTo(emulator, "http://127.0.0.1:1/hook")
    await vi.waitFor(() => assert.lengthOf(emulator.callbacks(), 3), 15_000)
    assert.isNull(emulator.callbacks()[0]?.status)
  })
})

describe("a callback of Jimeng", () => {
  const submit = async (emulator: Emulator, url: string): Promise<string> => {
    const body = { req_key: "jimeng_seedream46_cvtob", prompt: "A cat", callback_url: url }
    return (await post(emulator, jimengSubmit("/"), body)).body.data.task_id
  }

  it("has the id at the top level and no signature", async () => {
    const emulator = await startWith({ key: "secret" })
    const receiver = await receive()
    const id = await submit(emulator, receiver.url)
    const [callback] = await waitFor(receiver, 1)
    assert.isDefined(callback)
    const { code, task_id: taskId, data, message } = callback.body
    assert.deepEqual([code, taskId, data.status, message], [10_000, id, "done", "Success"])
    assert.isUndefined(callback.headers["x-webhook-signature"])
  })

  it("of a failed task has its code and no data", async () => {
    const emulator = await startWith({}, "failed")
    const receiver = await receive(500)
    const id = await submit(emulator, receiver.url)
    const [callback] = await waitFor(receiver, 1)
    assert.deepEqual(
      [callback?.body.code, callback?.body.task_id, callback?.body.data],
      [50_413, id, { resp_data: "" }]
    )
  })
})
