/** DashScope: uploads that are bound to a model, and tasks of several services. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { dashscope } from "@gentask/provider-dashscope"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { startSubmits } from "./submitSystems.ts"
import { png } from "./onePixelPng.ts"

const text = dashscope.models["wan2.7-t2v"]

describe("a task of DashScope", () => {
  it("is made from a local image, which is uploaded without the key and resolved by a header", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const path = join(folder.path, "ein fuchs.png")
    await writeFile(path, png)
    const { snapshots, files } = await gentask.generate(
      dashscope.models["wan2.7-i2v"]({ prompt: "A fox", firstFrame: { path }, duration: 4 }),
      { dir: join(folder.path, "out"), timeout: "20 seconds" }
    )
    expect(snapshots).toMatchObject([{ status: "succeeded", cost: { amount: 4, unit: "seconds" } }])
    expect(files[0]?.path).toMatch(/\.mp4$/)
    const [upload] = emulator.uploads()
    expect(upload).toMatchObject({ size: png.length, mediaType: "image/png" })
    const [post] = emulator.posts()
    expect(post?.headers).toMatchObject({
      "x-dashscope-async": "enable",
      "x-dashscope-ossresourceresolve": "enable"
    })
    expect(JSON.parse(post?.body ?? "")).toMatchObject({
      input: { media: [{ type: "first_frame", url: `${upload?.reference}/ein_fuchs.png` }] },
      parameters: { duration: 4 }
    })
  })

  it("has several images", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits()
    const { gentask } = running
    for (const model of ["qwen-image", "wan2.7-image"] as const) {
      const { files } = await gentask.generate(dashscope.models[model]({ prompt: "A fox", count: 3 }), {
        dir: join(folder.path, model),
        timeout: "20 seconds"
      })
      expect(files).toHaveLength(3)
    }
  })

  it("is the response to the submit, for models that have no tasks", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits({ submits: { dashscope: { task: { runningFor: 50 } } } })
    const { gentask, emulator } = running
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    const { ref, files, snapshots } = await gentask.generate(
      dashscope.models["qwen-image-edit-plus"]({ prompt: "A fox", images: [{ path }], count: 2 }),
      { dir: join(folder.path, "out"), timeout: "20 seconds" }
    )
    expect(ref).toMatch(/^dashscope:.+\?sync=true$/)
    expect(files).toHaveLength(2)
    expect(snapshots).toMatchObject([{ status: "succeeded", cost: { amount: 2, unit: "images" } }])
    expect(emulator.requests.filter(({ purpose }) => purpose === "query")).toEqual([])
  })

  it("is canceled while it is pending", async () => {
    await using running = await startSubmits({ submits: { dashscope: { task: { queuedFor: 60_000 } } } })
    const { gentask, emulator } = running
    const { ref } = await gentask.submit(text({ prompt: "A fox" }))
    expect(await gentask.cancel(ref)).toMatchObject({ result: "canceled" })
    expect(await gentask.query(ref)).toMatchObject({ status: "canceled" })
    const { id } = emulator.addTask({ vendor: "dashscope", end: "never" })
    expect(await gentask.cancel(`dashscope:${id}`)).toMatchObject({
      result: "too-late",
      message: expect.stringContaining("PENDING")
    })
  })

  it("is found again after a lost response", async () => {
    await using running = await startSubmits()
    const { gentask, emulator, ledger } = running
    emulator.scriptSubmits("dashscope", { faults: [{ fault: "reset-after-task" }] })
    await expect(gentask.submit(text({ prompt: "A fox" }))).rejects.toThrow("unknown")
    const [intent] = await ledger.intents()
    expect(await gentask.reconcile(intent?.id ?? "")).toMatchObject([
      { result: "accepted", refs: [`dashscope:${emulator.tasks()[0]?.id}`] }
    ])
  })

  it("is reported by an event of the cloud account, about which a query decides", async () => {
    await using running = await startSubmits({ submits: { dashscope: { task: { end: "never" } } } })
    const { gentask } = running
    const { ref } = await gentask.submit(text({ prompt: "A fox" }))
    const data = { task_id: ref.slice("dashscope:".length), task_status: "SUCCEEDED" }
    const body = JSON.stringify({ type: "dashscope:System:AsyncTaskFinish", data })
    expect(await gentask.receiveWebhook("dashscope", { headers: {}, body })).toMatchObject({
      refs: [ref],
      isVerified: false
    })
    expect(await gentask.query(ref)).toMatchObject({ status: "running" })
  })

  it("that does not exist is not found", async () => {
    await using running = await startSubmits()
    await expect(running.gentask.query("dashscope:unknown")).rejects.toMatchObject({
      reason: { _tag: "TaskNotFound" }
    })
  })
})
