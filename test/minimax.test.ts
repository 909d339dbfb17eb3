/** MiniMax: both of its video APIs, uploads, cancels, and notifications with a challenge. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { describe, expect, it, vi } from "vitest"
import { minimax } from "@gentask/provider-minimax"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { listen } from "./listen.ts"
import { startSubmits } from "./submitSystems.ts"
import { png } from "./onePixelPng.ts"

const prompt = "A fox in the snow"
const hailuo = minimax.models["MiniMax-Hailuo-2.3"]
const h3 = minimax.models["MiniMax-H3"]
const fields = { prompt, resolution: "2K", duration: 5, aspectRatio: "16:9" } as const

describe("a video of MiniMax", () => {
  it("is made from a local image in the body, and its link is retrieved by another request", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits({ submits: { minimax: { task: { runningFor: 100 } } } })
    const { gentask, emulator } = running
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    const { ref, snapshots, files } = await gentask.generate(hailuo({ prompt, firstFrame: { path } }), {
      dir: join(folder.path, "out"),
      timeout: "20 seconds"
    })
    expect(ref).toBe(`minimax:${emulator.tasks()[0]?.id}`)
    expect(snapshots).toMatchObject([{ status: "succeeded", outputs: [{ width: 1920, height: 1080 }] }])
    expect(files[0]?.path).toMatch(/\.mp4$/)
    expect(JSON.parse(emulator.posts()[0]?.body ?? "")).toMatchObject({
      first_frame_image: `data:image/png;base64,${png.toString("base64")}`
    })
    expect(emulator.requests.map(({ path: each }) => each.split("?")[0])).toContain("/v1/files/retrieve")
    // Only the vendor's own host gets the key.
    const media = emulator.requests.filter(({ purpose }) => purpose === "media")
    expect(media.map(({ headers }) => headers["authorization"])).toEqual([undefined])
  })

  it("of the second API is made from an uploaded image, and reports its seconds", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    const { aspectRatio: _, ...rest } = fields
    const { ref, snapshots, files } = await gentask.generate(h3({ ...rest, firstFrame: { path } }), {
      dir: join(folder.path, "out"),
      timeout: "20 seconds"
    })
    expect(ref).toBe(`minimax:${emulator.tasks()[0]?.id}?api=v2`)
    expect(snapshots).toMatchObject([{ status: "succeeded", cost: { amount: 5, unit: "seconds" } }])
    expect(files).toHaveLength(1)
    const [upload] = emulator.uploads()
    expect(upload).toMatchObject({ size: png.length, mediaType: "image/png" })
    expect(JSON.parse(emulator.posts()[0]?.body ?? "").content[1]).toEqual({
      type: "image_url",
      image_url: { url: upload?.reference },
      role: "first_frame"
    })
  })

  it("of the second API is canceled while it is queued, and is neither stopped nor deleted afterwards", async () => {
    await using running = await startSubmits({ submits: { minimax: { task: { queuedFor: 60_000 } } } })
    const { gentask, emulator } = running
    const { ref } = await gentask.submit(h3(fields))
    expect(await gentask.cancel(ref)).toMatchObject({ result: "canceled" })
    expect(await gentask.query(ref)).toMatchObject({ status: "canceled" })
    const model = "MiniMax-H3"
    const started = emulator.addTask({ vendor: "minimax", model, end: "never" }).id
    expect(await gentask.cancel(`minimax:${started}?api=v2`)).toMatchObject({
      result: "too-late",
      message: expect.stringContaining("running")
    })
    const ended = `minimax:${emulator.addTask({ vendor: "minimax", model }).id}?api=v2`
    expect(await gentask.cancel(ended)).toMatchObject({ result: "too-late" })
    expect(await gentask.query(ended)).toMatchObject({ status: "succeeded" })
  })

  it("of the second API is a candidate after a lost response, since the list has no prompts", async () => {
    await using running = await startSubmits()
    const { gentask, emulator, ledger } = running
    emulator.scriptSubmits("minimax", { faults: [{ fault: "reset-after-task" }] })
    await expect(gentask.submit(h3(fields))).rejects.toThrow("unknown")
    const [intent] = await ledger.intents()
    const [outcome] = await gentask.reconcile(intent?.id ?? "")
    expect(JSON.stringify(outcome)).toContain(`minimax:${emulator.tasks()[0]?.id}?api=v2`)
  })

  it("has the reason of its failure, in both APIs", async () => {
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const failure = { code: 1026, message: "input new_sensitive" }
    for (const [model, params] of [
      ["MiniMax-Hailuo-2.3", ""],
      ["MiniMax-H3", "?api=v2"]
    ] as const) {
      const { id } = emulator.addTask({ vendor: "minimax", model, end: "failed", failure })
      expect(await gentask.query(`minimax:${id}${params}`)).toMatchObject({
        status: "failed",
        failure: { reason: "moderation", code: "1026", message: "input new_sensitive" }
      })
    }
  })
})

describe("a notification of MiniMax", () => {
  it.each([hailuo({ prompt }), h3(fields)])(
    "about a task of $model arrives after the challenge, and a query decides about the task",
    async (request) => {
      await using running = await startSubmits({ submits: { minimax: { task: { runningFor: 500 } } } })
      const { gentask } = running
      const received: Array<ReadonlyArray<string>> = []
      await using server = await listen(async (incoming, response) => {
        const body = await text(incoming)
        const webhook = await gentask.receiveWebhook("minimax", { headers: incoming.headers, body })
        received.push(webhook.refs)
        response.end(webhook.response === undefined ? "" : JSON.stringify(webhook.response))
      })
      const webhook = { url: `${server.baseUrl}/webhook` }
      const { ref } = await gentask.submit({ ...request, webhook })
      await vi.waitFor(() => expect(received).toEqual([[], [ref], [ref]]), 10_000)
      expect(await gentask.query(ref)).toMatchObject({ status: "succeeded" })
    }
  )
})
