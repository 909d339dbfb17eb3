/**
 * The AI SDK's client of Black Forest Labs submits to, polls and downloads from the emulator. The vendor publishes no
 * JavaScript client.
 */
import { createHmac } from "node:crypto"
import { createBlackForestLabs } from "@ai-sdk/black-forest-labs"
import { assert, describe, it, vi } from "vitest"
import type { Emulator, SubmitScript } from "../../src/index.ts"
import { send, start } from "../support.ts"
import { startReceiver } from "./startReceiver.ts"
import type { ReceivedCallback } from "./startReceiver.ts"

const clientOf = (emulator: Emulator, apiKey = emulator.apiKey) =>
  createBlackForestLabs({ apiKey, baseURL: `${emulator.hostUrl("bfl")}/v1`, pollIntervalMillis: 20 })

const startWith = async (bfl: SubmitScript = {}) => {
  const emulator = await start({ submits: { bfl } })
  return { emulator, client: clientOf(emulator) }
}

const options = {
  prompt: "A fox",
  n: 1,
  size: undefined,
  aspectRatio: undefined,
  seed: 42,
  files: undefined,
  mask: undefined,
  providerOptions: {}
}

const videoOptions = {
  prompt: "A fox runs",
  n: 1,
  aspectRatio: undefined,
  resolution: undefined,
  duration: 5,
  fps: undefined,
  seed: undefined,
  image: undefined,
  frameImages: undefined,
  inputReferences: undefined,
  generateAudio: undefined,
  providerOptions: {}
}

const errorOf = async (promise: PromiseLike<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error: unknown) => String(error)
  )

const file = { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2, 3]) } as const

describe("the AI SDK's client of Black Forest Labs", () => {
  it("submits, polls and downloads an image", async () => {
    const { emulator, client } = await startWith({ task: { responses: [{ body: { status: "Pending" } }] } })
    const { images, providerMetadata } = await client.image("flux-2-pro").doGenerate(options)
    const [image] = images
    assert.deepEqual([...((image as Uint8Array | undefined)?.subarray(0, 3) ?? [])], [0xff, 0xd8, 0xff])
    assert.deepInclude(providerMetadata?.["blackForestLabs"]?.images[0], { seed: 42, cost: 3 })
    const [task] = emulator.tasks()
    assert.deepInclude(task, { model: "flux-2-pro", prompt: "A fox" })
    assert.deepEqual(task?.submit?.body, { prompt: "A fox", seed: 42 })
    assert.strictEqual(task?.polls, 2)
  })

  it("submits images in base64", async () => {
    const { emulator, client } = await startWith()
    await client.image("flux-kontext-pro").doGenerate({ ...options, files: [file, file] })
    assert.deepInclude(emulator.tasks()[0]?.submit?.body as object, {
      input_image: "AQID",
      input_image_2: "AQID"
    })
  })

  it("submits, polls and gets a video", async () => {
    const { client } = await startWith()
    const result = await client.video("flux-3-video").doGenerate?.(videoOptions)
    const video = result?.videos[0]
    const url = video?.type === "url" ? video.url : ""
    assert.strictEqual((await fetch(url)).headers.get("content-type"), "video/mp4")
  })

  it("receives the vendor's errors", async () => {
    const { emulator, client } = await startWith({ credit: 0 })
    const model = client.image("flux-2-pro")
    assert.include(await errorOf(model.doGenerate(options)), "Your account does not have enough credits")
    const other = clientOf(emulator, "sk-other").image("flux-2-pro").doGenerate(options)
    assert.include(await errorOf(other), "The provided API key is invalid or expired")
    emulator.scriptSubmits("bfl", { credit: 100, task: { end: "failed" } })
    assert.include(await errorOf(model.doGenerate(options)), "generation failed")
  })

  it("receives signed webhooks", async () => {
    const { emulator, client } = await startWith()
    const { received, url } = await startReceiver()
    const submit = () =>
      errorOf(
        client.image("flux-2-pro").doGenerate({
          ...options,
          providerOptions: { blackForestLabs: { webhookUrl: url, webhookSecret: "made-up" } }
        })
      )
    // The response has no polling URL then, which the client does not expect.
    assert.notStrictEqual(await submit(), "")
    await vi.waitFor(() => assert.strictEqual(received.length, 1), 15_000)
    emulator.scriptSubmits("bfl", { callback: { forged: true } })
    await submit()
    await vi.waitFor(() => assert.strictEqual(received.length, 2), 15_000)
    const isSigned = ({ headers, body }: ReceivedCallback): boolean =>
      headers["x-bfl-signature"] === `sha256=${createHmac("sha256", "made-up").update(body).digest("hex")}`
    assert.deepEqual(received.map(isSigned), [true, false])
    assert.deepInclude(JSON.parse(received[0]?.body ?? ""), { id: emulator.tasks()[0]?.id, status: "Ready" })
  })
})

describe("the API of Black Forest Labs", () => {
  it("reports moderated content, unknown tasks, invalid input and the credit", async () => {
    const { emulator } = await startWith({ credit: 10 })
    const url = `${emulator.hostUrl("bfl")}/v1`
    const get = (path: string) => send(`${url}${path}`, { headers: { "x-key": emulator.apiKey } })
    const failure = { code: "Request Moderated", message: "Derivative Works Filter" }
    const { id } = emulator.addTask({ vendor: "bfl", end: "failed", failure })
    assert.deepInclude((await get(`/get_result?id=${id}`)).body, {
      id,
      status: "Request Moderated",
      result: null,
      details: { "Moderation Reasons": ["Derivative Works Filter"] }
    })
    const unknown = await get("/get_result?id=unknown")
    assert.deepEqual([unknown.status, unknown.body.status], [404, "Task not found"])
    const invalid = await send(`${url}/flux-2-pro`, {
      method: "POST",
      headers: { "x-key": emulator.apiKey },
      body: "{}"
    })
    assert.deepEqual([invalid.status, invalid.body.detail[0].loc], [422, ["body", "prompt"]])
    assert.deepEqual((await get("/credits")).body, { credits: 10 })
  })
})
