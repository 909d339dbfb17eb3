/** The AI SDK's Alibaba provider, which Vercel publishes, creates videos at the emulated DashScope. */
import { createAlibaba } from "@ai-sdk/alibaba"
import type { AlibabaProvider } from "@ai-sdk/alibaba"
import { assert, describe, it, vi } from "vitest"
import type { Emulator, EmulatorOptions, SubmitScript } from "../../src/index.ts"
import { send, start } from "../support.ts"
import type { HttpResult } from "../support.ts"

const clientOf = (emulator: Emulator, apiKey = emulator.apiKey): AlibabaProvider =>
  createAlibaba({ apiKey, videoBaseURL: emulator.hostUrl("dashscope") })

const startWith = async (dashscope: SubmitScript = {}, options: EmulatorOptions = {}) => {
  const emulator = await start({ ...options, submits: { dashscope } })
  return { emulator, client: clientOf(emulator) }
}

type VideoModel = ReturnType<AlibabaProvider["video"]>
type StartOptions = Parameters<NonNullable<VideoModel["doStart"]>>[0]
type Status = Awaited<ReturnType<NonNullable<VideoModel["doStatus"]>>>

const options = (more: Partial<StartOptions> = {}): StartOptions => ({
  prompt: "A fox",
  n: 1,
  aspectRatio: "16:9",
  resolution: "1280x720",
  duration: 5,
  fps: undefined,
  seed: 7,
  image: undefined,
  frameImages: undefined,
  inputReferences: undefined,
  generateAudio: undefined,
  providerOptions: {},
  ...more
})

/** Starts a video and polls it until it is done. */
const generate = async (model: VideoModel, start: StartOptions): Promise<Status> => {
  const { operation } = (await model.doStart?.(start)) ?? { operation: null }
  return vi.waitFor(
    async () => {
      const status = await model.doStatus?.({ operation })
      assert(status !== undefined && status.status !== "pending")
      return status
    },
    { interval: 20, timeout: 10_000 }
  )
}

/** The error of a promise that rejects, as text. */
const errorOf = async (promise: PromiseLike<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error: unknown) => String(error)
  )

interface Init {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

const sendTo = (emulator: Emulator, path: string, init: Init = {}): Promise<HttpResult> =>
  send(emulator.hostUrl("dashscope") + path, {
    ...init,
    headers: { authorization: `Bearer ${emulator.apiKey}`, ...init.headers }
  })

const submit = (emulator: Emulator, path: string, body: object, headers = {}): Promise<HttpResult> =>
  sendTo(emulator, `/api/v1/services/aigc/${path}`, {
    method: "POST",
    headers: { "x-dashscope-async": "enable", ...headers },
    body: JSON.stringify(body)
  })

describe("the AI SDK's Alibaba provider", () => {
  it("creates a video, polls it and downloads it", async () => {
    const { emulator, client } = await startWith({ task: { queuedFor: 50, runningFor: 100 } })
    const done = await generate(client.video("wan2.7-t2v"), options())
    assert.strictEqual(done.status, "completed")
    const [video] = done.status === "completed" ? done.videos : []
    const url = video?.type === "url" ? video.url : ""
    assert.match(url, /[?&]Expires=\d+&/)
    assert.strictEqual((await fetch(url)).headers.get("content-type"), "video/mp4")
    const [task] = emulator.tasks()
    assert.deepInclude(task, { model: "wan2.7-t2v", prompt: "A fox", kind: "video" })
    assert.deepInclude(task?.data, { resolution: "720P", ratio: "16:9", duration: 5, seed: 7 })
  })

  it.each(["wan2.6-t2v", "wan2.6-i2v", "wan2.7-r2v", "wan2.6-r2v"])(
    "creates a video with %s",
    async (model) => {
      const { client } = await startWith()
      const image = { type: "url", url: "https://files.example.com/1.png" } as const
      const done = await generate(
        client.video(model),
        options({ image, inputReferences: model.includes("r2v") ? [image] : undefined })
      )
      assert.strictEqual(done.status, "completed")
    }
  )

  it.each(["failed", "canceled"] as const)("reports a video that is %s", async (end) => {
    const { client } = await startWith({ task: { end, failure: { message: "no" } } })
    const done = await generate(client.video("wan2.7-t2v"), options())
    assert.strictEqual(done.status, "error")
  })

  it("receives the vendor's errors", async () => {
    const { emulator, client } = await startWith({ credit: 0, price: 1 })
    const start = (from: AlibabaProvider, model: string) =>
      errorOf(from.video(model).doStart?.(options()) ?? Promise.resolve())
    assert.include(await start(client, "wan2.7-t2v"), "good standing")
    assert.include(await start(client, "unheard-of"), "Model can not be found")
    assert.include(await start(clientOf(emulator, "sk-other"), "wan2.7-t2v"), "Invalid API-key")
  })
})

describe("the emulated DashScope", () => {
  it("requires the header of asynchronous calls", async () => {
    const { emulator } = await startWith()
    const body = { model: "qwen-image", input: { prompt: "A fox" } }
    const { status } = await submit(emulator, "text2image/image-synthesis", body, {
      "x-dashscope-async": "no"
    })
    assert.strictEqual(status, 403)
  })

  it("has the results of each service in its form", async () => {
    const { emulator } = await startWith()
    const outputOf = async (path: string, model: string, input: object, parameters = {}) => {
      const { body } = await submit(emulator, path, { model, input, parameters })
      return (await sendTo(emulator, `/api/v1/tasks/${body.output.task_id}`)).body.output
    }
    const prompt = "A fox"
    const images = await outputOf("text2image/image-synthesis", "qwen-image", { prompt }, { n: 2 })
    assert.strictEqual(images.results.length, 2)
    const content = [{ text: prompt }, { image: "https://files.example.com/1.png" }]
    const messages = [{ role: "user", content }]
    const choices = await outputOf("image-generation/generation", "wan2.7-image", { messages })
    assert.strictEqual((await fetch(choices.choices[0].message.content[0].image)).status, 200)
    const media = {
      image_url: "https://files.example.com/1.png",
      audio_url: "https://files.example.com/1.mp3"
    }
    const speech = await outputOf("image2video/video-synthesis", "wan2.2-s2v", media)
    assert.isString(speech.results.video_url)
  })

  it("responds to a synchronous call with the result, and has no task for it", async () => {
    const { emulator } = await startWith({ task: { runningFor: 50 } })
    const messages = [{ role: "user", content: [{ text: "A fox" }] }]
    const create = (script: SubmitScript["task"], headers: Readonly<Record<string, string>>) => {
      emulator.scriptSubmits("dashscope", { task: script })
      return sendTo(emulator, "/api/v1/services/aigc/multimodal-generation/generation", {
        method: "POST",
        headers,
        body: JSON.stringify({ model: "qwen-image-2.0", input: { messages }, parameters: { n: 2 } })
      })
    }
    const { body } = await create({ runningFor: 50 }, {})
    assert.strictEqual(body.output.choices.length, 2)
    assert.deepEqual(body.usage, { image_count: 2 })
    assert.strictEqual((await create({ end: "failed" }, {})).status, 400)
    assert.strictEqual((await create({}, { "x-dashscope-async": "enable" })).status, 403)
    assert.strictEqual((await sendTo(emulator, "/api/v1/tasks/")).body.total, 0)
  })

  it("cancels a pending task only, and does not know one that does not exist", async () => {
    const { emulator } = await startWith()
    const id = (script: Partial<Parameters<Emulator["addTask"]>[0]>): string =>
      emulator.addTask({ vendor: "dashscope", ...script }).id
    const [pending, running] = [id({ queuedFor: 60_000 }), id({ end: "never" })]
    const cancel = (taskId: string) => sendTo(emulator, `/api/v1/tasks/${taskId}/cancel`, { method: "POST" })
    const results = await Promise.all([pending, running, "unknown"].map(cancel))
    assert.deepEqual(
      results.map(({ status, body }) => [status, body.code]),
      [
        [200, undefined],
        [400, "UnsupportedOperation"],
        [400, "UnsupportedOperation"]
      ]
    )
    const statusOf = async (taskId: string) =>
      (await sendTo(emulator, `/api/v1/tasks/${taskId}`)).body.output.task_status
    assert.deepEqual(await Promise.all([pending, "unknown"].map(statusOf)), ["CANCELED", "UNKNOWN"])
  })

  it("lists tasks, newest first", async () => {
    const { emulator } = await startWith()
    const ids = Array.from({ length: 12 }, () => emulator.addTask({ vendor: "dashscope" }).id)
    const { body } = await sendTo(emulator, "/api/v1/tasks/?page_no=2")
    assert.deepInclude(body, { total: 12, total_page: 2, page_no: 2, page_size: 10 })
    assert.deepEqual(
      body.data.map((each: { readonly task_id: string }) => each.task_id),
      ids.slice(0, 2).toReversed()
    )
    const named = await sendTo(emulator, "/api/v1/tasks/?model_name=wan2.7-t2v")
    assert.strictEqual(named.body.total, 0)
  })

  it("stores a file for one model, without the key, and requires the header that resolves it", async () => {
    const { emulator } = await startWith()
    const model = "wan2.6-i2v"
    const { data } = (await sendTo(emulator, `/api/v1/uploads?action=getPolicy&model=${model}`)).body
    const key = `${data.upload_dir}/fox.png`
    const form = new FormData()
    form.set("OSSAccessKeyId", data.oss_access_key_id)
    form.set("Signature", data.signature)
    form.set("policy", data.policy)
    form.set("x-oss-object-acl", data.x_oss_object_acl)
    form.set("x-oss-forbid-overwrite", data.x_oss_forbid_overwrite)
    form.set("key", key)
    form.set("success_action_status", "200")
    form.set("file", new Blob([new Uint8Array([1])], { type: "image/png" }), "fox.png")
    assert.strictEqual((await send(data.upload_host, { method: "POST", body: form })).status, 200)
    const create = async (name: string, headers = {}) => {
      const body = { model: name, input: { prompt: "A fox", img_url: `oss://${key}` } }
      return (await submit(emulator, "video-generation/video-synthesis", body, headers)).status
    }
    const resolve = { "x-dashscope-ossresourceresolve": "enable" }
    assert.deepEqual(
      [await create(model), await create("wan2.6-i2v-flash", resolve), await create(model, resolve)],
      [400, 400, 200]
    )
  })
})
