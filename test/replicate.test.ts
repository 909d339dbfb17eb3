/** The Replicate provider against the emulator: what the tests of all vendors do not cover. */
import type { IncomingHttpHeaders } from "node:http"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { buffer } from "node:stream/consumers"
import { describe, expect, it, vi } from "vitest"
import { PollPolicy } from "@gentask/core"
import type { SubmitScript } from "@gentask/emulator"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { listen } from "./listen.ts"
import { png } from "./onePixelPng.ts"
import { startSubmits } from "./submitSystems.ts"

const start = (script: SubmitScript = {}, pollPolicy?: PollPolicy.PollPolicy) =>
  startSubmits({ submits: { replicate: script } }, pollPolicy && { pollPolicy })

const fox = { account: "replicate", model: "black-forest-labs/flux-schnell", prompt: "A fox" }

describe("Replicate", () => {
  it("generates: uploads a file, submits, waits and saves two images", async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    await using running = await start({ task: { queuedFor: 50, runningFor: 100, media: ["webp", "webp"] } })
    const { gentask, emulator } = running
    const { files, snapshots } = await gentask.generate(
      { account: "replicate", model: "google/nano-banana", prompt: "A fox", images: [{ path }] },
      { dir: join(folder.path, "out") }
    )
    expect(files).toHaveLength(2)
    expect(snapshots).toMatchObject([{ status: "succeeded", cost: { unit: "seconds" } }])
    const [upload] = emulator.uploads()
    expect(upload).toMatchObject({ size: png.length, mediaType: "image/png" })
    expect(emulator.tasks()[0]?.data["input"]).toEqual({
      prompt: "A fox",
      image_input: [upload?.reference]
    })
  })

  it("cancels a task that runs, and none that has ended", async () => {
    await using running = await start({ task: { end: "never" } })
    const { gentask, emulator } = running
    const { ref } = await gentask.submit(fox)
    expect(await gentask.cancel(ref)).toMatchObject({ result: "canceled" })
    expect(await gentask.query(ref)).toMatchObject({ status: "canceled" })
    const ended = emulator.addTask({ vendor: "replicate" })
    expect(await gentask.cancel(`replicate:${ended.id}`)).toMatchObject({ result: "too-late" })
  })

  it("reports an aborted prediction as expired", async () => {
    await using running = await start()
    const { id } = running.emulator.addTask({ vendor: "replicate", end: "expired" })
    expect(await running.gentask.query(`replicate:${id}`)).toMatchObject({
      status: "expired",
      rawStatus: "aborted"
    })
  })

  it("finds the task of a submit whose response was lost", async () => {
    await using running = await start({ faults: [{ fault: "reset-after-task" }] })
    const { gentask, emulator } = running
    await expect(gentask.submit(fox)).rejects.toMatchObject({ _tag: "SubmitOutcomeUnknown" })
    const [task] = emulator.tasks()
    expect(await gentask.reconcile()).toMatchObject([{ result: "accepted", refs: [`replicate:${task?.id}`] }])
    expect(emulator.tasks()).toHaveLength(1)
  })
})

interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer | string
}

/** Starts an emulator, a client that polls once an hour, and a server that passes webhooks on to the client. */
const startWebhooks = async (script: SubmitScript = {}) => {
  const running = await start({ task: { runningFor: 300 }, ...script }, PollPolicy.fixed("1 hour"))
  const received: Array<ReceivedRequest> = []
  const results: Array<unknown> = []
  const server = await listen(async (request, response) => {
    const webhook = { headers: request.headers, body: await buffer(request) }
    received.push(webhook)
    results.push(await running.gentask.receiveWebhook("replicate", webhook).catch((error: unknown) => error))
    response.writeHead(204).end()
  })
  return {
    ...running,
    received,
    results,
    submit: () => running.gentask.submit({ ...fox, webhook: { url: `${server.baseUrl}/webhook` } }),
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    }
  }
}

describe("a webhook of Replicate", () => {
  it("ends a wait long before its next poll, verified with the secret that the vendor returns", async () => {
    await using running = await startWebhooks()
    const { gentask, emulator, results } = running
    const { ref } = await running.submit()
    expect(await gentask.wait(ref, { timeout: "20 seconds" })).toMatchObject({ status: "succeeded" })
    expect(results).toMatchObject([{ refs: [ref], isVerified: true }])
    expect(emulator.requests.filter(({ purpose }) => purpose === "query")).toHaveLength(2)
    expect(emulator.requests.filter(({ purpose }) => purpose === "account")).toHaveLength(1)
  })

  it.each<readonly [string, (webhook: ReceivedRequest) => ReceivedRequest]>([
    ["another body", ({ headers, body }) => ({ headers, body: `${String(body)} ` })],
    ["another time", ({ headers, body }) => ({ headers: { ...headers, "webhook-timestamp": "1" }, body })],
    ["another id", ({ headers, body }) => ({ headers: { ...headers, "webhook-id": "msg_1" }, body })],
    ["no signature", ({ headers, body }) => ({ headers: { ...headers, "webhook-signature": "" }, body })]
  ])("with %s is rejected", async (_, forge) => {
    await using running = await startWebhooks()
    const { gentask, received } = running
    await running.submit()
    await vi.waitFor(() => expect(received).toHaveLength(1), 10_000)
    const [webhook] = received
    if (webhook === undefined) throw new Error("no webhook")
    expect(await gentask.receiveWebhook("replicate", webhook)).toMatchObject({ isVerified: true })
    await expect(gentask.receiveWebhook("replicate", forge(webhook))).rejects.toMatchObject({
      _tag: "InvalidWebhook"
    })
  })

  it("that is signed with another key is rejected", async () => {
    await using running = await startWebhooks({ callback: { forged: true, times: 1 } })
    const { results } = running
    await running.submit()
    await vi.waitFor(() => expect(results).not.toHaveLength(0), 10_000)
    expect(results[0]).toMatchObject({ _tag: "InvalidWebhook", reason: { _tag: "InvalidSignature" } })
  })
})
