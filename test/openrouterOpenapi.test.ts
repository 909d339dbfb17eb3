/** Submits to a server that validates each request with OpenRouter's OpenAPI document. */
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Document } from "openapi-backend"
import { createGentask } from "@gentask/core"
import type { SubmitInput } from "@gentask/core"
import { openrouter } from "@gentask/provider-openrouter"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { afterAll, afterEach, describe, expect, it } from "vitest"
import { startMock } from "./openapi/startMock.ts"

const document = JSON.parse(
  (await readFile(new URL("openapi/openrouter.json", import.meta.url), "utf8")).replace(
    '"operationId": "createVideos"',
    '"operationId": "createTask"'
  )
) as Document

const apiKey = "sk-openapi"
const mock = await startMock(document, [apiKey], (id) => ({
  id,
  polling_url: `/api/v1/videos/${id}`,
  status: "pending"
}))
afterEach(mock.reset)
afterAll(mock[Symbol.asyncDispose])

const folder = await temporaryFolder()
afterAll(folder[Symbol.asyncDispose])
const path = join(folder.path, "fox.png")
await writeFile(
  path,
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64"
  )
)

const gentask = createGentask({ providers: [openrouter({ apiKey, baseUrl: mock.baseUrl })], ledger: false })
afterAll(() => gentask.close())

const url = "https://files.example.com/1"

const submit = (request: Omit<SubmitInput, "account" | "model">): Promise<unknown> =>
  gentask.submit({ account: "openrouter", model: "google/veo-3.1", prompt: "A fox", ...request })

describe("OpenRouter's OpenAPI document", () => {
  it.each<Omit<SubmitInput, "account" | "model">>([
    {},
    { aspectRatio: "16:9", resolution: "1080p", duration: 8, seed: 7 },
    { firstFrame: url, lastFrame: { path } },
    { images: [url, { path }], videos: [url], audios: [url] },
    { input: { generate_audio: true, size: "1280x720" } },
    { input: { provider: { options: { "google-vertex": { negativePrompt: "cartoon" } } } } },
    { webhook: { url: "https://hooks.example.com/1" } }
  ])("allows the submit of %j", async (request) => {
    await submit(request)
    expect(mock.invalid).toEqual([])
    expect(mock.taskIds).toHaveLength(1)
  })

  it("does not allow another aspect ratio", async () => {
    await expect(submit({ aspectRatio: "5:1" })).rejects.toMatchObject({ _tag: "SubmitRejected" })
    expect(mock.invalid).toHaveLength(1)
  })
})
