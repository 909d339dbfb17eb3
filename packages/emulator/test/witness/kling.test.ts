/** A client of Kling AI with a token of jose and the webhook library that the vendor names, at the emulator. */
import { SignJWT } from "jose"
import { Webhook } from "standardwebhooks"
import { assert, describe, it, vi } from "vitest"
import type { Emulator, SubmitScript } from "../../src/index.ts"
import { send, start } from "../support.ts"
import { startReceiver } from "./startReceiver.ts"

const startWith = (kling: SubmitScript = {}): Promise<Emulator> => start({ submits: { kling } })

/** A token, as the vendor's examples create it. */
const tokenOf = async (emulator: Emulator, secretKey?: string, now = Date.now()): Promise<string> => {
  const [issuer = "", secret = ""] = emulator.accessKey.split("|")
  const seconds = Math.floor(now / 1000)
  return new SignJWT({ iss: issuer, exp: seconds + 1800, nbf: seconds - 5 })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .sign(new TextEncoder().encode(secretKey ?? secret))
}

const request = async (emulator: Emulator, path: string, body?: object, key?: string) =>
  send(emulator.hostUrl("kling") + path, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${key ?? (await tokenOf(emulator))}`,
      "content-type": "application/json"
    },
    ...(body !== undefined && { body: JSON.stringify(body) })
  })

const prompt = "A fox in the snow"

describe("Kling AI", () => {
  it("accepts a token, or an API key, and nothing else", async () => {
    const emulator = await startWith()
    const { id } = emulator.addTask({ vendor: "kling" })
    const path = `/v1/videos/text2video/${id}`
    const hour = 3_600_000
    const keys = [
      undefined,
      emulator.apiKey,
      await tokenOf(emulator, "another-secret"),
      await tokenOf(emulator, undefined, Date.now() - hour),
      await tokenOf(emulator, undefined, Date.now() + hour),
      "other"
    ]
    const results = await Promise.all(keys.map((key) => request(emulator, path, undefined, key)))
    assert.deepEqual(
      results.map(({ status, body }) => [status, body.code]),
      [[200, 0], [200, 0], ...Array.from({ length: 4 }, () => [401, 1000])]
    )
  })

  it("creates a task of a model in the path, and returns its state at /tasks", async () => {
    const emulator = await startWith({ task: { queuedFor: 150, runningFor: 150 } })
    const options = { external_task_id: "order-7" }
    const created = await request(emulator, "/text-to-video/kling-3.0", { prompt, options })
    const { id } = created.body.data
    assert.deepInclude(created.body.data, { status: "submitted", external_id: "order-7" })
    const query = async (search: string) => (await request(emulator, `/tasks?${search}`)).body.data[0]
    await vi.waitFor(
      async () => assert.strictEqual((await query(`task_ids=${id}`)).status, "processing"),
      15_000
    )
    await vi.waitFor(
      async () => assert.strictEqual((await query(`task_ids=${id}`)).status, "succeeded"),
      15_000
    )
    const { outputs } = await query("external_task_ids=order-7")
    assert.strictEqual(outputs[0].type, "video")
    assert.strictEqual((await fetch(outputs[0].url)).headers.get("content-type"), "video/mp4")
    assert.deepInclude(emulator.tasks()[0], { model: "text-to-video/kling-3.0", prompt })
  })

  it("creates a task below /v1, and finds it there only, by either id", async () => {
    const emulator = await startWith({ task: { media: ["png", "png"] } })
    const input = { model_name: "kling-v2-1", prompt, n: 2, external_task_id: "order-8" }
    const created = await request(emulator, "/v1/images/generations", input)
    const { task_id: id } = created.body.data
    const found = await request(emulator, `/v1/images/generations/${id}`)
    assert.deepInclude(found.body.data, {
      task_status: "succeed",
      task_info: { external_task_id: "order-8" }
    })
    assert.strictEqual(found.body.data.task_result.images.length, 2)
    assert.strictEqual((await request(emulator, "/v1/images/generations/order-8")).body.data.task_id, id)
    const others = [`/v1/videos/text2video/${id}`, `/tasks?task_ids=${id}`, "/v1/images/generations/1"]
    const results = await Promise.all(others.map((path) => request(emulator, path)))
    assert.deepEqual(
      results.map(({ status, body }) => [status, body.code]),
      others.map(() => [404, 1203])
    )
  })

  it("rejects an external_task_id that is taken, and a body without input", async () => {
    const emulator = await startWith()
    const input = { prompt, external_task_id: "order-9" }
    const path = "/v1/videos/text2video"
    const results = [await request(emulator, path, input), await request(emulator, path, input)]
    results.push(await request(emulator, path, {}))
    assert.deepEqual(
      results.map(({ status, body }) => [status, body.code]),
      [
        [200, 0],
        [400, 1201],
        [400, 1201]
      ]
    )
  })

  it("lists tasks, newest first", async () => {
    const emulator = await startWith()
    const idsOf = (data: { readonly path?: string }) =>
      Array.from({ length: 3 }, () => emulator.addTask({ vendor: "kling", data }).id).toReversed()
    const [newIds, oldIds] = [idsOf({ path: "tasks" }), idsOf({})]
    const now = Date.now()
    const listed = await request(emulator, "/tasks", { start_time: String(now - 60_000), limit: 2 })
    const { result, has_more: hasMore } = listed.body.data
    assert.deepEqual(
      result.map((task: { readonly id: string }) => task.id),
      newIds.slice(0, 2)
    )
    assert.isTrue(hasMore)
    const later = await request(emulator, "/tasks", { start_time: String(now + 60_000) })
    assert.deepEqual(later.body.data.result, [])
    const page = await request(emulator, "/v1/videos/text2video?pageNum=2&pageSize=2")
    assert.deepEqual(
      page.body.data.map((task: { readonly task_id: string }) => task.task_id),
      oldIds.slice(2)
    )
  })

  it("returns its errors", async () => {
    const emulator = await startWith({ credit: 3, price: 2, task: { end: "never" } })
    const submit = async () => (await request(emulator, "/text-to-video/kling-3.0", { prompt })).body.code
    assert.strictEqual(await submit(), 0)
    const { body } = await request(emulator, "/account/costs?start_time=0&end_time=1")
    assert.strictEqual(body.data.resource_pack_subscribe_infos[0].remaining_quantity, 1)
    assert.strictEqual(await submit(), 1102)
    emulator.scriptSubmits("kling", { credit: 10, maxActiveTasks: 1 })
    assert.strictEqual(await submit(), 1303)
  })

  it("signs its notifications, and forges one", async () => {
    const emulator = await startWith({ task: { runningFor: 200 } })
    const { received, url } = await startReceiver()
    const secret = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
    const submit = (callback: object) => {
      emulator.scriptSubmits("kling", { callback: { key: secret, ...callback }, task: { runningFor: 200 } })
      return request(emulator, "/text-to-video/kling-3.0", { prompt, options: { callback_url: url } })
    }
    await submit({})
    await vi.waitFor(() => assert.strictEqual(received.length, 2), 15_000)
    await submit({ forged: true })
    await vi.waitFor(() => assert.strictEqual(received.length, 4), 15_000)
    const isValid = received.map(({ headers, body }) => {
      try {
        new Webhook(secret).verify(body, headers as Record<string, string>)
        return true
      } catch {
        return false
      }
    })
    assert.deepEqual(isValid, [true, true, false, false])
    assert.strictEqual(JSON.parse(received[1]?.body ?? "").status, "succeeded")
    await request(emulator, "/v1/videos/text2video", { prompt, callback_url: url })
    await vi.waitFor(() => assert.strictEqual(received.length, 6), 15_000)
    assert.strictEqual(JSON.parse(received[5]?.body ?? "").task_status, "succeed")
  })
})
