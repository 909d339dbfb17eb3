/** Google's published client submits to, polls and downloads from the emulator. */
import { readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { randomUUID } from "node:crypto"
import { GoogleGenAI, VideoGenerationReferenceType } from "@google/genai"
import type { GenerateVideosOperation, GenerateVideosParameters } from "@google/genai"
import { createLocalJWKSet, jwtVerify } from "jose"
import { Webhook } from "standardwebhooks"
import { assert, describe, it, onTestFinished, vi } from "vitest"
import type { Emulator, SubmitScript } from "../../src/index.ts"
import { send, start } from "../support.ts"
import { startReceiver } from "./startReceiver.ts"

const clientOf = (emulator: Emulator, apiKey = emulator.apiKey): GoogleGenAI =>
  new GoogleGenAI({ apiKey, httpOptions: { baseUrl: emulator.hostUrl("gemini") } })

const startWith = async (gemini: SubmitScript = {}) => {
  const emulator = await start({ submits: { gemini } })
  return { emulator, client: clientOf(emulator) }
}

const model = "veo-3.1-generate-preview"
const uri = "https://generativelanguage.googleapis.com/v1beta/files/abc123:download?alt=media"
const image = { imageBytes: "aGVsbG8=", mimeType: "image/png" }

const finish = async (
  client: GoogleGenAI,
  operation: GenerateVideosOperation
): Promise<GenerateVideosOperation> =>
  vi.waitFor(async () => {
    const current = await client.operations.getVideosOperation({ operation })
    assert.isTrue(current.done)
    return current
  }, 15_000)

/** The error of a promise that rejects, as text. */
const errorOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error: unknown) => String(error)
  )

describe("the client of the Gemini API", () => {
  it("creates two videos, waits for them and downloads both with the key", async () => {
    const { emulator, client } = await startWith({ task: { queuedFor: 50, runningFor: 100 } })
    const operation = await client.models.generateVideos({
      model,
      source: { prompt: "A fox" },
      config: { numberOfVideos: 2, aspectRatio: "9:16", resolution: "1080p", durationSeconds: 8 }
    })
    assert.match(operation.name ?? "", /^models\/veo-3\.1-generate-preview\/operations\/[a-z0-9]+$/)
    assert.isUndefined(operation.done)
    const { response, error } = await finish(client, operation)
    assert.isUndefined(error)
    const videos = response?.generatedVideos ?? []
    assert.lengthOf(videos, 2)
    const contents = await Promise.all(
      videos.map(async ({ video }) => {
        // The client finds the name of a file in https links only.
        const file = /files\/[a-z0-9]+/.exec(video?.uri ?? "")?.[0] ?? ""
        const downloadPath = join(tmpdir(), `${randomUUID()}.mp4`)
        onTestFinished(() => rm(downloadPath, { force: true }))
        await client.files.download({ file, downloadPath })
        // The client writes the file without waiting for its end.
        return vi.waitFor(async () => {
          const content = await readFile(downloadPath)
          assert.isAbove(content.length, 1000)
          return content
        }, 15_000)
      })
    )
    assert.deepEqual(
      contents.map((content) => content.subarray(4, 8).toString()),
      ["ftyp", "ftyp"]
    )
    assert.strictEqual(emulator.posts()[0]?.taskId, operation.name)
    const { status } = await send(videos[0]?.video?.uri ?? "")
    assert.strictEqual(status, 400)
  })

  it.each<Omit<GenerateVideosParameters, "model">>([
    { source: { image } },
    { source: { image }, config: { lastFrame: image } },
    {
      source: { prompt: "A fox" },
      config: { referenceImages: [{ image, referenceType: VideoGenerationReferenceType.ASSET }] }
    },
    { source: { prompt: "A fox", video: { uri } } },
    { source: { prompt: "A fox", video: { videoBytes: "aGVsbG8=", mimeType: "video/mp4" } } }
  ])("sends the input %j", async (input) => {
    const { emulator, client } = await startWith()
    const { name } = await client.models.generateVideos({ model, ...input })
    assert.strictEqual(emulator.tasks()[0]?.id, name)
  })

  it("reports a filtered video, a failure and a cancellation", async () => {
    const { emulator, client } = await startWith()
    const query = async (script: Omit<Parameters<Emulator["addTask"]>[0], "vendor">) => {
      const { id } = emulator.addTask({ vendor: "gemini", ...script })
      const operation = await client.models.generateVideos({ model, source: { prompt: "A fox" } })
      operation.name = id
      return client.operations.getVideosOperation({ operation })
    }
    const filtered = await query({
      media: [],
      data: { raiMediaFilteredCount: 1, raiMediaFilteredReasons: ["unsafe"] }
    })
    assert.deepInclude(filtered.response, { raiMediaFilteredCount: 1, raiMediaFilteredReasons: ["unsafe"] })
    assert.isUndefined(filtered.response?.generatedVideos)
    assert.deepInclude((await query({ end: "failed" })).error, { code: 13 })
    assert.deepInclude((await query({ end: "canceled" })).error, { code: 1 })
    const inline = await query({ inline: true })
    assert.isNotEmpty(inline.response?.generatedVideos?.[0]?.video?.videoBytes)
  })

  it("understands the errors", async () => {
    const { emulator, client } = await startWith()
    const generate = (params: Partial<GenerateVideosParameters>, by = client): Promise<string> =>
      errorOf(by.models.generateVideos({ model, source: { prompt: "A fox" }, ...params }))
    assert.match(await generate({}, clientOf(emulator, "wrong")), /API_KEY_INVALID/)
    assert.match(await generate({ model: "gemini-3.5-flash" }), /NOT_FOUND/)
    assert.match(await generate({ config: { aspectRatio: "1:1" } }), /INVALID_ARGUMENT/)
    assert.match(await generate({ config: { resolution: "4k", durationSeconds: 4 } }), /must be 8/)
    assert.match(await generate({ config: { lastFrame: image } }), /requires an image/)
    emulator.scriptSubmits("gemini", { faults: [{ fault: "rejected", retryAfter: 7 }] })
    assert.match(await generate({}), /RESOURCE_EXHAUSTED.*"retryDelay":"7s"/s)
    assert.lengthOf(emulator.tasks(), 0)
  })

  it("gets a webhook with a token of the published key, or with the signature of a secret", async () => {
    const { emulator, client } = await startWith()
    const receiver = await startReceiver()
    const generate = () =>
      client.models.generateVideos({
        model,
        source: { prompt: "A fox" },
        config: { webhookConfig: { uris: [receiver.url] } }
      })
    const receive = (count: number) =>
      vi.waitFor(() => {
        assert.lengthOf(receiver.received, count)
        return receiver.received[count - 1] ?? assert.fail()
      }, 15_000)
    const { name } = await generate()
    const { headers, body } = await receive(1)
    const event = JSON.parse(body) as { readonly type: string; readonly data: { readonly id: string } }
    assert.strictEqual(event.type, "video.generated")
    assert.strictEqual(event.data.id, name)
    const keys = await send(`${emulator.hostUrl("gemini")}/.well-known/jwks.json`)
    const keySet = createLocalJWKSet(keys.body)
    const token = String(headers["webhook-signature"])
    const { payload } = await jwtVerify(token, keySet, { algorithms: ["RS256"], audience: receiver.url })
    assert.deepEqual(payload["data"], event.data)

    const secret = `whsec_${Buffer.from("a secret of the project").toString("base64")}`
    emulator.scriptSubmits("gemini", { callback: { key: secret } })
    await generate()
    const second = await receive(2)
    new Webhook(secret).verify(second.body, second.headers as Record<string, string>)
  })
})
