/** Generations of the published `ai` package while 30 % of all exchanges are disturbed. */
import {
  experimental_generateVideo as generateVideo,
  experimental_getVideoStatus as getVideoStatus,
  experimental_startVideo as startVideo,
  generateImage
} from "ai"
import { beforeAll, afterAll, describe, expect, it, vi } from "vitest"
import { GentaskGenerationError } from "../src/index.ts"
import { poll, setUp } from "./setUp.ts"

const count = 20
const chaos = { seed: "ai-sdk", rate: 0.3, hangFor: 30, maxDelay: 5 }
const task = { runningFor: 60 }

let stack: AsyncDisposableStack
beforeAll(() => {
  stack = new AsyncDisposableStack()
})
afterAll(() => stack.disposeAsync())

describe("with 30 % of queries and downloads disturbed", () => {
  it("generates every video and image, and submits each once", async () => {
    const { emulator, provider } = await setUp(stack, { chaos, submits: { sora: { task }, jimmy: { task } } })
    const video = provider.video("sora:sora-2")
    const generated = Array.from({ length: count }, (_, index) =>
      generateVideo({ model: video, prompt: `Video ${index}`, poll })
    )
    const images = Array.from({ length: count }, (_, index) =>
      generateImage({ model: provider.image("jimmy:gpt-image-2"), prompt: `Image ${index}` })
    )
    const started = Array.from({ length: count }, async (_, index) => {
      const { operation } = await startVideo({ model: video, prompt: `Started ${index}` })
      return vi.waitFor(
        async () => {
          const status = await getVideoStatus(video, { operation })
          expect(status.status).not.toBe("error")
          expect(status.status).toBe("completed")
        },
        { timeout: 60_000, interval: 20 }
      )
    })
    for (const { videos } of await Promise.all(generated)) expect(videos).toHaveLength(1)
    for (const { image } of await Promise.all(images))
      expect(image.uint8Array.byteLength).toBeGreaterThan(100)
    await Promise.all(started)
    const { requests, faulted } = emulator.faultStats()
    expect(faulted / requests).toBeGreaterThan(0.2)
    expect(emulator.submitCounts()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ service: "sora", posts: 2 * count, tasks: 2 * count }),
        expect.objectContaining({ service: "jimmy", posts: count, tasks: count })
      ])
    )
  }, 60_000)

  it("reports only the tasks as failed that failed at the vendor, with their refs", async () => {
    const { emulator, provider, submitted } = await setUp(stack, {
      chaos,
      submits: { sora: { task: { ...task, end: "failed", failure: { message: "A secret was shown." } } } }
    })
    const model = provider.video("sora:sora-2")
    const errors = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        generateVideo({ model, prompt: `Video ${index}`, poll }).then(
          () => "generated",
          (error: Error) => error.message
        )
      )
    )
    for (const { ref } of submitted)
      expect(errors.filter((message) => message.startsWith(`${ref} failed`))).toHaveLength(1)
    expect(emulator.submitCounts()).toMatchObject([{ posts: 5, tasks: 5 }])
  })
})

describe("with 30 % of submits disturbed", () => {
  it("never submits twice, and explains each unknown outcome", async () => {
    const { emulator, provider } = await setUp(stack, {
      chaos: { ...chaos, seed: "submits", submitRate: 0.3 },
      submits: { sora: { task }, jimmy: { task } }
    })
    const calls = [
      ...Array.from({ length: count }, (_, index) =>
        generateVideo({ model: provider.video("sora:sora-2"), prompt: `Video ${index}`, poll })
      ),
      ...Array.from({ length: count }, (_, index) =>
        generateImage({ model: provider.image("jimmy:gpt-image-2"), prompt: `Image ${index}` })
      )
    ]
    const results = await Promise.allSettled(calls)
    const errors = results.flatMap((result): ReadonlyArray<unknown> =>
      result.status === "rejected" ? [result.reason] : []
    )
    const tags = errors.map((error) => {
      expect(error).toBeInstanceOf(GentaskGenerationError)
      return ((error as GentaskGenerationError).cause as { readonly _tag: string })._tag
    })
    expect(new Set(tags)).toContain("SubmitOutcomeUnknown")
    expect(tags.filter((tag) => tag !== "SubmitOutcomeUnknown" && tag !== "SubmitRejected")).toEqual([])
    const unknown = errors.find((error) => String(error).includes("it is unknown"))
    expect(String(unknown)).toContain("Do not submit again before you have checked")
    // One task for each prompt at most.
    const prompts = emulator
      .tasks()
      .map(({ submit }) => JSON.stringify(submit?.body).match(/(Video|Image) \d+/)?.[0])
    expect(new Set(prompts).size).toBe(prompts.length)
  }, 60_000)
})
