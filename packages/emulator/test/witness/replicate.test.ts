/** Replicate's published client submits to, polls, cancels and downloads from the emulator. */
import type { IncomingHttpHeaders } from "node:http"
import Replicate, { validateWebhook } from "replicate"
import { assert, describe, it, vi } from "vitest"
import type { Emulator, EmulatorOptions, SubmitScript } from "../../src/index.ts"
import { send, start } from "../support.ts"
import { startReceiver } from "./startReceiver.ts"

const clientOf = (emulator: Emulator, auth = emulator.apiKey): Replicate =>
  new Replicate({ auth, baseUrl: `${emulator.hostUrl("replicate")}/v1` })

const startWith = async (replicate: SubmitScript = {}, options: EmulatorOptions = {}) => {
  const emulator = await start({ ...options, submits: { replicate } })
  return { emulator, client: clientOf(emulator) }
}

const model = "black-forest-labs/flux-schnell"
const input = { prompt: "A fox" }

/** The error of a promise that rejects, as text. */
const errorOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error: unknown) => String(error)
  )

describe("Replicate's client", () => {
  it("creates a prediction, waits for it and downloads its outputs", async () => {
    const { emulator, client } = await startWith({
      task: { queuedFor: 50, runningFor: 100, media: ["webp", "webp"], logs: ["one", "two"] }
    })
    const created = await client.predictions.create({ model, input })
    assert.deepInclude(created, { status: "starting", input, model, output: null })
    const done = await client.wait(created, { interval: 20 })
    assert.deepInclude(done, { status: "succeeded", logs: "one\ntwo", error: null })
    assert.isAbove(done.metrics?.predict_time ?? 0, 0)
    const outputs: readonly string[] = done.output
    const files = await Promise.all(outputs.map((url) => fetch(url)))
    assert.deepEqual(
      files.map(({ headers }) => headers.get("content-type")),
      ["image/webp", "image/webp"]
    )
    assert.deepEqual(emulator.posts()[0]?.taskId, created.id)
  })

  it("creates a prediction of a version", async () => {
    const { emulator, client } = await startWith()
    const version = "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa"
    const created = await client.predictions.create({ version, input })
    assert.strictEqual(created.version, version)
    assert.strictEqual(emulator.tasks().length, 1)
  })

  it("gets a finished prediction from a request that waits", async () => {
    const { emulator, client } = await startWith({ task: { runningFor: 150 } })
    const startedAt = performance.now()
    const { status } = await client.predictions.create({ model, input, wait: 10 })
    assert.strictEqual(status, "succeeded")
    assert.isAtLeast(performance.now() - startedAt, 145)
    assert.deepEqual(
      emulator.requests.map(({ purpose }) => purpose),
      ["submit"]
    )
  })

  it("gets an unfinished prediction from a request that waits less than it takes", async () => {
    const { client } = await startWith({ task: { runningFor: 60_000 } })
    const { status } = await client.predictions.create({ model, input, wait: 1 })
    assert.strictEqual(status, "processing")
  })

  it("cancels a prediction that waits or runs, but none that has ended", async () => {
    const { emulator, client } = await startWith()
    const id = (script: Partial<Parameters<Emulator["addTask"]>[0]>): string =>
      emulator.addTask({ vendor: "replicate", ...script }).id
    const [queued, running, done] = [id({ queuedFor: 60_000 }), id({ end: "never" }), id({})]
    const cancel = async (taskId: string) => (await client.predictions.cancel(taskId)).status
    assert.deepEqual(await Promise.all([cancel(queued), cancel(running), cancel(done)]), [
      "canceled",
      "canceled",
      "succeeded"
    ])
    const { completed_at, started_at } = await client.predictions.get(queued)
    assert.isString(completed_at)
    assert.isNull(started_at)
    assert.isString((await client.predictions.get(running)).started_at)
    assert.deepInclude(emulator.requests[0], { purpose: "cancel", vendor: "replicate", taskId: queued })
  })

  it("lists predictions, newest first", async () => {
    const { emulator, client } = await startWith()
    const ids = Array.from({ length: 101 }, () => emulator.addTask({ vendor: "replicate" }).id)
    const pages: string[][] = []
    for await (const page of client.paginate(() => client.predictions.list()))
      pages.push(page.map(({ id }) => id))
    assert.deepEqual(pages.flat(), ids.toReversed())
    assert.strictEqual(pages.length, 2)
  })

  it("uploads, reads and deletes a file", async () => {
    const { emulator, client } = await startWith()
    const content = new Blob([new Uint8Array([0, 255, 254])], { type: "image/png" })
    const file = await client.files.create(content, { from: "test" })
    assert.deepInclude(file, { size: 3, content_type: "image/png", metadata: { from: "test" } })
    assert.deepEqual(await client.files.get(file.id), file)
    assert.deepInclude(emulator.uploads()[0], { service: "replicate", size: 3, reference: file.urls.get })
    await client.predictions.create({ model, input: { image: content } })
    assert.deepEqual(emulator.tasks()[0]?.data["input"], { image: emulator.uploads()[1]?.reference })
    assert.isTrue(await client.files.delete(file.id))
    assert.include(await errorOf(client.files.get(file.id)), "404")
  })

  it("validates a webhook, and refuses a forged one and another body", async () => {
    const { emulator, client } = await startWith()
    const { received, url } = await startReceiver()
    const webhook = { model, input, webhook: url }
    await client.predictions.create({ ...webhook, webhook_events_filter: ["start", "completed"] })
    await vi.waitFor(() => assert.strictEqual(received.length, 2), 15_000)
    emulator.scriptSubmits("replicate", { callback: { forged: true } })
    await client.predictions.create(webhook)
    await vi.waitFor(() => assert.strictEqual(received.length, 3), 15_000)
    const { key } = await client.webhooks.default.secret.get()
    const check = ({ headers, body }: { headers: IncomingHttpHeaders; body: string }) =>
      validateWebhook({
        id: String(headers["webhook-id"]),
        timestamp: String(headers["webhook-timestamp"]),
        signature: String(headers["webhook-signature"]),
        body,
        secret: key
      })
    assert.deepEqual(await Promise.all(received.map(check)), [true, true, false])
    const [first] = received
    assert.isFalse(await check({ headers: first?.headers ?? {}, body: `${first?.body} ` }))
    assert.strictEqual(JSON.parse(received[1]?.body ?? "").status, "succeeded")
  })

  it("receives the webhook of a canceled prediction at once", async () => {
    const { client } = await startWith({ task: { end: "never" } })
    const { received, url } = await startReceiver()
    const { id } = await client.predictions.create({ model, input, webhook: url })
    await client.predictions.cancel(id)
    await vi.waitFor(() => assert.strictEqual(received.length, 1), 15_000)
    assert.strictEqual(JSON.parse(received[0]?.body ?? "").status, "canceled")
  })

  it("retries a query after 429 and 503", async () => {
    const { emulator, client } = await startWith()
    const { id } = emulator.addTask({
      vendor: "replicate",
      faults: [
        { fault: "status", status: 429, retryAfter: 0 },
        { fault: "status", status: 503, retryAfter: 0 }
      ]
    })
    assert.strictEqual((await client.predictions.get(id)).status, "succeeded")
    assert.strictEqual(emulator.task("replicate", id)?.polls, 3)
  })

  it("receives the vendor's errors", async () => {
    const { emulator, client } = await startWith({ credit: 0, price: 1 })
    const errors = [
      client.predictions.create({ model, input }),
      // @ts-expect-error The input is required.
      client.predictions.create({ model, input: undefined }),
      client.predictions.get("unknown"),
      clientOf(emulator, "sk-other").predictions.get("unknown")
    ].map(errorOf)
    const texts = await Promise.all(errors)
    for (const [index, status] of [402, 422, 404, 401].entries()) {
      assert.include(texts[index], `failed with status ${status}`)
      assert.include(texts[index], '"detail"')
    }
  })
})

describe("a prediction with a deadline", () => {
  it.each([
    { queuedFor: 60_000, runningFor: 0, status: "aborted" },
    { queuedFor: 0, runningFor: 60_000, status: "canceled" },
    { queuedFor: 0, runningFor: 0, status: "succeeded" }
  ])(
    "of a second that would be queued for $queuedFor ms and run for $runningFor ms is $status",
    async (row) => {
      const { queuedFor, runningFor, status } = row
      const { emulator } = await startWith({ task: { queuedFor, runningFor } })
      const url = `${emulator.hostUrl("replicate")}/v1/models/${model}/predictions`
      const { body } = await send(url, {
        method: "POST",
        headers: { authorization: `Bearer ${emulator.apiKey}`, "cancel-after": "1s", prefer: "wait" },
        body: JSON.stringify({ input })
      })
      assert.strictEqual(body.status, status)
    }
  )
})
