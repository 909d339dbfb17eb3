/** MiniMax's published clients create, poll and download at the emulator. */
import { createMiniMax } from "@ai-sdk/minimax"
// @ts-expect-error -- the official client has no types
import { VideoAPI } from "minimax-mcp-js/build/api/video.js"
// @ts-expect-error -- the official client has no types
import { MiniMaxAPI } from "minimax-mcp-js/build/utils/api.js"
import { assert, describe, it, vi } from "vitest"
import type { Emulator, SubmitScript } from "../../src/index.ts"
import { send, start } from "../support.ts"
import { startReceiver } from "./startReceiver.ts"

const startWith = (minimax: SubmitScript = {}): Promise<Emulator> => start({ submits: { minimax } })

/** The official client of the first video API. */
const firstClient = (emulator: Emulator, apiKey = emulator.apiKey) =>
  new VideoAPI(new MiniMaxAPI({ apiKey, apiHost: emulator.hostUrl("minimax"), resourceMode: "url" })) as {
    readonly generateVideo: (request: object) => Promise<{ readonly task_id: string }>
    readonly queryVideoGeneration: (request: { readonly taskId: string }) => Promise<{
      readonly status: string
      readonly video_url?: string
    }>
  }

/** The client of the second video API in the AI SDK. */
const generate = async (emulator: Emulator, apiKey = emulator.apiKey) =>
  createMiniMax({ apiKey, videoBaseURL: emulator.hostUrl("minimax") })
    .video("MiniMax-H3")
    .doGenerate?.({
      prompt: "A fox in the snow",
      n: 1,
      aspectRatio: "16:9",
      resolution: undefined,
      duration: 5,
      fps: undefined,
      seed: undefined,
      image: undefined,
      generateAudio: undefined,
      frameImages: undefined,
      inputReferences: undefined,
      providerOptions: { minimax: { pollIntervalMs: 20 } }
    })

const request = (emulator: Emulator, path: string, init: RequestInit = {}) =>
  send(emulator.hostUrl("minimax") + path, {
    ...init,
    headers: { authorization: `Bearer ${emulator.apiKey}` }
  })

const errorOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error: unknown) => String(error)
  )

const h3 = {
  model: "MiniMax-H3",
  content: [{ type: "text", text: "A fox in the snow" }],
  resolution: "2K",
  duration: 5,
  ratio: "16:9"
}

describe("MiniMax's official client", () => {
  it("creates a task, polls it, and gets the link of its file", async () => {
    const emulator = await startWith({ task: { queuedFor: 150, runningFor: 150 } })
    const client = firstClient(emulator)
    const { task_id: taskId } = await client.generateVideo({
      prompt: "A fox in the snow",
      model: "MiniMax-Hailuo-02",
      asyncMode: true
    })
    const query = () => client.queryVideoGeneration({ taskId })
    assert.deepEqual(await query(), { status: "Queueing" })
    await vi.waitFor(async () => assert.deepEqual(await query(), { status: "Processing" }), 15_000)
    await vi.waitFor(async () => assert.propertyVal(await query(), "status", "Success"), 15_000)
    const { video_url: url = "" } = await query()
    assert.strictEqual((await fetch(url)).headers.get("content-type"), "video/mp4")
    assert.deepInclude(emulator.tasks()[0], { id: taskId, model: "MiniMax-Hailuo-02" })
  })

  it("gets the link of a file while queries report an earlier status of its task", async () => {
    const emulator = await startWith()
    const faults = [{ fault: "none" }, { fault: "status-regression", to: "running" }] as const
    const { id: taskId } = emulator.addTask({ vendor: "minimax", faults })
    const { status, video_url: url } = await firstClient(emulator).queryVideoGeneration({ taskId })
    assert.strictEqual(status, "Success")
    assert.match(url ?? "", /^http:/)
  })

  it("receives errors in HTTP 200, and the failure of a task", async () => {
    const emulator = await startWith()
    const { id: taskId } = emulator.addTask({ vendor: "minimax", end: "failed" })
    const text = await errorOf(firstClient(emulator).queryVideoGeneration({ taskId }))
    assert.include(text, "output new_sensitive")
    const unauthorized = firstClient(emulator, "other").queryVideoGeneration({ taskId })
    assert.include(await errorOf(unauthorized), "login fail, Please check your API key")
    const { status, body } = await request(emulator, "/v1/video_generation", { method: "POST", body: "{}" })
    assert.deepEqual([status, body.base_resp.status_code], [200, 2013])
  })
})

describe("MiniMax's client in the AI SDK", () => {
  it("creates a task, polls it, and gets its link", async () => {
    const emulator = await startWith({ task: { queuedFor: 50, runningFor: 50 } })
    const result = await generate(emulator)
    assert.deepEqual(result?.warnings, [])
    const [video] = result?.videos ?? []
    assert.strictEqual(video?.type, "url")
    const { headers } = await fetch(video?.type === "url" ? video.url : "")
    assert.strictEqual(headers.get("content-type"), "video/mp4")
    assert.deepInclude(emulator.tasks()[0], { model: "MiniMax-H3", prompt: "A fox in the snow" })
  })

  it("receives the vendor's errors, and the failure of a task", async () => {
    const emulator = await startWith({
      task: { end: "failed", failure: { code: 1026, message: "sensitive" } }
    })
    assert.include(await errorOf(generate(emulator)), "sensitive")
    assert.include(await errorOf(generate(emulator, "other")), "login fail (1004)")
    emulator.scriptSubmits("minimax", { credit: 0, price: 1 })
    assert.include(await errorOf(generate(emulator)), "insufficient balance (1008)")
  })
})

describe("MiniMax's second video API", () => {
  it("cancels a task that is queued, and deletes one that has ended", async () => {
    const emulator = await startWith()
    const id = (script: object): string =>
      emulator.addTask({ vendor: "minimax", model: "MiniMax-H3", ...script }).id
    const ids = [id({ queuedFor: 60_000 }), id({ end: "never" }), id({})]
    const results = []
    for (const each of ids) {
      const { status, body } = await request(emulator, `/v2/video_generation/${each}`, { method: "DELETE" })
      results.push([status, body.action ?? body.error.message])
    }
    assert.deepEqual(results, [
      [200, "cancelled"],
      [400, "invalid params, task is running (2013)"],
      [200, "deleted"]
    ])
    const statuses = ids.map(async (each) => request(emulator, `/v2/query/video_generation/${each}`))
    const [canceled, , deleted] = await Promise.all(statuses)
    assert.strictEqual(canceled?.body.task.status, "cancelled")
    assert.strictEqual(deleted?.status, 400)
  })

  it("lists the tasks of a model, newest first", async () => {
    const emulator = await startWith()
    const ids = ["MiniMax-H3", "MiniMax-H3-Max", "MiniMax-H3", "MiniMax-Hailuo-2.3", "MiniMax-H3"].map(
      (model) => emulator.addTask({ vendor: "minimax", model }).id
    )
    const { body } = await request(
      emulator,
      "/v2/query/video_generation?page_num=1&page_size=2&filter.model=MiniMax-H3"
    )
    assert.strictEqual(body.total, 3)
    assert.deepEqual(
      body.items.map((item: { readonly id: string }) => item.id),
      [ids[4], ids[2]]
    )
  })

  it("needs a ratio for a video from text", async () => {
    const emulator = await startWith()
    const { ratio: _, ...rest } = h3
    const submit = (body: object) =>
      request(emulator, "/v2/video_generation", { method: "POST", body: JSON.stringify(body) })
    assert.strictEqual((await submit(h3)).status, 200)
    assert.include((await submit(rest)).body.error.message, "ratio is required")
  })

  it("accepts an uploaded file, but no other id", async () => {
    const emulator = await startWith()
    const form = new FormData()
    form.set("purpose", "video_generation_input")
    form.set("file", new Blob([new Uint8Array([1, 2, 3])], { type: "image/png" }), "fox.png")
    const { body } = await request(emulator, "/v1/files/upload", { method: "POST", body: form })
    assert.deepInclude(body.file, { bytes: 3, filename: "fox.png", purpose: "video_generation_input" })
    const submit = (url: string) => {
      const image = { type: "image_url", image_url: { url }, role: "first_frame" }
      const content = [...h3.content, image]
      return request(emulator, "/v2/video_generation", {
        method: "POST",
        body: JSON.stringify({ ...h3, content })
      })
    }
    assert.strictEqual((await submit(`mm_file://${body.file.file_id}`)).status, 200)
    assert.strictEqual((await submit("mm_file://1")).status, 400)
  })

  it("notifies a receiver that passes the challenge, and no other", async () => {
    const emulator = await startWith({ task: { runningFor: 500 } })
    const good = await startReceiver((body) => body)
    const bad = await startReceiver(() => "{}")
    for (const { url } of [good, bad]) {
      for (const [path, body] of [
        ["/v1/video_generation", { model: "MiniMax-Hailuo-2.3", prompt: "A fox" }],
        ["/v2/video_generation", h3]
      ] as const) {
        const json = JSON.stringify({ ...body, callback_url: url })
        await request(emulator, path, { method: "POST", body: json })
      }
    }
    await vi.waitFor(() => assert.strictEqual(good.received.length, 6), 3000)
    const bodies = good.received.map(({ body }) => JSON.parse(body))
    const statuses = bodies.map(({ challenge, status, task }) =>
      challenge === undefined ? (status ?? task.status) : "challenge"
    )
    assert.sameMembers(statuses, ["challenge", "challenge", "processing", "running", "succeeded", "success"])
    assert.strictEqual(bad.received.length, 2)
  })
})
