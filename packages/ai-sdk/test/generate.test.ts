/** The published `ai` package with gentask as its provider. */
import { readFile } from "node:fs/promises"
import {
  createProviderRegistry,
  experimental_generateVideo as generateVideo,
  experimental_getVideoStatus as getVideoStatus,
  experimental_startVideo as startVideo,
  generateImage
} from "ai"
import { s3Target } from "@gentask/target-s3"
import { bucket, startS3 } from "@gentask/tooling/s3/startS3"
import { describe, expect, it, vi } from "vitest"
import { createGentaskProvider } from "../src/index.ts"
import { poll, setUp } from "./setUp.ts"

interface Metadata {
  readonly ref: string
  readonly refs: ReadonlyArray<string>
  readonly videos: ReadonlyArray<{ readonly ref: string; readonly path?: string; readonly sha256?: string }>
}

const metadataOf = (metadata: Readonly<Record<string, unknown>> | undefined): Metadata =>
  metadata?.["gentask"] as Metadata

describe("generateVideo", () => {
  it("returns the bytes of a video, with its ref", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider, submitted } = await setUp(stack)
    const result = await generateVideo({
      model: provider.video("sora:sora-2"),
      prompt: "A fox in the snow",
      poll
    })
    expect(result.video.mediaType).toBe("video/mp4")
    expect(result.video.uint8Array.byteLength).toBeGreaterThan(1000)
    const [task] = emulator.tasks()
    expect(metadataOf(result.providerMetadata)).toMatchObject({
      ref: `sora:${task?.id}`,
      videos: [{ ref: `sora:${task?.id}` }]
    })
    expect(submitted).toEqual([
      { ref: `sora:${task?.id}`, refs: [`sora:${task?.id}`], modelId: "sora:sora-2" }
    ])
    expect(result.warnings).toEqual([])
  })

  it("creates a task for each of several videos, and returns all refs", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider } = await setUp(stack)
    const result = await generateVideo({ model: provider.video("sora:sora-2"), prompt: "A fox", n: 3, poll })
    expect(result.videos).toHaveLength(3)
    expect(new Set(metadataOf(result.providerMetadata).videos.map(({ ref }) => ref)).size).toBe(3)
    expect(emulator.tasks()).toHaveLength(3)
  })

  it("saves videos into a folder, and returns none of them", async () => {
    await using stack = new AsyncDisposableStack()
    const { gentask, folder } = await setUp(stack)
    const provider = createGentaskProvider({ gentask, save: { dir: folder } })
    const result = await generateVideo({ model: provider.video("sora:sora-2"), prompt: "A fox", poll })
    expect(result.uploadedVideos).toBe(1)
    expect(result.videos).toEqual([])
    const [video] = metadataOf(result.providerMetadata).videos
    expect((await readFile(video?.path ?? "")).byteLength).toBeGreaterThan(1000)
  })

  it("saves videos and images at a target, and returns the bytes of the images", async () => {
    await using stack = new AsyncDisposableStack()
    const { gentask, folder } = await setUp(stack)
    const s3 = stack.use(await startS3())
    const target = s3Target({
      url: `s3://${bucket}/out`,
      env: s3.env,
      publicUrl: "https://cdn.example.com/"
    })
    const provider = createGentaskProvider({ gentask, save: { target, dir: folder } })
    const result = await generateVideo({ model: provider.video("sora:sora-2"), prompt: "A fox", poll })
    expect(result.uploadedVideos).toBe(1)
    expect(metadataOf(result.providerMetadata).videos).toMatchObject([
      {
        path: expect.stringContaining(`s3://${bucket}/out/`) as string,
        url: expect.stringContaining("https://cdn.example.com/") as string
      }
    ])
    const { image } = await generateImage({ model: provider.image("jimmy:gpt-image-2"), prompt: "A fox" })
    expect(image.uint8Array.byteLength).toBeGreaterThan(100)
    expect(image.providerMetadata?.["gentask"]?.["path"]).toContain(`s3://${bucket}/out/`)
  })

  it("returns the vendor's links", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, gentask } = await setUp(stack)
    const provider = createGentaskProvider({ gentask, videos: "url" })
    const download = vi.fn<
      (options: { readonly url: URL }) => Promise<{ data: Uint8Array; mediaType: string }>
    >(({ url }) => Promise.resolve({ data: new TextEncoder().encode(url.origin), mediaType: "video/mp4" }))
    const { video } = await generateVideo({
      model: provider.video("sora:sora-2"),
      prompt: "A fox",
      poll,
      download
    })
    expect(new TextDecoder().decode(video.uint8Array)).toBe(emulator.url)
    expect(download).toHaveBeenCalledOnce()
  })

  it("returns the refs when the AI SDK's timeout passes", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider, submitted } = await setUp(stack, {
      submits: { sora: { task: { end: "never" } } }
    })
    const model = provider.video("sora:sora-2")
    await expect(
      generateVideo({ model, prompt: "A fox", poll: { intervalMs: 10, timeoutMs: 100 } })
    ).rejects.toThrow("timed out")
    const ref = submitted[0]?.ref ?? ""
    const [task] = emulator.tasks()
    emulator.removeTask("sora", task?.id ?? "")
    emulator.addTask({ vendor: "sora", id: task?.id ?? "" })
    const providerOptions = { gentask: { ref } }
    const { videos } = await generateVideo({ model, prompt: "A fox", providerOptions, poll })
    expect(videos).toHaveLength(1)
    expect(emulator.submitCounts()).toMatchObject([{ posts: 1, tasks: 1 }])
  })
})

describe("startVideo and getVideoStatus", () => {
  it("resume a video with another provider, from an operation that was stored as JSON", async () => {
    await using stack = new AsyncDisposableStack()
    const { gentask, provider } = await setUp(stack, { submits: { sora: { task: { runningFor: 100 } } } })
    const started = await startVideo({ model: provider.video("sora:sora-2"), prompt: "A fox" })
    const stored = JSON.stringify(started.operation)
    expect(stored).toContain(metadataOf(started.providerMetadata).ref)
    const model = createGentaskProvider({ gentask }).video("sora:sora-2")
    await vi.waitFor(
      async () => {
        const status = await getVideoStatus(model, { operation: JSON.parse(stored) as string })
        expect(status).toMatchObject({ status: "completed", videos: [{ type: "binary" }] })
      },
      { timeout: 20_000 }
    )
  })

  it("accept a ref as the operation", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider } = await setUp(stack)
    const { id } = emulator.addTask({ vendor: "sora" })
    const status = await getVideoStatus(provider.video("sora:sora-2"), { operation: `sora:${id}` })
    expect(status.status).toBe("completed")
  })

  it("do not stay pending because an operation has a time in the future", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider } = await setUp(stack)
    const { id } = emulator.addTask({ vendor: "sora", faults: [{ fault: "lag", polls: 3 }] })
    const operation = { refs: [`sora:${id}`], submittedAt: "2999-01-01T00:00:00Z" }
    const { status } = await getVideoStatus(provider.video("sora:sora-2"), { operation })
    expect(status).toBe("completed")
  })

  it("do not say that a task exists for an operation that was changed", async () => {
    await using stack = new AsyncDisposableStack()
    const { provider } = await setUp(stack)
    const messageOf = (ref: string) =>
      getVideoStatus(provider.video("sora:sora-2"), { operation: { refs: [ref] } }).catch(String)
    expect(await messageOf("../../x:1")).toBe(
      'GentaskGenerationError: Invalid task ref "../../x:1": the provider must start with a lowercase letter and contain only lowercase letters, digits and hyphens. Pass a ref or an operation that gentask has returned.'
    )
    expect(await messageOf("other:1")).toMatch(/ If the task exists, resume with providerOptions: /)
  })

  it("reject an operation of another provider", async () => {
    await using stack = new AsyncDisposableStack()
    const { provider } = await setUp(stack)
    const model = provider.video("sora:sora-2")
    await expect(getVideoStatus(model, { operation: { taskId: "1" } })).rejects.toThrow("Invalid operation")
  })
})

describe("generateImage", () => {
  it("waits, and returns the bytes of an image with its ref", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider } = await setUp(stack, {
      submits: { jimmy: { task: { runningFor: 50, media: ["webp"] } } }
    })
    const { image, calls } = await generateImage({
      model: provider.image("jimmy:gpt-image-2"),
      prompt: "A fox in the snow",
      aspectRatio: "16:9"
    })
    expect(image.mediaType).toBe("image/webp")
    const [task] = emulator.tasks()
    const ref = `jimmy:${task?.id}?kind=image`
    expect(image.providerMetadata).toMatchObject({ gentask: { ref } })
    expect(calls[0]?.providerMetadata).toMatchObject({ gentask: { ref } })
  })
})

describe("createProviderRegistry", () => {
  it("finds models by the names of their accounts", async () => {
    await using stack = new AsyncDisposableStack()
    const { provider } = await setUp(stack)
    const registry = createProviderRegistry({ gentask: provider })
    const { videos } = await generateVideo({
      model: registry.videoModel("gentask:sora:sora-2"),
      prompt: "A fox",
      poll
    })
    expect(videos).toHaveLength(1)
    const { images } = await generateImage({
      model: registry.imageModel("gentask:jimmy:gpt-image-2"),
      prompt: "A fox"
    })
    expect(images).toHaveLength(1)
  })

  it("reports models that gentask does not have", async () => {
    await using stack = new AsyncDisposableStack()
    const { provider } = await setUp(stack)
    const registry = createProviderRegistry({ gentask: provider })
    expect(() => registry.languageModel("gentask:gpt-5")).toThrow("No such languageModel")
    expect(() => registry.videoModel("gentask:sora-2")).toThrow(
      'expected account:model, such as "sora:sora-2"'
    )
  })
})
