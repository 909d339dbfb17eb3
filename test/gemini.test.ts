/** Veo in the Gemini API: local frames, links that need the key, and both signatures of webhooks. */
import type { IncomingMessage } from "node:http"
import { buffer } from "node:stream/consumers"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it, vi } from "vitest"
import { createGentask, PollPolicy } from "@gentask/core"
import type { ReceivedWebhook } from "@gentask/core"
import { gemini } from "@gentask/provider-gemini"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { listen } from "./listen.ts"
import { startSubmits } from "./submitSystems.ts"
import { png } from "./onePixelPng.ts"

const model = "veo-3.1-generate-preview"
const operation = `models/${model}/operations/a1b2`

/** Starts a vendor whose task is done, and a client that queries it. The link of its video is `link(baseUrl)`. */
const startDone = async (
  link: (baseUrl: string) => string,
  onFile?: (request: IncomingMessage) => string
) => {
  const server = await listen((request, response) => {
    if (request.url?.startsWith("/v1beta/files/") === true && onFile !== undefined)
      return response.writeHead(302, { location: onFile(request) }).end()
    const generatedSamples = [{ video: { uri: link(server.baseUrl) } }]
    const body = { name: operation, done: true, response: { generateVideoResponse: { generatedSamples } } }
    return response.setHeader("content-type", "application/json").end(JSON.stringify(body))
  })
  const gentask = createGentask({ providers: [gemini({ apiKey: "secret-key", baseUrl: server.baseUrl })] })
  return {
    gentask,
    [Symbol.asyncDispose]: async () => {
      await gentask.close()
      await server[Symbol.asyncDispose]()
    }
  }
}

/** A storage that records the credentials that it receives, and has no file. */
const startStorage = async () => {
  const keys: Array<string | undefined> = []
  const server = await listen((request, response) => {
    keys.push(request.headers["x-goog-api-key"]?.toString() ?? request.headers.authorization)
    response.writeHead(404).end()
  })
  return { keys, url: `${server.baseUrl}/video.mp4`, [Symbol.asyncDispose]: server[Symbol.asyncDispose] }
}

describe("the Gemini API", () => {
  it("creates a video with local frames inside the request, and saves it with the key", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits({ submits: { gemini: { task: { runningFor: 100 } } } })
    const { gentask, emulator } = running
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    const request = gemini.models[model]({
      prompt: "A fox in the snow",
      firstFrame: { path },
      lastFrame: { path },
      duration: 8,
      input: { negativePrompt: "cartoon" }
    })
    const { ref, snapshots, files } = await gentask.generate(request, {
      dir: join(folder.path, "out"),
      timeout: "20 seconds"
    })
    expect(ref).toMatch(/^gemini:models\/veo-3\.1-generate-preview\/operations\/[a-z0-9]+$/)
    expect(snapshots).toMatchObject([{ status: "succeeded", model, outputs: [{ isPrivate: true }] }])
    expect(files).toHaveLength(1)
    const image = { bytesBase64Encoded: png.toString("base64"), mimeType: "image/png" }
    expect(JSON.parse(emulator.posts()[0]?.body ?? "")).toEqual({
      instances: [{ prompt: "A fox in the snow", image, lastFrame: image }],
      parameters: { durationSeconds: 8, negativePrompt: "cartoon" }
    })
    expect(emulator.uploads()).toEqual([])
  })

  it("rejects a filtered video as a failure, and a cancel as unsupported", async () => {
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const data = { raiMediaFilteredReasons: ["The prompt conflicted with our safety policies."] }
    const { id } = emulator.addTask({ vendor: "gemini", media: [], data })
    await expect(gentask.wait(`gemini:${id}`)).rejects.toMatchObject({
      _tag: "TaskFailed",
      snapshot: { failure: { reason: "moderation", message: data.raiMediaFilteredReasons[0] } }
    })
    await expect(gentask.cancel(`gemini:${id}`)).rejects.toMatchObject({
      reason: { _tag: "UnsupportedOperation" }
    })
  })

  it("sends no key to a link on another host", async () => {
    await using folder = await temporaryFolder()
    await using storage = await startStorage()
    await using vendor = await startDone(() => storage.url)
    const saved = vendor.gentask.save(`gemini:${operation}`, { dir: folder.path, attempts: 1 })
    await expect(saved).rejects.toMatchObject({ _tag: "SaveError" })
    expect(storage.keys).toEqual([undefined])
  })

  it("sends no key along a redirect to another host", async () => {
    await using folder = await temporaryFolder()
    await using storage = await startStorage()
    const keys: Array<unknown> = []
    await using vendor = await startDone(
      (baseUrl) => `${baseUrl}/v1beta/files/a1:download?alt=media`,
      ({ headers }) => {
        keys.push(headers["x-goog-api-key"])
        return storage.url
      }
    )
    const saved = vendor.gentask.save(`gemini:${operation}`, { dir: folder.path, attempts: 1 })
    await expect(saved).rejects.toMatchObject({ _tag: "SaveError" })
    expect({ vendor: keys, storage: storage.keys }).toEqual({ vendor: ["secret-key"], storage: [undefined] })
  })

  it.each([
    ["the token of a request's webhook", undefined],
    ["the signature of a project's webhook", `whsec_${Buffer.from("made up").toString("base64")}`]
  ])("verifies %s, and refuses a forged one", async (_, secret) => {
    await using running = await startSubmits()
    const { emulator } = running
    const account = gemini({ apiKey: emulator.apiKey, baseUrl: emulator.hostUrl("gemini") })
    const gentask = createGentask({ providers: [account], pollPolicy: PollPolicy.fixed("1 hour") })
    const received: Array<ReceivedWebhook | { readonly _tag: string }> = []
    await using server = await listen(async (request, response) => {
      const body = await buffer(request)
      const webhook = { headers: request.headers, body, ...(secret !== undefined && { secret }) }
      received.push(
        await gentask
          .receiveWebhook("gemini", webhook)
          .catch((error: unknown) => error as { readonly _tag: string })
      )
      response.writeHead(204).end()
    })
    const submit = (forged: boolean) => {
      const callback = { forged, ...(secret !== undefined && { key: secret }) }
      emulator.scriptSubmits("gemini", { callback, task: { runningFor: 50 } })
      return running.gentask.submit({
        account: "gemini",
        model,
        prompt: "A fox",
        webhook: { url: `${server.baseUrl}/hook` }
      })
    }
    const { ref } = await submit(false)
    await vi.waitFor(() => expect(received).toMatchObject([{ refs: [ref], isVerified: true }]), 15_000)
    await submit(true)
    await vi.waitFor(() => expect(received[1]).toMatchObject({ _tag: "InvalidWebhook" }), 15_000)
    await gentask.close()
  })
})
