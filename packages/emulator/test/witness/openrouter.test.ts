/** OpenRouter's published client submits to, polls and downloads from the emulator. */
import { OpenRouter } from "@openrouter/sdk"
import type { VideoGenerationRequest, VideoGenerationResponse } from "@openrouter/sdk/models"
import { assert, describe, it, vi } from "vitest"
import type { Emulator, SubmitScript, TaskEnd } from "../../src/index.ts"
import { send, start } from "../support.ts"
import { startReceiver } from "./startReceiver.ts"

const clientOf = (emulator: Emulator, apiKey = emulator.apiKey): OpenRouter =>
  new OpenRouter({
    apiKey,
    serverURL: `${emulator.hostUrl("openrouter")}/api/v1`,
    retryConfig: { strategy: "none" }
  })

const startWith = async (openrouter: SubmitScript = {}) => {
  const emulator = await start({ submits: { openrouter } })
  return { emulator, client: clientOf(emulator) }
}

const base: VideoGenerationRequest = { model: "google/veo-3.1", prompt: "A fox" }
const url = "https://files.example.com/1.png"

const generate = (client: OpenRouter, request: Partial<VideoGenerationRequest> = {}) =>
  client.videoGeneration.generate({ videoGenerationRequest: { ...base, ...request } })

const finish = (client: OpenRouter, jobId: string): Promise<VideoGenerationResponse> =>
  vi.waitFor(async () => {
    const job = await client.videoGeneration.getGeneration({ jobId })
    assert.strictEqual(job.status, "completed")
    return job
  }, 15_000)

/** The error of a promise that rejects, as text. */
const errorOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error: unknown) => String(error)
  )

describe("OpenRouter's client", () => {
  it("creates a video, waits for it and downloads both results", async () => {
    const task = { queuedFor: 50, runningFor: 100, media: ["mp4", "mp4"] as const }
    const { emulator, client } = await startWith({ task })
    const created = await generate(client, { aspectRatio: "16:9", duration: 8, resolution: "720p" })
    assert.strictEqual(created.status, "pending")
    assert.match(created.id, /^gen-vid-\d+-[a-z0-9]{20}$/)
    const job = await finish(client, created.id)
    assert.strictEqual(job.usage?.cost, 0.5)
    assert.lengthOf(job.unsignedUrls ?? [], 2)
    const contents = await Promise.all(
      [0, 1].map(async (index) =>
        new Response(await client.videoGeneration.getVideoContent({ jobId: created.id, index })).arrayBuffer()
      )
    )
    assert.deepEqual(
      contents.map((content) => Buffer.from(content).subarray(4, 8).toString()),
      ["ftyp", "ftyp"]
    )
    const link = job.unsignedUrls?.[0] ?? ""
    const headers = { authorization: `Bearer ${emulator.apiKey}` }
    assert.deepEqual([(await send(link)).status, (await send(link, { headers })).status], [401, 200])
    assert.strictEqual(emulator.posts()[0]?.taskId, created.id)
  })

  it.each<Partial<VideoGenerationRequest>>([
    { frameImages: [{ type: "image_url", imageUrl: { url }, frameType: "first_frame" }] },
    {
      inputReferences: [
        { type: "image_url", imageUrl: { url: "data:image/png;base64,aGVsbG8=" } },
        { type: "video_url", videoUrl: { url } },
        { type: "audio_url", audioUrl: { url } }
      ]
    },
    { size: "1280x720", seed: 7, generateAudio: true },
    { provider: { options: { googleVertex: { negativePrompt: "cartoon" } } } }
  ])("sends the input %j", async (input) => {
    const { emulator, client } = await startWith()
    const { id } = await generate(client, input)
    assert.strictEqual(emulator.tasks()[0]?.id, id)
  })

  it("knows each status", async () => {
    const { emulator, client } = await startWith()
    const query = async (end: TaskEnd): Promise<readonly unknown[]> => {
      const { id } = emulator.addTask({ vendor: "openrouter", end })
      const { status, error } = await client.videoGeneration.getGeneration({ jobId: id })
      return [status, error]
    }
    assert.deepEqual(await query("never"), ["in_progress", undefined])
    assert.deepEqual(await query("failed"), ["failed", "The provider failed."])
    assert.deepEqual(await query("canceled"), ["cancelled", "The task was canceled."])
    assert.deepEqual(await query("expired"), ["expired", "The task expired."])
  })

  it("lists the models, and understands the errors", async () => {
    const { emulator, client } = await startWith()
    const { data } = await client.videoGeneration.listVideosModels()
    assert.deepEqual(
      data.map(({ id }) => id),
      ["google/veo-3.1"]
    )
    assert.match(await errorOf(generate(clientOf(emulator, "wrong"))), /UnauthorizedResponseError/)
    assert.match(await errorOf(generate(client, { duration: 0 })), /BadRequestResponseError/)
    assert.match(
      await errorOf(client.videoGeneration.getGeneration({ jobId: "unknown" })),
      /NotFoundResponseError: Resource not found/
    )
    emulator.scriptSubmits("openrouter", { credit: 0.4 })
    assert.match(await errorOf(generate(client)), /PaymentRequiredResponseError: Insufficient credits/)
    emulator.scriptSubmits("openrouter", { credit: 10, faults: [{ fault: "rejected" }] })
    assert.match(await errorOf(generate(client)), /TooManyRequestsResponseError/)
    assert.lengthOf(emulator.tasks(), 0)
  })

  it("gets the credit of the key", async () => {
    const { client } = await startWith({ credit: 10 })
    await generate(client)
    const { data } = await client.apiKeys.getCurrentKeyMetadata()
    assert.deepInclude(data, { usage: 0.5, limitRemaining: 9.5 })
  })

  it("gets a webhook that is signed with the secret of the workspace", async () => {
    const { client } = await startWith({ callback: { key: "made-up" } })
    const receiver = await startReceiver()
    const { id } = await generate(client, { callbackUrl: receiver.url })
    await vi.waitFor(() => assert.lengthOf(receiver.received, 1), 15_000)
    const [{ headers, body } = assert.fail()] = receiver.received
    const event = JSON.parse(body) as { readonly type: string; readonly data: { readonly id: string } }
    assert.strictEqual(event.type, "video.generation.completed")
    assert.strictEqual(event.data.id, id)
    assert.match(String(headers["x-openrouter-signature"]), /^t=\d+,v1=[0-9a-f]{64}$/)
  })
})
