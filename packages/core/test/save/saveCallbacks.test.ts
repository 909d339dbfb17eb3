import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import type { SaveSettings, SaveProgress } from "@gentask/core"
import { withSaveCallbacks } from "../../src/save/SaveCallbacks.ts"
import type { FileResponse } from "../support/fileServer.ts"
import { png } from "../support/mediaFiles.ts"
import { file, image, saveTask, task } from "../support/saveTask.ts"
import { makeOutput } from "../support/snapshot.ts"

let dir = ""
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "gentask-"))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const complete = { role: "result", index: 0, bytes: png.length, totalBytes: png.length } as const
const whole = png.toString("latin1")
const interrupted: FileResponse = {
  headers: { "content-length": String(png.length), etag: '"v"' },
  chunks: [whole.slice(0, 10), new Error("reset")]
}

describe("onProgress", () => {
  /** Saves a task, and returns its calls. */
  const progressOf = async (
    snapshot: Parameters<typeof saveTask>[1],
    responses: ReadonlyArray<FileResponse>,
    options: Partial<SaveSettings> = {}
  ): Promise<ReadonlyArray<readonly [string, SaveProgress]>> => {
    const calls: Array<readonly [string, SaveProgress]> = []
    await saveTask(dir, snapshot, responses, { ...options, onProgress: (...call) => calls.push(call) })
    return calls
  }

  it("is called with the first bytes, and when the file is complete", async () => {
    const chunks = Array.from(whole, (byte) => byte)
    const response: FileResponse = { headers: { "content-length": String(png.length) }, chunks }
    const calls = await progressOf(task([makeOutput()]), [response])
    expect(calls.at(0)).toEqual(["acme:1", { ...complete, bytes: 1 }])
    expect(calls.at(-1)).toEqual(["acme:1", complete])
    expect(calls.length).toBeLessThan(png.length)
  })

  it("has the role and the index of each output", async () => {
    const outputs = [
      makeOutput({ role: "thumbnail", url: "https://files.example.com/t.png" }),
      makeOutput(),
      makeOutput({ url: "https://files.example.com/b.png" })
    ]
    const calls = await progressOf(task(outputs), [image, image, image], { roles: "all" })
    const completed = calls.filter(([, { bytes, totalBytes }]) => bytes === totalBytes)
    expect([...new Set(completed.map(([, { role, index }]) => `${index} ${role}`))]).toEqual([
      "0 thumbnail",
      "1 result",
      "2 result"
    ])
  })

  it("has no total while the size is unknown", async () => {
    const response: FileResponse = { headers: { "transfer-encoding": "chunked" }, chunks: [whole] }
    const calls = await progressOf(task([makeOutput()]), [response])
    expect(calls.map(([, { totalBytes }]) => totalBytes)).toEqual([null, png.length])
  })

  it("counts the bytes of an earlier call", async () => {
    await saveTask(dir, task([makeOutput()]), [interrupted, { status: 451 }], { attempts: 2 })
    const rest: FileResponse = {
      status: 206,
      headers: { "content-range": `bytes 10-${png.length - 1}/${png.length}`, etag: '"v"' },
      chunks: [whole.slice(10, 20), whole.slice(20)]
    }
    const calls = await progressOf(task([makeOutput()]), [rest])
    expect(calls.map(([, { bytes, totalBytes }]) => [bytes, totalBytes])).toEqual([
      [20, png.length],
      [png.length, png.length]
    ])
  })

  it("is called once for inline media", async () => {
    const inline = { base64: png.toString("base64"), bytes: png.length }
    expect(await progressOf(task([makeOutput({ url: null, inline })]), [])).toEqual([["acme:1", complete]])
  })

  it("is not called for an output that was saved before", async () => {
    await saveTask(dir, task([makeOutput()]), [image])
    expect(await progressOf(task([makeOutput()]), [])).toEqual([])
  })
})

describe("a callback of save that fails", () => {
  const error = new Error("mine")
  const throwing = (): never => {
    throw error
  }
  const rejecting = (): Promise<never> => Promise.reject(error)

  it.each([
    ["onProgress that throws", { onProgress: throwing }],
    ["onProgress that rejects", { onProgress: rejecting }],
    ["onRetry that throws", { onRetry: throwing }],
    ["onRetry that rejects", { onRetry: rejecting }]
  ])("makes save reject with its error: %s", async (_, options) => {
    const responses = Array.from({ length: 5 }, () => interrupted)
    await expect(saveTask(dir, task([makeOutput()]), responses, { attempts: 5, ...options })).rejects.toBe(
      error
    )
  })

  it("does not affect the next call", async () => {
    const onProgress = throwing
    await expect(saveTask(dir, task([makeOutput()]), [image], { onProgress })).rejects.toBe(error)
    const { files } = await saveTask(dir, task([makeOutput()]), [image])
    expect(files).toEqual([file("acme_1.png")])
  })

  it("only warns if it fails after save has ended", async () => {
    const late = Promise.withResolvers<never>()
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue()
    const onWait = (): Promise<never> => late.promise
    await Effect.runPromise(
      withSaveCallbacks({ onWait }, (callbacks) => Effect.sync(() => callbacks.onWait?.("acme:1", "waiting")))
    )
    late.reject(error)
    await vi.waitFor(() => expect(warn.mock.calls).toEqual([[error]]), 15_000)
    warn.mockRestore()
  })
})
