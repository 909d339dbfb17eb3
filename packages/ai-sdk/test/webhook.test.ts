/** The webhooks of the published `ai` package, with a tracker that sends them. */
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { join } from "node:path"
import { PollPolicy } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import { sora } from "@gentask/provider-sora"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { startTracker } from "@gentask/tracker"
import { createTrackerClient } from "@gentask/tracker/client"
import {
  experimental_generateVideo as generateVideo,
  experimental_getVideoStatus as getVideoStatus,
  experimental_startVideo as startVideo
} from "ai"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { createGentaskProvider } from "../src/index.ts"
import { rejection, setUp } from "./setUp.ts"

interface Message {
  readonly headers: Record<string, string>
  readonly body: { readonly type: string; readonly ref: string }
}

/** Starts a server whose URLs each receive the webhooks of one video. */
const startReceiver = async () => {
  const messages = new Map<string, Array<Message>>()
  const waiting: Array<{ readonly path: string; readonly resolve: (message: Message) => void }> = []
  const server = createServer((request, response) => {
    const receive = async (): Promise<void> => {
      const body = JSON.parse(
        Buffer.concat((await request.toArray()) as Array<Buffer>).toString()
      ) as Message["body"]
      const { url: path = "" } = request
      const message = { headers: request.headers as Record<string, string>, body }
      messages.set(path, [...(messages.get(path) ?? []), message])
      for (const each of waiting) if (each.path === path) each.resolve(message)
      response.writeHead(204).end()
    }
    void receive()
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    typesAt: (path: string) => (messages.get(path) ?? []).map(({ body }) => body.type).toSorted(),
    /** The option `webhook`. */
    webhookAt: (path: string) => async () => ({
      url: url + path,
      received: new Promise<Message>((resolve) => waiting.push({ path, resolve }))
    }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, "close")
    }
  }
}

const token = "token-of-the-tests"
const stack = new AsyncDisposableStack()
let emulator: Awaited<ReturnType<typeof startEmulator>>
let receiver: Awaited<ReturnType<typeof startReceiver>>
let client: ReturnType<typeof createTrackerClient>

beforeAll(async () => {
  emulator = stack.use(
    await startEmulator({ chaos: { seed: "webhooks", rate: 0.3, hangFor: 30, maxDelay: 5 } })
  )
  receiver = stack.use(await startReceiver())
  const folder = stack.use(await temporaryFolder())
  const tracker = stack.use(
    await startTracker({
      providers: [sora({ apiKey: emulator.apiKey, baseUrl: emulator.url })],
      database: { sqlite: join(folder.path, "ledger.db") },
      dir: join(folder.path, "files"),
      tokens: [{ token, scopes: ["read", "submit"] }],
      allowPrivateWebhooks: true,
      pollPolicy: PollPolicy.fixed(50)
    })
  )
  client = createTrackerClient({ url: tracker.url, token })
})
afterAll(() => stack.disposeAsync())

describe("a provider over a tracker", () => {
  it("completes a video after its webhook, while 30 % of the vendor's responses are disturbed", async () => {
    const model = createGentaskProvider({ tracker: client }).video("sora:sora-2")
    const result = await generateVideo({ model, prompt: "A fox", webhook: receiver.webhookAt("/fox") })
    expect(result.video.uint8Array.byteLength).toBeGreaterThan(1000)
    expect(result.warnings).toEqual([])
    expect(emulator.submitCounts()).toMatchObject([{ tasks: 1 }])
    await vi.waitFor(() => expect(receiver.typesAt("/fox")).toEqual(["task.ended", "task.saved"]), 15_000)
  })

  it("fails with the vendor's reason and the ref", async () => {
    emulator.scriptSubmits("sora", { task: { end: "failed", failure: { message: "A secret was shown." } } })
    const model = createGentaskProvider({ tracker: client }).video("sora:sora-2")
    const error = await rejection(
      generateVideo({ model, prompt: "A secret", webhook: receiver.webhookAt("/failed") })
    )
    expect(String(error)).toMatch(/sora:.*A secret was shown\./s)
    emulator.scriptSubmits("sora", { task: {} })
  })

  it("completes several videos with one URL", async () => {
    const model = createGentaskProvider({ tracker: client, videos: "saved" }).video("sora:sora-2")
    const webhook = receiver.webhookAt("/shared")
    expect(await generateVideo({ model, prompt: "Two foxes", n: 2, webhook })).toMatchObject({
      uploadedVideos: 2
    })
  })

  it("waits for the result if a webhook is forged", async () => {
    emulator.scriptSubmits("sora", { task: { runningFor: 1000 } })
    const model = createGentaskProvider({ tracker: client, videos: "saved" }).video("sora:sora-2")
    const submitted = generateVideo({ model, prompt: "A cat", webhook: receiver.webhookAt("/forged") })
    await fetch(`${receiver.url}/forged`, { method: "POST", body: "{}" })
    expect(await submitted).toMatchObject({ uploadedVideos: 1 })
    emulator.scriptSubmits("sora", { task: {} })
  })

  it("notifies the URL of a video that was only started", async () => {
    const model = createGentaskProvider({ tracker: client, videos: "saved" }).video("sora:sora-2")
    const { operation } = await startVideo({
      model,
      prompt: "A dog",
      webhookUrl: `${receiver.url}/started`
    })
    await vi.waitFor(() => expect(receiver.typesAt("/started")).toEqual(["task.ended", "task.saved"]), 10_000)
    expect(await getVideoStatus(model, { operation })).toMatchObject({ status: "completed" })
  })

  it("creates no task for a URL that the tracker refuses", async () => {
    const before = emulator.submitCounts()
    const model = createGentaskProvider({ tracker: client }).video("sora:sora-2")
    const webhookUrl = "https://user:password@example.com/"
    const error = await rejection(startVideo({ model, prompt: "A fox", webhookUrl }))
    expect(error).toMatchObject({ ref: null, isRetryable: false })
    expect(String(error)).toContain("it contains a user name or a password")
    expect(emulator.submitCounts()).toEqual(before)
  })

  it("cannot add a webhook to a task that exists", async () => {
    const model = createGentaskProvider({ tracker: client }).video("sora:sora-2")
    const error = await rejection(
      startVideo({
        model,
        prompt: "A fox",
        webhookUrl: receiver.url,
        providerOptions: { gentask: { ref: "sora:1" } }
      })
    )
    expect(String(error)).toContain("The webhook of sora:1 cannot be set any more.")
  })
})

describe("a provider over a client", () => {
  it("reports that it sends no webhooks, and the video is polled", async () => {
    await using local = new AsyncDisposableStack()
    const { provider } = await setUp(local)
    const model = provider.video("sora:sora-2")
    const { operation, warnings } = await startVideo({
      model,
      prompt: "A fox",
      webhookUrl: `${receiver.url}/never`
    })
    expect(warnings).toMatchObject([{ type: "unsupported", feature: "webhookUrl" }])
    await vi.waitFor(
      async () => expect(await getVideoStatus(model, { operation })).toMatchObject({ status: "completed" }),
      15_000
    )
    expect(receiver.typesAt("/never")).toEqual([])
  })
})
