/** The provider of fal and the emulator, over real sockets: what the tests of all vendors do not have. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { passOn, receiveWebhookOf } from "./signedWebhook.ts"
import { startSubmits } from "./submitSystems.ts"
import { png } from "./onePixelPng.ts"

const model = "fal-ai/flux/dev"
const prompt = "A fox in the snow"

describe("fal", () => {
  it("uploads a file without the key, and submits its URL", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    const { files } = await gentask.generate(
      { account: "fal", model: "fal-ai/nano-banana/edit", prompt, images: [{ path }] },
      { dir: join(folder.path, "out") }
    )
    expect(files).toHaveLength(1)
    const [upload] = emulator.uploads()
    expect(upload).toMatchObject({ service: "fal", name: "fox.png", size: 70 })
    expect(JSON.parse(emulator.posts()[0]?.body ?? "")).toEqual({ prompt, image_urls: [upload?.url] })
  })

  it("reports the position in the queue and the billed units", async () => {
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const app = "?app=fal-ai/flux"
    const queued = emulator.addTask({ vendor: "fal", queuedFor: 600_000, queuePosition: 3 })
    const done = emulator.addTask({ vendor: "fal", media: ["png", "webp"] })
    expect(await gentask.query(`fal:${queued.id}${app}`)).toMatchObject({ queuePosition: 3 })
    expect(await gentask.query(`fal:${done.id}${app}`)).toMatchObject({
      cost: { amount: 2, unit: "units" },
      outputs: [
        { mediaType: "image/png", width: 256, height: 256 },
        { mediaType: "image/webp", width: 176, height: 320 }
      ]
    })
  })

  it("cancels a request that waits, and none that has ended", async () => {
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const refOf = (script: object): string =>
      `fal:${emulator.addTask({ vendor: "fal", ...script }).id}?app=fal-ai/flux`
    expect(await gentask.cancel(refOf({ queuedFor: 600_000 }))).toMatchObject({ result: "canceled" })
    expect(await gentask.cancel(refOf({ end: "never" }))).toMatchObject({ result: "requested" })
    expect(await gentask.cancel(refOf({}))).toMatchObject({
      result: "too-late",
      message: "ALREADY_COMPLETED"
    })
  })

  it("verifies a webhook with the vendor's keys, and refuses a changed one", async () => {
    await using running = await startSubmits()
    const { gentask } = running
    const { ref, sent } = await receiveWebhookOf(gentask, { account: "fal", model, prompt })
    const withHeader = (name: string, value: string) => ({
      ...sent,
      headers: { ...sent.headers, [`x-fal-webhook-${name}`]: value }
    })
    expect(await passOn(gentask, "fal", sent)).toMatchObject({ isVerified: true })
    const earlier = String(Number(sent.headers["x-fal-webhook-timestamp"]) - 1)
    for (const changed of [
      { ...sent, body: Buffer.concat([sent.body, Buffer.from(" ")]) },
      withHeader("timestamp", earlier),
      withHeader("request-id", "other"),
      withHeader("signature", "00".repeat(64))
    ]) {
      expect(await passOn(gentask, "fal", changed)).toMatchObject({ _tag: "InvalidWebhook" })
    }
    expect(await gentask.wait(ref)).toMatchObject({ status: "succeeded" })
  })

  it("refuses a webhook that is signed with another key", async () => {
    await using running = await startSubmits({ submits: { fal: { callback: { forged: true } } } })
    const { gentask } = running
    const { sent } = await receiveWebhookOf(gentask, { account: "fal", model, prompt })
    expect(await passOn(gentask, "fal", sent)).toMatchObject({ _tag: "InvalidWebhook" })
  })

  it("wakes the wait for the request that a webhook names without its app", async () => {
    await using running = await startSubmits()
    const { gentask } = running
    const { ref, sent } = await receiveWebhookOf(gentask, { account: "fal", model, prompt })
    const waiting = gentask.wait(ref)
    expect(await passOn(gentask, "fal", sent)).toMatchObject({ isVerified: true })
    expect(await waiting).toMatchObject({ ref, status: "succeeded" })
  })

  it("reports the credit, and finds the request of a lost response", async () => {
    await using running = await startSubmits({
      submits: { fal: { credit: 10, price: 4, faults: [{ fault: "reset-after-task" }] } }
    })
    const { gentask, emulator } = running
    await expect(gentask.submit({ account: "fal", model, prompt })).rejects.toMatchObject({
      _tag: "SubmitOutcomeUnknown"
    })
    expect(await gentask.reconcile()).toMatchObject([
      { result: "accepted", refs: [`fal:${emulator.tasks()[0]?.id}?app=fal-ai/flux`] }
    ])
    expect(await gentask.balance("fal")).toMatchObject({ available: { amount: 6, unit: "USD" } })
  })
})
