/** The routes in the format of OpenAI's videos, with the published package `openai`. */
import { existsSync } from "node:fs"
import { join } from "node:path"
import { PollPolicy } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import { jimmy } from "@gentask/provider-jimmy"
import { sora } from "@gentask/provider-sora"
import { startTracker } from "@gentask/tracker"
import { createTrackerClient } from "@gentask/tracker/client"
import OpenAI, { toFile } from "openai"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { newFolder } from "./support/folders.ts"
import { startServer, tokens as serverTokens } from "./support/startServer.ts"

const tokens = { all: "token-with-all-scopes", read: "token-to-read-only" }
const wait = { timeout: 20_000, interval: 20 }

const stack = new AsyncDisposableStack()
let emulator: Awaited<ReturnType<typeof startEmulator>>
let url: string
let client: OpenAI

const clientOf = (apiKey: string): OpenAI => new OpenAI({ baseURL: `${url}/v1`, apiKey })

beforeAll(async () => {
  emulator = stack.use(await startEmulator())
  const folder = stack.use(newFolder())
  const account = { apiKey: emulator.apiKey, baseUrl: emulator.url }
  const tracker = stack.use(
    await startTracker({
      providers: [jimmy(account), sora(account)],
      database: { sqlite: join(folder.path, "ledger.db") },
      dir: join(folder.path, "files"),
      tokens: [
        { token: tokens.all, scopes: ["read", "submit", "admin"] },
        { token: tokens.read, scopes: ["read"] }
      ],
      pollPolicy: PollPolicy.fixed(50),
      openaiVideos: true
    })
  )
  ;({ url } = tracker)
  client = clientOf(tokens.all)
})
afterAll(() => stack.disposeAsync())

const ended = (id: string) =>
  vi.waitFor(async () => {
    const video = await client.videos.retrieve(id)
    expect(["completed", "failed"]).toContain(video.status)
    return video
  }, wait)

/** Creates an image with the API of the tracker, and waits until it is known to be one. */
const createImage = async (): Promise<void> => {
  const tracker = createTrackerClient({ url, token: tokens.all })
  const { refs } = await tracker.submit({ account: "jimmy", model: "gpt-image-2", prompt: "An image" })
  const task = await tracker.get(refs[0] ?? "", { wait: 20 })
  expect(task.status).toBe("succeeded")
}

const statusOf = async (promise: Promise<unknown>): Promise<number | undefined> =>
  promise.then(
    () => undefined,
    (error: unknown) => (error as InstanceType<typeof OpenAI.APIError>).status
  )

describe("videos", () => {
  it("are created, retrieved, downloaded, listed and deleted, and their files stay", async () => {
    const created = await client.videos.create({ model: "sora:sora-2", prompt: "A fox in the snow" })
    expect(created).toMatchObject({ object: "video", model: "sora:sora-2", prompt: "A fox in the snow" })
    expect(created.id).toMatch(/^sora:/)
    expect(await ended(created.id)).toMatchObject({
      status: "completed",
      progress: 100,
      error: null,
      expires_at: null,
      completed_at: expect.any(Number) as number
    })
    const content = await client.videos.downloadContent(created.id)
    expect(content.headers.get("content-type")).toBe("video/mp4")
    expect((await content.arrayBuffer()).byteLength).toBeGreaterThan(1000)
    const ids: Array<string> = []
    for await (const { id } of client.videos.list({ limit: 1 })) ids.push(id)
    expect(ids).toContain(created.id)
    const deleted = await client.videos.delete(created.id)
    const { kept_files: kept } = deleted as unknown as { readonly kept_files: ReadonlyArray<string> }
    expect(deleted).toMatchObject({ id: created.id, deleted: true, object: "video.deleted" })
    expect(kept.map(existsSync)).toEqual([true])
    expect(await statusOf(client.videos.retrieve(created.id))).toBe(404)
  })

  it("are all listed by a client that reads pages, also behind pages of images", async () => {
    const { id } = await client.videos.create({ model: "sora:sora-2", prompt: "An old fox" })
    for (const _ of [1, 2, 3]) await createImage()
    const pages = await client.videos.list({ limit: 1 })
    expect(pages.data.map((video) => video.id)).toEqual([id])
    const ids: Array<string> = []
    for await (const video of client.videos.list({ limit: 1 })) ids.push(video.id)
    expect(ids).toContain(id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it("have a ref with params as their id", async () => {
    const { id } = await client.videos.create({
      model: "jimmy:openai-sora-2",
      prompt: "A fox",
      seconds: "12"
    })
    expect(id).toContain("?kind=video")
    expect(await ended(id)).toMatchObject({ id, status: "completed" })
  })

  it("fail with the vendor's reason", async () => {
    emulator.scriptSubmits("sora", { task: { end: "failed", failure: { message: "A secret was shown." } } })
    const { id } = await client.videos.create({ model: "sora:sora-2", prompt: "A secret" })
    expect(await ended(id)).toMatchObject({
      status: "failed",
      error: { message: expect.stringContaining("A secret was shown.") as string }
    })
    emulator.scriptSubmits("sora", { task: {} })
  })

  it("send a reference as a file or as a URL", async () => {
    const png = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
      "base64"
    )
    const withFile = await client.videos.create({
      model: "jimmy:openai-sora-2",
      prompt: "It runs",
      seconds: "12",
      input_reference: await toFile(png, "fox.png", { type: "image/png" })
    })
    expect(withFile.id).toMatch(/^jimmy:/)
    expect(emulator.uploads()).toHaveLength(1)
    await client.videos.create({
      model: "sora:sora-2",
      prompt: "It runs",
      input_reference: { image_url: "https://media.example.com/fox.png" }
    })
    expect(emulator.posts().at(-1)?.body.toString()).toContain("https://media.example.com/fox.png")
  })

  it("are created once for an idempotency key", async () => {
    const create = () =>
      client.videos.create(
        { model: "sora:sora-2", prompt: "A cat" },
        { headers: { "Idempotency-Key": "order-7" } }
      )
    const [first, second] = [await create(), await create()]
    expect(second.id).toBe(first.id)
  })

  it("are not submitted again by the client after an unknown outcome", async () => {
    emulator.scriptSubmits("sora", { faults: [{ fault: "reset-after-task" }] })
    const before = emulator.tasks().length
    const error: unknown = await client.videos.create({ model: "sora:sora-2", prompt: "A dog" }).then(
      () => undefined,
      (reason: unknown) => reason
    )
    expect(String(error)).toContain("Do not submit again")
    expect(emulator.tasks()).toHaveLength(before + 1)
  })

  it("are refused with an error of OpenAI's format if the request is invalid", async () => {
    const posts = emulator.posts().length
    expect(await statusOf(client.videos.create({ model: "sora-2", prompt: "A fox" }))).toBe(400)
    expect(
      await statusOf(
        client.videos.create({ model: "sora:sora-2", prompt: "A fox", size: "1x" as "720x1280" })
      )
    ).toBe(400)
    expect(
      await statusOf(client.videos.create({ model: "sora:sora-2", prompt: "A fox", seconds: "7" as "8" }))
    ).toBe(422)
    expect(await statusOf(client.videos.retrieve("sora:absent"))).toBe(404)
    expect(await statusOf(client.videos.retrieve("absent"))).toBe(404)
    expect(await statusOf(client.videos.downloadContent("sora:absent", { variant: "spritesheet" }))).toBe(400)
    const error = await client.videos
      .create({ model: "sora-2", prompt: "A fox" })
      .catch((reason: unknown) => reason)
    expect(String(error)).toContain("expected the account and the vendor's model")
    expect(emulator.posts()).toHaveLength(posts)
  })

  it("have the limits of tasks", async () => {
    const create = (model: string, headers = {}) =>
      statusOf(client.videos.create({ model, prompt: "A fox" }, { headers }))
    expect(await create(`sora:${"m".repeat(201)}`)).toBe(400)
    expect(await create("sora:sora-2", { "Idempotency-Key": "two words" })).toBe(400)
    expect(await create("sora:sora-2", { "Idempotency-Key": "k".repeat(256) })).toBe(400)
    const raw = await fetch(`${url}/v1/videos`, {
      method: "POST",
      headers: { authorization: `Bearer ${tokens.all}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "sora:sora-2", prompt: "A fox", images: [{ path: "/etc/passwd" }] })
    })
    expect(raw.status).toBe(400)
    expect(raw.headers.get("x-should-retry")).toBe("false")
  })

  it("are not found by an id of another server", async () => {
    for (const id of ["video_123", "other:1", "sora:missing"])
      expect(await statusOf(client.videos.retrieve(id))).toBe(404)
  })

  it("name the account that is unknown", async () => {
    await expect(client.videos.create({ model: "other:x", prompt: "A fox" })).rejects.toThrow(
      'Invalid account "other": unknown provider "other". Available providers: jimmy, sora.'
    )
  })

  it("are not served by default", async () => {
    const server = await startServer()
    const headers = { authorization: `Bearer ${serverTokens.all}` }
    const { status } = await fetch(`${server.url}/v1/videos`, { headers })
    await server.close()
    expect(status).toBe(404)
  })

  it("need the scope of each route", async () => {
    const reader = clientOf(tokens.read)
    expect(await statusOf(reader.videos.create({ model: "sora:sora-2", prompt: "A fox" }))).toBe(403)
    expect(await statusOf(reader.videos.delete("sora:1"))).toBe(403)
    expect(await statusOf(clientOf("token-of-nothing-here").videos.retrieve("sora:1"))).toBe(401)
    expect((await reader.videos.list()).data.length).toBeGreaterThan(0)
  })

  it("cannot be deleted while they run", async () => {
    emulator.scriptSubmits("sora", { task: { end: "never" } })
    const { id } = await client.videos.create({ model: "sora:sora-2", prompt: "A fox" })
    const error = await client.videos.delete(id).catch((reason: unknown) => reason)
    expect(String(error)).toContain("Cancel it first")
    expect(["queued", "in_progress"]).toContain((await client.videos.retrieve(id)).status)
    expect(await statusOf(client.videos.downloadContent(id))).toBe(404)
  })

  it("have no other methods and paths", async () => {
    const request = async (method: string, path: string): Promise<number> =>
      (await fetch(url + path, { method, headers: { authorization: `Bearer ${tokens.all}` } })).status
    expect(await request("PUT", "/v1/videos")).toBe(405)
    expect(await request("POST", "/v1/videos/sora:1/remix")).toBe(404)
    expect(await request("GET", "/v1/videos/%E0%A4%A")).toBe(404)
    expect(await request("GET", "/v1/videosx")).toBe(404)
  })
})
