/** Runs the example as its package.json says, and reads its stream as `useChat` does. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { startEmulator } from "@gentask/emulator"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { DefaultChatTransport, readUIMessageStream } from "ai"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { VideoMessage } from "../src/app.ts"

const folder = fileURLToPath(new URL("..", import.meta.url))
const { scripts } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly scripts: { readonly start: string }
}

const stack = new AsyncDisposableStack()
let emulator: Awaited<ReturnType<typeof startEmulator>>
let url: string
let log = ""

beforeAll(async () => {
  emulator = stack.use(await startEmulator({ submits: { sora: { task: { end: "never" } } } }))
  const videos = stack.use(await temporaryFolder())
  const [, ...script] = scripts.start.split(" ")
  const child = spawn(process.execPath, script, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      NODE_OPTIONS: "--conditions=@gentask/source --disable-warning=ExperimentalWarning",
      PORT: "0",
      VIDEOS: videos.path,
      SORA_API_KEY: emulator.apiKey,
      SORA_BASE_URL: emulator.url
    }
  })
  const exited = once(child, "exit")
  stack.defer(async () => {
    child.kill("SIGTERM")
    await exited
  })
  child.stderr.on("data", (chunk: Buffer) => {
    log += chunk.toString()
  })
  ;[url] = (await Promise.race([
    once(createInterface(child.stdout), "line"),
    exited.then(() => Promise.reject(new Error(`The server did not start: ${log}`)))
  ])) as [string]
})
afterAll(() => stack.disposeAsync())

/** Sends a message, and returns the states of the assistant's message, one for each part that was received. */
const chat = async (text: string, body: object = {}, onState?: () => void) => {
  const transport = new DefaultChatTransport<VideoMessage>({ api: `${url}/api/chat` })
  const stream = await transport.sendMessages({
    trigger: "submit-message",
    chatId: "1",
    messageId: undefined,
    messages: [{ id: "1", role: "user", parts: [{ type: "text", text }] }],
    abortSignal: undefined,
    body
  })
  const states: Array<VideoMessage["parts"]> = []
  for await (const { parts } of readUIMessageStream<VideoMessage>({ stream, terminateOnError: true })) {
    states.push(structuredClone(parts))
    onState?.()
  }
  return states
}

describe("POST /api/chat", () => {
  it("streams the progress of a video until it is saved, and then follows it again by its ref", async () => {
    // Ends the task after the first progress, so that the test does not depend on the speed of the machine.
    const finish = (): void => {
      const { id = "", end } = emulator.tasks()[0] ?? {}
      if (end !== "never") return
      emulator.removeTask("sora", id)
      emulator.addTask({ vendor: "sora", id })
    }
    const states = await chat("A fox in the snow", {}, finish)
    const [part] = states.at(-1) ?? []
    expect(part).toMatchObject({ type: "data-video", data: { status: "succeeded", progress: 1 } })
    const { ref, url: path } = (part as { readonly data: { readonly ref: string; readonly url: string } })
      .data
    expect(states.length).toBeGreaterThan(2)
    const video = await fetch(url + path)
    expect(video.headers.get("content-type")).toBe("video/mp4")
    expect((await video.bytes()).byteLength).toBeGreaterThan(1000)
    expect(log).toBe(`${ref}\n`)
    const again = await chat("A fox in the snow", { ref })
    expect(again.at(-1)).toEqual(states.at(-1))
    expect(emulator.submitCounts()).toMatchObject([{ posts: 1, tasks: 1 }])
  })

  it("serves no other file of the folder", async () => {
    for (const name of ["ledger.db", "..%2fpackage.json"])
      expect((await fetch(`${url}/videos/${name}`)).status).toBe(404)
  })

  it("sends a general message for a task that failed", async () => {
    emulator.scriptSubmits("sora", { task: { end: "failed", failure: { message: "A secret was shown." } } })
    await expect(chat("A secret")).rejects.toThrow("The video could not be created.")
    expect(log).toContain("A secret was shown.")
  })
})
