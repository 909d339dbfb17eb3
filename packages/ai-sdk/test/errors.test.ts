/** What happens when a generation fails, is aborted, or has no result. */
import {
  experimental_generateVideo as generateVideo,
  experimental_startVideo as startVideo,
  generateImage
} from "ai"
import { describe, expect, it, vi } from "vitest"
import { createGentaskProvider, GentaskGenerationError } from "../src/index.ts"
import { poll, rejection, setUp } from "./setUp.ts"

describe("generateImage", () => {
  it("fails with the ref and the vendor's reason", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider } = await setUp(stack, {
      submits: { jimmy: { task: { end: "failed", failure: { message: "A secret was shown." } } } }
    })
    const error = await rejection(
      generateImage({ model: provider.image("jimmy:gpt-image-2"), prompt: "A fox" })
    )
    expect(error).toBeInstanceOf(GentaskGenerationError)
    const ref = `jimmy:${emulator.tasks()[0]?.id}?kind=image`
    expect(error).toMatchObject({ ref, isRetryable: false, cause: { _tag: "TaskFailed" } })
    expect(String(error)).toContain(`${ref} failed`)
    expect(String(error)).not.toContain("Resume")
    expect(emulator.submitCounts()).toMatchObject([{ posts: 1, tasks: 1 }])
  })

  it("does not submit again for a task without an image", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider } = await setUp(stack, { submits: { jimmy: { task: { media: [] } } } })
    const error = await rejection(
      generateImage({ model: provider.image("jimmy:gpt-image-2"), prompt: "A fox" })
    )
    expect(error).toMatchObject({ ref: `jimmy:${emulator.tasks()[0]?.id}?kind=image` })
    expect(emulator.submitCounts()).toMatchObject([{ posts: 1, tasks: 1 }])
  })

  it("stops waiting when it is aborted, and resumes by the ref in the error", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider, submitted } = await setUp(stack, {
      submits: { jimmy: { task: { end: "never" } } }
    })
    const abort = new AbortController()
    const model = provider.image("jimmy:gpt-image-2")
    const generating = rejection(generateImage({ model, prompt: "A fox", abortSignal: abort.signal }))
    await vi.waitFor(() => expect(submitted).toHaveLength(1), 15_000)
    abort.abort()
    const error = (await generating) as GentaskGenerationError
    expect(error.name).toBe("AbortError")
    const ref = error.ref ?? ""
    expect(error.message).toContain(`providerOptions: { gentask: { ref: "${ref}" } }`)
    const id = emulator.tasks()[0]?.id ?? ""
    emulator.removeTask("jimmy", id)
    emulator.addTask({ vendor: "jimmy", id })
    const { images } = await generateImage({
      model,
      prompt: "A fox",
      providerOptions: { gentask: { ref } }
    })
    expect(images).toHaveLength(1)
    expect(emulator.submitCounts()).toMatchObject([{ posts: 1, tasks: 1 }])
  })

  it("rejects a mask before anything is sent", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider } = await setUp(stack)
    const image = new Uint8Array([137, 80, 78, 71])
    await expect(
      generateImage({
        model: provider.image("jimmy:gpt-image-2"),
        prompt: { text: "A fox", images: [image], mask: image }
      })
    ).rejects.toThrow("Masks are not supported")
    expect(emulator.posts()).toEqual([])
  })
})

describe("startVideo", () => {
  it.each(["reset-after-task", "error-after-task", "html"] as const)(
    "submits once and explains the unknown outcome after %s",
    async (fault) => {
      await using stack = new AsyncDisposableStack()
      const { emulator, provider } = await setUp(stack, { submits: { sora: { faults: [{ fault }] } } })
      const error = await rejection(startVideo({ model: provider.video("sora:sora-2"), prompt: "A fox" }))
      expect(error).toMatchObject({
        name: "GentaskGenerationError",
        ref: null,
        isRetryable: false,
        cause: { _tag: "SubmitOutcomeUnknown" }
      })
      expect(String(error)).toContain("it is unknown whether the vendor created a task")
      expect(emulator.submitCounts()).toMatchObject([{ posts: 1, tasks: 1 }])
    }
  )

  it("returns the same task for the same idempotency key, as after a retry of a workflow", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider } = await setUp(stack)
    const start = () =>
      startVideo({
        model: provider.video("sora:sora-2"),
        prompt: "A fox",
        headers: { "Idempotency-Key": "order-7" }
      })
    const [first, second] = [await start(), await start()]
    expect(second.providerMetadata).toEqual(first.providerMetadata)
    expect(emulator.submitCounts()).toMatchObject([{ posts: 1, tasks: 1 }])
  })

  it("returns the task although onSubmit throws, with a warning", async () => {
    await using stack = new AsyncDisposableStack()
    const { gentask } = await setUp(stack)
    const provider = createGentaskProvider({
      gentask,
      onSubmit: () => {
        throw new Error("The database is down")
      }
    })
    const { operation, warnings } = await startVideo({
      model: provider.video("sora:sora-2"),
      prompt: "A fox"
    })
    expect(operation).toMatchObject({ ref: expect.stringMatching(/^sora:/) as string })
    expect(warnings).toEqual([{ type: "other", message: "onSubmit failed: Error: The database is down" }])
  })
})

describe("generateVideo", () => {
  it("fails with the ref if the key is refused after the submit, and does not report a failed task", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider } = await setUp(stack)
    const { id } = emulator.addTask({
      vendor: "sora",
      faults: [{ fault: "status", status: 401, times: "forever" }]
    })
    const error = await rejection(
      generateVideo({
        model: provider.video("sora:sora-2"),
        prompt: "A fox",
        providerOptions: { gentask: { ref: `sora:${id}` } },
        poll
      })
    )
    expect(error).toMatchObject({ ref: `sora:${id}`, cause: { _tag: "ProviderError" } })
    expect(String(error)).toContain("Resume with providerOptions")
  })

  it("fails with the ref if a video cannot be saved", async () => {
    await using stack = new AsyncDisposableStack()
    const { gentask } = await setUp(stack)
    const provider = createGentaskProvider({ gentask, save: { dir: "/dev/null/out" } })
    const error = await rejection(
      generateVideo({ model: provider.video("sora:sora-2"), prompt: "A fox", poll })
    )
    expect(error).toMatchObject({
      ref: expect.stringMatching(/^sora:/) as string,
      cause: { _tag: "SaveError" }
    })
  })

  it("rejects unknown options, so that a typo in ref creates no task", async () => {
    await using stack = new AsyncDisposableStack()
    const { emulator, provider } = await setUp(stack)
    const providerOptions = { gentask: { reff: "sora:1" } }
    await expect(
      generateVideo({ model: provider.video("sora:sora-2"), prompt: "A fox", providerOptions, poll })
    ).rejects.toThrow("Unknown option providerOptions.gentask.reff")
    expect(emulator.posts()).toEqual([])
  })
})

describe("createGentaskProvider", () => {
  it("rejects options that contradict each other", async () => {
    await using stack = new AsyncDisposableStack()
    const { gentask } = await setUp(stack)
    expect(() => createGentaskProvider({ gentask, videos: "saved" })).toThrow("needs the option save")
    expect(() => createGentaskProvider({ gentask, videos: "url", save: { dir: "out" } })).toThrow(
      "cannot be combined"
    )
  })
})
