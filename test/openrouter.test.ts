/** The video API of OpenRouter: inputs, cost and credit, links that need the key, and signed webhooks. */
import { buffer } from "node:stream/consumers"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it, vi } from "vitest"
import { createGentask } from "@gentask/core"
import type { ReceivedWebhook } from "@gentask/core"
import { openrouter } from "@gentask/provider-openrouter"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { listen } from "./listen.ts"
import { startSubmits } from "./submitSystems.ts"
import { png } from "./onePixelPng.ts"

const model = "google/veo-3.1"

describe("OpenRouter", () => {
  it("creates a video with a local frame inside the request, and saves it with the key", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits({ submits: { openrouter: { task: { runningFor: 100 } } } })
    const { gentask, emulator } = running
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    const request = openrouter.models[model]({
      prompt: "A fox in the snow",
      firstFrame: { path },
      duration: 8,
      input: { generate_audio: false }
    })
    const { snapshots, files } = await gentask.generate(request, {
      dir: join(folder.path, "out"),
      timeout: "20 seconds"
    })
    expect(snapshots).toMatchObject([
      { status: "succeeded", cost: { amount: 0.5, unit: "USD" }, outputs: [{ isPrivate: true }] }
    ])
    expect(files).toHaveLength(1)
    const url = `data:image/png;base64,${png.toString("base64")}`
    expect(JSON.parse(emulator.posts()[0]?.body ?? "")).toEqual({
      model,
      prompt: "A fox in the snow",
      duration: 8,
      generate_audio: false,
      frame_images: [{ type: "image_url", image_url: { url }, frame_type: "first_frame" }]
    })
  })

  it("reports the credit of the key, and rejects a submit that it cannot pay for", async () => {
    await using running = await startSubmits({ submits: { openrouter: { credit: 0.75 } } })
    const { gentask, emulator } = running
    const submit = () => gentask.submit({ account: "openrouter", model, prompt: "A fox" })
    await submit()
    await expect(gentask.balance("openrouter")).resolves.toMatchObject({
      available: { amount: 0.25, unit: "USD" },
      used: { amount: 0.5, unit: "USD" }
    })
    await expect(submit()).rejects.toMatchObject({ reason: { _tag: "InsufficientCredits" } })
    expect(emulator.tasks()).toHaveLength(1)
  })

  it("sends no key to the hosts that a response names", async () => {
    await using folder = await temporaryFolder()
    const keys: Array<string | undefined> = []
    await using storage = await listen((request, response) => {
      keys.push(request.headers.authorization)
      response.writeHead(404).end()
    })
    await using vendor = await listen((_, response) => {
      const job = {
        id: "job-1",
        polling_url: `${storage.baseUrl}/api/v1/videos/job-1`,
        status: "completed",
        unsigned_urls: [`${storage.baseUrl}/video.mp4`]
      }
      response.setHeader("content-type", "application/json").end(JSON.stringify(job))
    })
    const gentask = createGentask({
      providers: [openrouter({ apiKey: "secret-key", baseUrl: `${vendor.baseUrl}/api/v1` })]
    })
    const saved = gentask.save("openrouter:job-1", { dir: folder.path, attempts: 1 })
    await expect(saved).rejects.toMatchObject({ _tag: "SaveError" })
    expect(keys).toEqual([undefined])
    await gentask.close()
  })

  it("verifies webhooks with the secret of the workspace, and refuses a forged one", async () => {
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const secret = "made-up-secret"
    const received: Array<ReceivedWebhook | { readonly _tag: string }> = []
    await using server = await listen(async (request, response) => {
      const body = await buffer(request)
      received.push(
        await gentask
          .receiveWebhook("openrouter", { headers: request.headers, body, secret })
          .catch((error: unknown) => error as { readonly _tag: string })
      )
      response.writeHead(204).end()
    })
    const submit = (forged: boolean) => {
      emulator.scriptSubmits("openrouter", { callback: { forged, key: secret }, task: { runningFor: 50 } })
      return gentask.submit({
        account: "openrouter",
        model,
        prompt: "A fox",
        webhook: { url: `${server.baseUrl}/hook` }
      })
    }
    const { ref } = await submit(false)
    await vi.waitFor(() => expect(received).toMatchObject([{ refs: [ref], isVerified: true }]), 15_000)
    await submit(true)
    await vi.waitFor(() => expect(received[1]).toMatchObject({ _tag: "InvalidWebhook" }), 15_000)
  })
})
