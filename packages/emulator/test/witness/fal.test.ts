/** fal's published client submits to, polls, cancels, uploads to and downloads from the emulator. */
import { createHash, createPublicKey, verify } from "node:crypto"
import type { JsonWebKey } from "node:crypto"
import { ApiError, ValidationError, createFalClient, isCompletedQueueStatus } from "@fal-ai/client"
import type { FalClient, QueueStatus } from "@fal-ai/client"
import { assert, describe, it, vi } from "vitest"
import type { Emulator, EmulatorOptions, SubmitScript } from "../../src/index.ts"
import { send, start } from "../support.ts"
import { startReceiver } from "./startReceiver.ts"
import type { ReceivedCallback } from "./startReceiver.ts"

/** The client has no option for the base URL, but calls this before each request that has the key. */
const clientOf = (emulator: Emulator, credentials = emulator.apiKey): FalClient =>
  createFalClient({
    credentials,
    requestMiddleware: async ({ url, ...request }) => ({
      ...request,
      url: url.replace(/^https:\/\/(?:queue\.fal\.run|rest\.fal\.ai)/, emulator.hostUrl("fal"))
    }),
    retry: { maxRetries: 0 }
  })

const startWith = async (fal: SubmitScript = {}, options: EmulatorOptions = {}) => {
  const emulator = await start({ ...options, submits: { fal } })
  return { emulator, client: clientOf(emulator) }
}

const model = "fal-ai/flux/dev"
const input = { prompt: "A fox" }

/** The error of a promise that rejects. */
const errorOf = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error
  )

/** The status and the body of the client's error. */
const failureOf = async (promise: Promise<unknown>) => {
  const error = await errorOf(promise)
  assert.instanceOf(error, ApiError)
  return { status: error.status, body: error.body }
}

describe("fal's client", () => {
  it("reads the status of a request that waits, runs and has ended", async () => {
    const { emulator, client } = await startWith()
    const statusOf = (script: Partial<Parameters<Emulator["addTask"]>[0]>) => {
      const { id: requestId } = emulator.addTask({ vendor: "fal", logs: ["one", "two"], ...script })
      return client.queue.status(model, { requestId, logs: true })
    }
    const queued = await statusOf({ queuedFor: 60_000, queuePosition: 2 })
    assert.deepInclude(queued, { status: "IN_QUEUE", queue_position: 2 })
    assert.deepInclude(await statusOf({ end: "never" }), { status: "IN_PROGRESS", logs: [] })
    const done = await statusOf({})
    assert.deepEqual(done.status === "COMPLETED" && done.logs.map(({ message }) => message), ["one", "two"])
    assert.isTrue(isCompletedQueueStatus(done))
  })

  it("subscribes to a request, and downloads its files", async () => {
    const { emulator, client } = await startWith({ task: { runningFor: 60, media: ["webp", "png"] } })
    const updates: QueueStatus[] = []
    const { data, requestId } = await client.subscribe(model, {
      input,
      pollInterval: 20,
      onQueueUpdate: (update) => updates.push(update)
    })
    assert.deepInclude(updates.at(-1), { status: "COMPLETED", request_id: requestId })
    assert.deepInclude(data, { prompt: "A fox" })
    const files = await Promise.all(data.images.map(({ url }) => fetch(url)))
    assert.deepEqual(
      files.map(({ headers }) => headers.get("content-type")),
      data.images.map(({ content_type: type }) => type ?? "")
    )
    assert.deepInclude(emulator.tasks()[0], { id: requestId, model, prompt: "A fox" })
  })

  it("gets the video of an app with a longer path", async () => {
    const { client } = await startWith()
    const endpoint = "fal-ai/kling-video/v2.6/pro/text-to-video"
    const { request_id: requestId } = await client.queue.submit(endpoint, { input })
    assert.strictEqual((await client.queue.status(endpoint, { requestId })).status, "COMPLETED")
    const { data } = await client.queue.result(endpoint, { requestId })
    assert.strictEqual((await fetch(data.video.url)).headers.get("content-type"), "video/mp4")
    const other = client.queue.status("fal-ai/flux/dev", { requestId })
    assert.deepEqual(await failureOf(other), { status: 404, body: { status: "NOT_FOUND" } })
  })

  it("submits to a workflow", async () => {
    const { client } = await startWith()
    const endpoint = "workflows/acme/podcast"
    const { request_id: requestId } = await client.queue.submit(endpoint, { input })
    assert.strictEqual((await client.queue.status(endpoint, { requestId })).status, "COMPLETED")
  })

  it("uploads a file without the key, and submits its URL", async () => {
    const { emulator, client } = await startWith()
    const file = new File([new Uint8Array([1, 2, 3])], "fox.png", { type: "image/png" })
    await client.queue.submit("fal-ai/flux/dev/image-to-image", { input: { ...input, image_url: file } })
    const [upload] = emulator.uploads()
    assert.deepInclude(upload, { service: "fal", name: "fox.png", mediaType: "image/png", size: 3 })
    assert.deepEqual(emulator.tasks()[0]?.submit?.body, { ...input, image_url: upload?.url })
    const content = await (await fetch(upload?.url ?? "")).arrayBuffer()
    assert.deepEqual(new Uint8Array(content), new Uint8Array([1, 2, 3]))
  })

  it("cancels a request that waits or runs, but none that has ended", async () => {
    const { emulator, client } = await startWith()
    const id = (script: Partial<Parameters<Emulator["addTask"]>[0]>): string =>
      emulator.addTask({ vendor: "fal", ...script }).id
    const [queued, running, done] = [id({ queuedFor: 60_000 }), id({ end: "never" }), id({})]
    await client.queue.cancel(model, { requestId: queued })
    await client.queue.cancel(model, { requestId: running })
    assert.deepEqual(await failureOf(client.queue.cancel(model, { requestId: done })), {
      status: 400,
      body: { status: "ALREADY_COMPLETED" }
    })
    assert.deepEqual(await failureOf(client.queue.cancel(model, { requestId: "unknown" })), {
      status: 404,
      body: { status: "NOT_FOUND" }
    })
    const result = await failureOf(client.queue.result(model, { requestId: running }))
    assert.deepInclude(result, { status: 499 })
    assert.deepInclude(result.body as object, { error_type: "client_cancelled" })
  })

  it("receives the errors of failed requests", async () => {
    const { emulator, client } = await startWith()
    const resultOf = (script: Partial<Parameters<Emulator["addTask"]>[0]>) =>
      client.queue.result(model, { requestId: emulator.addTask({ vendor: "fal", ...script }).id })
    const moderated = await errorOf(resultOf({ end: "failed" }))
    assert.instanceOf(moderated, ValidationError)
    assert.strictEqual(moderated.fieldErrors[0]?.type, "content_policy_violation")
    const failure = { code: "runner_disconnected", message: "Runner disconnected" }
    assert.deepEqual(await failureOf(resultOf({ end: "failed", failure })), {
      status: 503,
      body: { detail: "Runner disconnected", error_type: "runner_disconnected" }
    })
    assert.deepEqual(await failureOf(resultOf({ end: "never" })), {
      status: 400,
      body: { detail: "Request is still in progress" }
    })
  })

  it("receives the errors of submits", async () => {
    const { emulator, client } = await startWith({ credit: 0, price: 1 })
    assert.deepInclude(await failureOf(client.queue.submit(model, { input })), { status: 403 })
    const other = clientOf(emulator, "sk-other").queue.submit(model, { input })
    assert.deepEqual(await failureOf(other), { status: 401, body: { detail: "invalid key credentials" } })
    assert.strictEqual(emulator.tasks().length, 0)
  })

  it("receives signed webhooks", async () => {
    const { emulator, client } = await startWith()
    const { received, url: webhookUrl } = await startReceiver()
    await client.queue.submit(model, { input, webhookUrl })
    await vi.waitFor(() => assert.strictEqual(received.length, 1), 15_000)
    emulator.scriptSubmits("fal", { callback: { forged: true } })
    await client.queue.submit(model, { input, webhookUrl })
    await vi.waitFor(() => assert.strictEqual(received.length, 2), 15_000)
    const { body: jwks } = await send(`${emulator.hostUrl("fal")}/.well-known/jwks.json`)
    const [key]: readonly JsonWebKey[] = jwks.keys
    const isSigned = ({ headers, body }: ReceivedCallback): boolean => {
      const part = (name: string): string => String(headers[`x-fal-webhook-${name}`])
      const digest = createHash("sha256").update(body).digest("hex")
      const message = [part("request-id"), part("user-id"), part("timestamp"), digest].join("\n")
      const publicKey = createPublicKey({ key: key ?? {}, format: "jwk" })
      return verify(null, Buffer.from(message), publicKey, Buffer.from(part("signature"), "hex"))
    }
    assert.deepEqual(received.map(isSigned), [true, false])
    assert.deepInclude(JSON.parse(received[0]?.body ?? ""), {
      request_id: emulator.tasks()[0]?.id,
      status: "OK"
    })
  })
})

describe("fal's platform APIs", () => {
  it("report the credit and the requests of a model", async () => {
    const { emulator, client } = await startWith({ credit: 10, price: 4 })
    const { request_id: requestId } = await client.queue.submit(model, { input })
    const url = `${emulator.hostUrl("fal")}/v1`
    const init = { headers: { authorization: `Key ${emulator.apiKey}` } }
    assert.deepEqual((await send(`${url}/account/billing?expand=credits`, init)).body, {
      username: "my-team",
      credits: { current_balance: 6, currency: "USD" }
    })
    const list = await send(
      `${url}/models/requests/by-endpoint?endpoint_id=${encodeURIComponent(model)}&expand=payloads`,
      init
    )
    assert.deepInclude(list.body.items[0], { request_id: requestId, endpoint_id: model, json_input: input })
    const other = await send(`${url}/models/requests/by-endpoint?endpoint_id=acme/painter`, init)
    assert.deepEqual(other.body.items, [])
  })
})
