/** How the options of the AI SDK become the request of a vendor. */
import { experimental_generateVideo as generateVideo, generateImage } from "ai"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { idempotencyKeyOf } from "../src/callOptions.ts"
import { kindOf, toMediaSource } from "../src/mediaSource.ts"
import { parseModelId } from "../src/modelId.ts"
import { toImageRequest, toVideoRequest } from "../src/SubmitRequest.ts"
import { poll, setUp } from "./setUp.ts"

const name = { account: "ark", provider: "ark", model: "seedance" }

const noVideoInputs = {
  prompt: "A fox",
  n: 1,
  aspectRatio: undefined,
  resolution: undefined,
  duration: undefined,
  fps: undefined,
  seed: undefined,
  image: undefined,
  frameImages: undefined,
  inputReferences: undefined,
  generateAudio: undefined,
  providerOptions: {}
} as const

describe("toVideoRequest", () => {
  it("leaves out what is not given", () => {
    expect(toVideoRequest(name, noVideoInputs)).toEqual({
      request: { account: "ark", model: "seedance", prompt: "A fox" },
      warnings: []
    })
  })

  it("converts all inputs", () => {
    const url = (path: string) => ({ type: "url" as const, url: `https://media.example.com/${path}` })
    const { request, warnings } = toVideoRequest(name, {
      ...noVideoInputs,
      n: 2,
      aspectRatio: "16:9",
      duration: 5,
      seed: 7,
      fps: 24,
      generateAudio: true,
      image: url("first.png"),
      frameImages: [{ image: url("last.png"), frameType: "last_frame" }],
      inputReferences: [url("a.png"), url("b.mp4"), { ...url("c"), mediaType: "audio/mpeg" }],
      headers: { "Idempotency-Key": "order-7" },
      providerOptions: { ark: { camera_fixed: true }, gentask: { resolution: "480p" }, other: { x: 1 } }
    })
    expect(request).toEqual({
      account: "ark",
      model: "seedance",
      prompt: "A fox",
      count: 2,
      aspectRatio: "16:9",
      resolution: "480p",
      duration: 5,
      seed: 7,
      firstFrame: "https://media.example.com/first.png",
      lastFrame: "https://media.example.com/last.png",
      images: ["https://media.example.com/a.png"],
      videos: ["https://media.example.com/b.mp4"],
      audios: ["https://media.example.com/c"],
      input: { camera_fixed: true },
      idempotencyKey: "order-7"
    })
    expect(warnings).toMatchObject([
      {
        type: "unsupported",
        feature: "fps",
        details: expect.stringContaining("providerOptions.ark") as string
      },
      { type: "unsupported", feature: "generateAudio" }
    ])
  })

  it("converts a size to an aspect ratio and a resolution, with a warning", () => {
    const { request, warnings } = toVideoRequest(name, { ...noVideoInputs, resolution: "720x1280" })
    expect(request).toMatchObject({ aspectRatio: "9:16", resolution: "720p" })
    expect(warnings).toMatchObject([{ type: "compatibility", feature: "resolution" }])
  })

  it("converts bytes and base64 to files with their media type", async () => {
    for (const data of [new Uint8Array([1, 2, 3]), "AQID"]) {
      const file = toMediaSource({ type: "file", mediaType: "image/png", data }) as Blob
      expect(file.type).toBe("image/png")
      expect([...(await file.bytes())]).toEqual([1, 2, 3])
    }
    expect(kindOf({ type: "url", url: "https://media.example.com/x.webm?a=1" })).toBe("video")
    expect(kindOf({ type: "url", url: "https://media.example.com/x" })).toBe("image")
    expect(kindOf({ type: "url", url: "data:video/mp4;base64,AAAA" })).toBe("video")
  })
})

describe("toImageRequest", () => {
  it("converts a size to an aspect ratio, with a warning", () => {
    const { request, warnings } = toImageRequest(name, {
      prompt: "A fox",
      n: 1,
      size: "1024x1536",
      aspectRatio: undefined,
      seed: undefined,
      files: undefined,
      mask: undefined,
      providerOptions: {}
    })
    expect(request).toEqual({ account: "ark", model: "seedance", prompt: "A fox", aspectRatio: "2:3" })
    expect(warnings).toMatchObject([{ type: "compatibility", feature: "size" }])
  })
})

describe("parseModelId", () => {
  it("ends the account at the first colon", () => {
    expect(parseModelId("jimeng@deepwl:a:b/c", "videoModel")).toEqual({
      account: "jimeng@deepwl",
      provider: "jimeng",
      model: "a:b/c"
    })
  })

  it.each(["sora-2", ":sora-2", "sora:"])("rejects %s", (id) => {
    expect(() => parseModelId(id, "videoModel")).toThrow("expected account:model")
  })
})

it("finds an idempotency key by any case of its header", () => {
  expect(idempotencyKeyOf({ "IDEMPOTENCY-KEY": "a" })).toBe("a")
  expect(idempotencyKeyOf()).toBeUndefined()
})

describe("inputs that a model does not support", () => {
  const stack = new AsyncDisposableStack()
  let test: Awaited<ReturnType<typeof setUp>>
  beforeAll(async () => {
    test = await setUp(stack)
  })
  afterAll(() => stack.disposeAsync())

  it("are left out with a warning if they are settings", async () => {
    const { emulator, provider } = test
    const { warnings } = await generateVideo({
      model: provider.video("sora:sora-2"),
      prompt: "A fox",
      seed: 7,
      resolution: "1280x720",
      poll
    })
    expect(warnings.filter(({ type }) => type === "unsupported")).toMatchObject([{ feature: "seed" }])
    expect(emulator.posts()).toHaveLength(1)
  })

  it("are an error if they are files, before anything is sent", async () => {
    const { emulator, provider } = test
    const before = emulator.posts().length
    await expect(
      generateVideo({
        model: provider.video("sora:sora-2"),
        prompt: "A fox",
        inputReferences: ["https://media.example.com/a.mp4"].map((data) => ({
          data,
          mediaType: "video/mp4"
        })),
        poll
      })
    ).rejects.toThrow("videos: This model does not support it")
    expect(emulator.posts()).toHaveLength(before)
  })

  it("are an error with all problems if a value is invalid", async () => {
    const { provider } = test
    await expect(
      generateVideo({ model: provider.video("sora:sora-2"), prompt: "A fox", duration: 7, poll })
    ).rejects.toThrow("Nothing was sent.")
  })

  it("send the image to animate as an image if the model has no first frame", async () => {
    const { emulator, provider } = test
    const { warnings } = await generateVideo({
      model: provider.video("sora:sora-2"),
      prompt: { text: "It runs", image: "https://media.example.com/fox.png" },
      poll
    })
    expect(warnings).toMatchObject([{ type: "compatibility", feature: "image" }])
    expect(emulator.tasks().at(-1)?.submit?.body).toMatchObject({
      images: ["https://media.example.com/fox.png"]
    })
  })

  it("pass the vendor's own parameters", async () => {
    const { emulator, provider } = test
    await generateImage({
      model: provider.image("jimmy:gpt-image-2"),
      prompt: "A fox",
      providerOptions: { jimmy: { prompt: "A red fox" } }
    })
    const task = emulator.tasks().find(({ vendor }) => vendor === "jimmy")
    expect(task?.submit?.body).toMatchObject({ prompt: "A red fox" })
  })
})
