/** The AI SDK's ByteDance provider, which Vercel publishes, creates videos and images at the emulated Ark. */
import { createByteDance } from "@ai-sdk/bytedance"
import type { ByteDanceProvider } from "@ai-sdk/bytedance"
import { assert, describe, it, vi } from "vitest"
import type { Emulator, EmulatorOptions, SubmitScript } from "../../src/index.ts"
import { send, start } from "../support.ts"
import type { HttpResult } from "../support.ts"
import { startReceiver } from "./startReceiver.ts"

const clientOf = (emulator: Emulator, apiKey = emulator.apiKey): ByteDanceProvider =>
  createByteDance({ apiKey, baseURL: emulator.hostUrl("ark") })

const startWith = async (ark: SubmitScript = {}, options: EmulatorOptions = {}) => {
  const emulator = await start({ ...options, submits: { ark } })
  return { emulator, client: clientOf(emulator) }
}

const video = "seedance-1-5-pro-251215"
const pixel = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10])

type VideoOptions = Parameters<ReturnType<ByteDanceProvider["video"]>["doGenerate"]>[0]

type Settings = VideoOptions["providerOptions"][string]

const options = (settings: Settings = {}, more: Partial<VideoOptions> = {}): VideoOptions => ({
  prompt: "A fox",
  n: 1,
  aspectRatio: "16:9",
  resolution: "1280x720",
  duration: 5,
  fps: undefined,
  seed: undefined,
  image: undefined,
  frameImages: undefined,
  inputReferences: undefined,
  generateAudio: undefined,
  ...more,
  providerOptions: { bytedance: { pollIntervalMs: 20, ...settings } }
})

/** The error of a promise that rejects, as text. */
const errorOf = async (promise: PromiseLike<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error: unknown) => String(error)
  )

const sendTo = (emulator: Emulator, path: string, init: RequestInit = {}): Promise<HttpResult> =>
  send(emulator.hostUrl("ark") + path, {
    ...init,
    headers: { authorization: `Bearer ${emulator.apiKey}` }
  })

const tasks = "/contents/generations/tasks"

describe("the AI SDK's ByteDance provider", () => {
  it("creates a video, polls it and downloads it", async () => {
    const { emulator, client } = await startWith({ task: { queuedFor: 50, runningFor: 100 } })
    const { videos, providerMetadata } = await client
      .video(video)
      .doGenerate(options({ generateAudio: true, watermark: false, serviceTier: "flex" }))
    const [output] = videos
    assert.strictEqual(output?.type, "url")
    const url = output?.type === "url" ? output.url : ""
    assert.strictEqual((await fetch(url)).headers.get("content-type"), "video/mp4")
    assert.deepEqual(providerMetadata?.["bytedance"]?.["usage"], { completion_tokens: 108_900 })
    const [task] = emulator.tasks()
    assert.deepInclude(task, { model: video, prompt: "A fox", kind: "video" })
    assert.deepInclude(task?.data, { resolution: "720p", ratio: "16:9", duration: 5, service_tier: "flex" })
    assert.isAbove(task?.polls ?? 0, 0)
  })

  it("creates a video from a first and a last frame, or from references", async () => {
    const { emulator, client } = await startWith()
    const frames = options(
      { lastFrameImage: "https://files.example.com/2.png" },
      { image: { type: "file", data: pixel, mediaType: "image/png" } }
    )
    await client.video(video).doGenerate(frames)
    await client.video("dreamina-seedance-2-0-260128").doGenerate(
      options({
        referenceImages: ["https://files.example.com/1.png"],
        referenceVideos: ["https://files.example.com/1.mp4"],
        referenceAudio: ["https://files.example.com/1.mp3"]
      })
    )
    const roles = emulator.tasks().map(({ data }) => {
      const content = data["content"] as readonly { readonly role?: string }[]
      return content.map(({ role }) => role)
    })
    assert.deepEqual(roles, [
      [undefined, "first_frame", "last_frame"],
      [undefined, "reference_image", "reference_video", "reference_audio"]
    ])
  })

  // It polls a canceled video until its timeout.
  it("reports a video that has failed", async () => {
    const { client } = await startWith({ task: { end: "failed" } })
    assert.include(await errorOf(client.video(video).doGenerate(options())), "Video generation failed")
  })

  it("receives the vendor's errors", async () => {
    const { emulator, client } = await startWith({ credit: 0, price: 1 })
    const errors = await Promise.all(
      [
        client.video(video).doGenerate(options()),
        client.video(video).doGenerate(options({}, { aspectRatio: "2:1" })),
        clientOf(emulator, "sk-other").video(video).doGenerate(options())
      ].map(errorOf)
    )
    assert.include(errors[0], "overdue balance")
    assert.include(errors[1], "`ratio`")
    assert.include(errors[2], "API key")
  })

  it("creates images, whose response is the result", async () => {
    const { emulator, client } = await startWith({ task: { runningFor: 50, media: ["png", "png"] } })
    const { images } = await client.image("seedream-4-5-251128").doGenerate({
      prompt: "A fox",
      n: 1,
      size: "2048x2048",
      aspectRatio: undefined,
      seed: undefined,
      files: [{ type: "file", data: pixel, mediaType: "image/png" }],
      mask: undefined,
      providerOptions: { bytedance: { sequentialImageGeneration: "auto", maxImages: 2, watermark: false } }
    })
    assert.strictEqual(images.length, 2)
    assert.deepEqual(Buffer.from(String(images[0]), "base64").subarray(0, 8), Buffer.from(pixel))
    assert.deepEqual(
      emulator.requests.map(({ purpose }) => purpose),
      ["submit"]
    )
  })
})

describe("the emulated Ark", () => {
  it("cancels a queued task, refuses a running one, and deletes one that has ended", async () => {
    const { emulator } = await startWith()
    const id = (script: Partial<Parameters<Emulator["addTask"]>[0]>): string =>
      emulator.addTask({ vendor: "ark", ...script }).id
    const [queued, running, done] = [id({ queuedFor: 60_000 }), id({ end: "never" }), id({})]
    const remove = (taskId: string) => sendTo(emulator, `${tasks}/${taskId}`, { method: "DELETE" })
    const results = await Promise.all([queued, running, done].map(remove))
    assert.deepEqual(
      results.map(({ status, body }) => [status, body.error?.code]),
      [
        [200, undefined],
        [409, "InvalidAction.RunningTaskDeletion"],
        [200, undefined]
      ]
    )
    assert.strictEqual((await sendTo(emulator, `${tasks}/${queued}`)).body.status, "cancelled")
    assert.strictEqual((await sendTo(emulator, `${tasks}/${done}`)).status, 404)
    assert.strictEqual((await remove(queued)).status, 409)
  })

  it("lists tasks of a tier, newest first", async () => {
    const { emulator } = await startWith()
    const add = (data: Readonly<Record<string, unknown>> = {}): string =>
      emulator.addTask({ vendor: "ark", data }).id
    const ids = [add(), add(), add({ service_tier: "flex" })]
    const list = async (search: string) => {
      const { body } = await sendTo(emulator, `${tasks}?${search}`)
      return [body.total, body.items.map((each: { readonly id: string }) => each.id)]
    }
    assert.deepEqual(await list("page_num=1&page_size=1"), [2, [ids[1]]])
    assert.deepEqual(await list("filter.service_tier=flex"), [1, [ids[2]]])
    assert.deepEqual(await list(`filter.task_ids=${ids[0]}`), [1, [ids[0]]])
    assert.deepEqual(await list("filter.status=failed"), [0, []])
    assert.strictEqual((await sendTo(emulator, `${tasks}?page_size=501`)).status, 400)
  })

  it("sends a callback with the task at each status, and refuses fields that the vendor does not have", async () => {
    const { emulator } = await startWith({ task: { queuedFor: 50, runningFor: 50 } })
    const { received, url } = await startReceiver()
    const create = (body: object) =>
      sendTo(emulator, tasks, { method: "POST", body: JSON.stringify({ model: video, ...body }) })
    const content = [{ type: "text", text: "A fox" }]
    await create({ content, callback_url: url, return_last_frame: true })
    await vi.waitFor(() => assert.strictEqual(received.length, 3), 15_000)
    const bodies = received.map(({ body }) => JSON.parse(body))
    assert.deepEqual(
      bodies.map(({ status }) => status),
      ["queued", "running", "succeeded"]
    )
    assert.isString(bodies[2].content.last_frame_url)
    const refused = [
      { content, n: 2 },
      {
        content: [
          ...content,
          { type: "image_url", image_url: { url: "https://x.example/1.png" }, role: "mask" }
        ]
      },
      {
        content: [
          { type: "image_url", image_url: { url: "https://x.example/1.png" }, role: "first_frame" },
          { type: "image_url", image_url: { url: "https://x.example/2.png" }, role: "reference_image" }
        ]
      }
    ]
    const statuses = (await Promise.all(refused.map(create))).map(({ status }) => status)
    assert.deepEqual(statuses, [400, 400, 400])
  })

  it("expires a task at the time that the request sets", async () => {
    const { emulator } = await startWith({ task: { runningFor: 60_000 } })
    const content = [{ type: "text", text: "A fox" }]
    const body = JSON.stringify({ model: video, content, execution_expires_after: 1 })
    const { id } = (await sendTo(emulator, tasks, { method: "POST", body })).body
    await vi.waitFor(
      async () => assert.strictEqual((await sendTo(emulator, `${tasks}/${id}`)).body.status, "expired"),
      { timeout: 5000 }
    )
  })
})
