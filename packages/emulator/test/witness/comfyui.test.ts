/** A published client of ComfyUI submits to, polls, cancels and downloads from the emulator. */
import { Client } from "@stable-canvas/comfyui-client"
import { assert, describe, it, vi } from "vitest"
import type { Emulator, EmulatorOptions, SubmitScript } from "../../src/index.ts"
import { send, start } from "../support.ts"

const graph = {
  "3": { class_type: "KSampler", inputs: { seed: 7, positive: ["6", 0] } },
  "6": { class_type: "CLIPTextEncode", inputs: { text: "A fox" } },
  "9": { class_type: "SaveImage", inputs: { images: ["3", 0], filename_prefix: "ComfyUI" } }
}

const startWith = async (comfyui: SubmitScript = {}, options: EmulatorOptions = {}) => {
  const emulator = await start({ ...options, submits: { comfyui } })
  const { host } = new URL(emulator.url)
  const client = new Client({ api_host: host, api_base: "/comfyui", clientId: "witness", fetch })
  return { emulator, client, url: emulator.hostUrl("comfyui") }
}

const post = (url: string, body: unknown) => send(url, { method: "POST", body: JSON.stringify(body) })

/** The error of a promise that rejects, as text. */
const errorOf = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "",
    (error: unknown) => `${String(error)} ${JSON.stringify({ ...(error as object) })}`
  )

const addTask = (emulator: Emulator, script: Partial<Parameters<Emulator["addTask"]>[0]>): string =>
  emulator.addTask({ vendor: "comfyui", ...script }).id

describe("a client of ComfyUI", () => {
  it("submits a graph, waits for it and downloads its images", async () => {
    const { emulator, client } = await startWith({
      task: { queuedFor: 50, runningFor: 100, media: ["png", "webp"] }
    })
    const { images } = await client.enqueue_polling(graph, { polling_ms: 20 })
    const urls = images.map((image) => (image.type === "url" ? image.data : ""))
    const files = await Promise.all(urls.map((url) => fetch(url)))
    assert.deepEqual(
      files.map(({ headers }) => headers.get("content-type")),
      ["image/png", "image/webp"]
    )
    assert.deepInclude(emulator.tasks()[0], { prompt: "A fox", kind: "image" })
  })

  it("shows where a prompt is", async () => {
    const { emulator, client } = await startWith()
    const pending = addTask(emulator, { queuedFor: 60_000 })
    const running = addTask(emulator, { end: "never" })
    assert.deepEqual(await client.getPromptStatus(pending), { running: false, pending: true, done: false })
    assert.deepEqual(await client.getPromptStatus(running), { running: true, pending: false, done: false })
  })

  it("gets the error of a prompt that failed", async () => {
    const { emulator, client } = await startWith()
    const id = addTask(emulator, { end: "failed", failure: { message: "Out of memory" } })
    assert.match(await errorOf(client.getPromptOutputs(id)), /error/)
    const { History } = await client.getHistory()
    assert.include(JSON.stringify(History), "Out of memory")
  })

  it("gets the errors of an invalid graph", async () => {
    const { client } = await startWith()
    const invalid = { ...graph, "10": { class_type: "LoadImage", inputs: { image: "fox.png" } } }
    assert.match(
      await errorOf(client.enqueue_polling(invalid)),
      /prompt_outputs_failed_validation|failed validation/
    )
    assert.match(await errorOf(client.enqueue_polling({})), /no outputs/i)
  })

  it("removes a prompt that waits, and interrupts the one that runs", async () => {
    const { emulator, client } = await startWith()
    const pending = addTask(emulator, { queuedFor: 60_000 })
    const running = addTask(emulator, { end: "never" })
    const other = addTask(emulator, { end: "never" })
    await client.deleteItem("queue", pending)
    await client.deleteItem("queue", running)
    assert.deepEqual(await client.getPromptStatus(pending), { running: false, pending: false, done: true })
    assert.isTrue((await client.getPromptStatus(running)).running)
    await client.interrupt(running)
    assert.isFalse((await client.getPromptStatus(running)).running)
    assert.isTrue((await client.getPromptStatus(other)).running)
    assert.include(JSON.stringify(await client.getHistory()), "execution_interrupted")
    await client.interrupt()
    assert.isFalse((await client.getPromptStatus(other)).running)
  })
})

// Read in server.py of ComfyUI. The client has no methods for these.
describe("the emulated ComfyUI", () => {
  const id = "0c6f5d2e-8156-4b1f-9f0e-1c6a3a4b8f11"

  it("accepts the caller's id once, and only as a UUID", async () => {
    const { emulator, url } = await startWith()
    assert.strictEqual((await post(`${url}/prompt`, { prompt: graph, prompt_id: id })).body.prompt_id, id)
    assert.strictEqual((await post(`${url}/api/prompt`, { prompt: graph, prompt_id: id })).status, 409)
    const { status, body } = await post(`${url}/prompt`, { prompt: graph, prompt_id: id.toUpperCase() })
    assert.deepEqual([status, body.error.type], [400, "invalid_prompt_id"])
    assert.strictEqual(emulator.tasks().length, 1)
  })

  it("cancels one job, whether it waits or runs", async () => {
    const { emulator, url } = await startWith()
    const ids = [{ queuedFor: 60_000 }, { end: "never" as const }, {}].map((task) => addTask(emulator, task))
    const cancelled = await Promise.all(
      [...ids, id].map(async (each) => (await post(`${url}/api/jobs/${each}/cancel`, {})).body.cancelled)
    )
    assert.deepEqual(cancelled, [true, true, false, false])
    const jobs = await Promise.all(ids.map((each) => send(`${url}/api/jobs/${each}`)))
    assert.deepEqual(
      jobs.map(({ body }) => body.status ?? body.error),
      ["Job not found", "cancelled", "completed"]
    )
  })

  it("renames an upload whose name another file has", async () => {
    const { emulator, url } = await startWith()
    const upload = async (content: string, fields: Readonly<Record<string, string>> = {}) => {
      const form = new FormData()
      form.append("image", new Blob([content], { type: "image/png" }), "fox.png")
      for (const [name, value] of Object.entries(fields)) form.append(name, value)
      return (await send(`${url}/upload/image`, { method: "POST", body: form })).body.name
    }
    assert.deepEqual(
      [await upload("a"), await upload("b"), await upload("a"), await upload("c", { overwrite: "true" })],
      ["fox.png", "fox (1).png", "fox.png", "fox.png"]
    )
    assert.strictEqual(emulator.uploads().length, 2)
    const load = { ...graph, "10": { class_type: "LoadImage", inputs: { image: "fox (1).png" } } }
    assert.strictEqual((await post(`${url}/prompt`, { prompt: load })).status, 200)
  })

  it("has no history of a prompt until it has ended", async () => {
    vi.useFakeTimers({ toFake: ["Date"] })
    const { emulator, url } = await startWith()
    const task = addTask(emulator, { runningFor: 1000 })
    assert.deepEqual((await send(`${url}/history/${task}`)).body, {})
    vi.setSystemTime(Date.now() + 1001)
    const { body } = await send(`${url}/history/${task}`)
    vi.useRealTimers()
    assert.strictEqual(body[task].status.status_str, "success")
    assert.strictEqual((await send(`${url}/view?filename=nothing.png`)).status, 404)
  })
})
