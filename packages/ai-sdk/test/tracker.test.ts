/** The published `ai` package with a tracker behind its provider. */
import { join } from "node:path"
import { PollPolicy } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import { sora } from "@gentask/provider-sora"
import { jimmy } from "@gentask/provider-jimmy"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { startTracker } from "@gentask/tracker"
import { createTrackerClient } from "@gentask/tracker/client"
import {
  experimental_generateVideo as generateVideo,
  experimental_getVideoStatus as getVideoStatus,
  generateImage
} from "ai"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createGentaskProvider } from "../src/index.ts"
import { poll, rejection } from "./setUp.ts"

const token = "token-of-the-tests"

const stack = new AsyncDisposableStack()
let emulator: Awaited<ReturnType<typeof startEmulator>>
let client: ReturnType<typeof createTrackerClient>

beforeAll(async () => {
  emulator = stack.use(
    await startEmulator({ chaos: { seed: "tracker", rate: 0.3, hangFor: 30, maxDelay: 5 } })
  )
  const folder = stack.use(await temporaryFolder())
  const account = { apiKey: emulator.apiKey, baseUrl: emulator.url }
  const tracker = stack.use(
    await startTracker({
      providers: [jimmy(account), sora(account)],
      database: { sqlite: join(folder.path, "ledger.db") },
      dir: join(folder.path, "files"),
      tokens: [{ token, scopes: ["read", "submit"] }],
      pollPolicy: PollPolicy.fixed(50)
    })
  )
  client = createTrackerClient({ url: tracker.url, token })
})
afterAll(() => stack.disposeAsync())

describe("a provider over a tracker", () => {
  it("returns the bytes that the tracker has saved, while 30 % of the vendor's responses are disturbed", async () => {
    const provider = createGentaskProvider({ tracker: client })
    const [video, { image }] = await Promise.all([
      generateVideo({ model: provider.video("sora:sora-2"), prompt: "A fox", poll }),
      generateImage({ model: provider.image("jimmy:gpt-image-2"), prompt: "A fox" })
    ])
    expect(video.video.uint8Array.byteLength).toBeGreaterThan(1000)
    expect(video.providerMetadata).toMatchObject({
      gentask: { ref: expect.stringMatching(/^sora:/) as string }
    })
    expect(image.uint8Array.byteLength).toBeGreaterThan(100)
    expect(emulator.submitCounts()).toMatchObject([{ tasks: 1 }, { tasks: 1 }])
  })

  it("leaves the videos with the tracker", async () => {
    const provider = createGentaskProvider({ tracker: client, videos: "saved" })
    const result = await generateVideo({ model: provider.video("sora:sora-2"), prompt: "A cat", poll })
    expect(result.uploadedVideos).toBe(1)
    expect(result.providerMetadata).toMatchObject({
      gentask: { videos: [{ path: expect.stringContaining("sora") as string }] }
    })
  })

  it("leaves out settings that the model does not support, with a warning", async () => {
    const provider = createGentaskProvider({ tracker: client, videos: "saved" })
    const { warnings } = await generateVideo({
      model: provider.video("sora:sora-2"),
      prompt: "A dog",
      seed: 7,
      poll
    })
    expect(warnings).toMatchObject([{ type: "unsupported", feature: "seed" }])
  })

  it("fails with the vendor's reason and the ref", async () => {
    emulator.scriptSubmits("jimmy", { task: { end: "failed", failure: { message: "A secret was shown." } } })
    const provider = createGentaskProvider({ tracker: client })
    const error = await rejection(
      generateImage({ model: provider.image("jimmy:gpt-image-2"), prompt: "A secret" })
    )
    expect(error).toMatchObject({ ref: expect.stringMatching(/^jimmy:/) as string, isRetryable: false })
    expect(String(error)).toContain("A secret was shown.")
  })

  it("reports that the vendor created no task", async () => {
    emulator.scriptSubmits("jimmy", { faults: [{ fault: "rejected", status: 400, times: 1 }] })
    const provider = createGentaskProvider({ tracker: client })
    const error = await rejection(
      generateImage({ model: provider.image("jimmy:gpt-image-2"), prompt: "A fox" })
    )
    expect(error).toMatchObject({ ref: null, cause: { reason: "Rejected" } })
  })

  it("says that a tracker that does not respond may have received a submit", async () => {
    const unreachable = createTrackerClient({ url: "http://127.0.0.1:1", token })
    const provider = createGentaskProvider({
      tracker: {
        ...unreachable,
        submit: async (request) => {
          // Without the retries of `submit`, which take seconds.
          await unreachable.accounts()
          return client.submit(request)
        }
      }
    })
    const error = await rejection(
      generateImage({ model: provider.image("jimmy:gpt-image-2"), prompt: "A fox" })
    )
    expect(error).toMatchObject({ ref: null, cause: { reason: "Unreachable" } })
    expect(String(error)).toContain("It may have received the submit.")
  })

  it("is pending while the tracker cannot be reached", async () => {
    const unreachable = createTrackerClient({ url: "http://127.0.0.1:1", token })
    const model = createGentaskProvider({ tracker: unreachable }).video("sora:sora-2")
    expect(await getVideoStatus(model, { operation: "sora:1" })).toMatchObject({ status: "pending" })
  })
})
