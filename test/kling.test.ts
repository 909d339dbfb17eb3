/** Kling AI: both forms of its API, own ids, and signed notifications. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it, vi } from "vitest"
import type { Emulator } from "@gentask/emulator"
import { kling } from "@gentask/provider-kling"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { listen } from "./listen.ts"
import { startSubmits } from "./submitSystems.ts"
import { png } from "./onePixelPng.ts"

const prompt = "A fox in the snow"

const signed = ({ url, accessKey }: Emulator) => [kling({ apiKey: accessKey, baseUrl: `${url}/kling` })]

describe("a task of Kling AI", () => {
  it.each([
    ["image-to-video/kling-3.0", "tasks"],
    ["videos/image2video/kling-v3", "videos/image2video"]
  ] as const)("of %s is made from a local image, and saved", async (model, path) => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits({}, { accounts: signed })
    const { gentask, emulator } = running
    const file = join(folder.path, "fox.png")
    await writeFile(file, png)
    const { ref, snapshots, files } = await gentask.generate(
      kling.models[model]({ prompt, firstFrame: { path: file } }),
      { dir: join(folder.path, "out"), timeout: "20 seconds" }
    )
    expect(ref).toBe(`kling:${emulator.tasks()[0]?.id}?path=${path}`)
    expect(snapshots).toMatchObject([{ status: "succeeded", cost: { amount: 2 } }])
    expect(files[0]?.path).toMatch(/\.mp4$/)
    const [post] = emulator.posts()
    expect(post?.body).toContain(png.toString("base64"))
    expect(post?.apiKey).toBe(emulator.accessKey.split("|")[0])
    // Only the vendor's own host gets a token.
    const media = emulator.requests.filter(({ purpose }) => purpose === "media")
    expect(media.map(({ headers }) => headers["authorization"])).toEqual([undefined])
  })

  it("has several images", async () => {
    await using folder = await temporaryFolder()
    const media = ["png", "png"] as const
    await using running = await startSubmits(
      { submits: { kling: { task: { media } } } },
      { accounts: signed }
    )
    const request = kling.models["images/generations/kling-v3"]({ prompt, count: 2 })
    const { files } = await running.gentask.generate(request, { dir: folder.path, timeout: "20 seconds" })
    expect(files).toHaveLength(2)
  })

  it.each(["text-to-video/kling-3.0", "videos/text2video/kling-v3"] as const)(
    "of %s is found again by its own id after a lost response, among tasks with the same prompt",
    async (model) => {
      await using running = await startSubmits({}, { accounts: signed })
      const { gentask, emulator, ledger } = running
      const request = kling.models[model]({ prompt })
      await gentask.submit(request)
      emulator.scriptSubmits("kling", { faults: [{ fault: "reset-after-task" }] })
      await expect(gentask.submit({ ...request, idempotencyKey: "order-7" })).rejects.toThrow("unknown")
      const intents = await ledger.intents()
      const lost = intents.find(({ idempotencyKey }) => idempotencyKey === "order-7")
      expect(await gentask.reconcile(lost?.id ?? "")).toMatchObject([
        { result: "accepted", refs: [expect.stringContaining(`kling:${emulator.tasks()[1]?.id}?`)] }
      ])
    }
  )

  it("waits for the end of another above the limit of concurrent tasks", async () => {
    await using running = await startSubmits(
      { submits: { kling: { maxActiveTasks: 1, task: { runningFor: 300 } } } },
      { accounts: signed }
    )
    const { gentask, emulator } = running
    const request = kling.models["text-to-video/kling-3.0"]({ prompt })
    const { ref } = await gentask.submit(request)
    const [, second] = await Promise.all([
      gentask.wait(ref, { timeout: "20 seconds" }),
      gentask.submit(request)
    ])
    expect(second.ref).not.toBe(ref)
    expect(emulator.posts().filter(({ created }) => created)).toHaveLength(2)
  })

  it("that does not exist is not found", async () => {
    await using running = await startSubmits({}, { accounts: signed })
    for (const ref of ["kling:1", "kling:1?path=tasks"])
      await expect(running.gentask.query(ref)).rejects.toMatchObject({ reason: { _tag: "TaskNotFound" } })
  })
})

it("reports the rest of the resource packs of Kling AI", async () => {
  await using running = await startSubmits(
    { submits: { kling: { credit: 10, price: 2 } } },
    { accounts: signed }
  )
  const { gentask } = running
  await gentask.submit(kling.models["text-to-video/kling-3.0"]({ prompt }))
  expect(await gentask.balance("kling")).toMatchObject({ available: { amount: 8, unit: "units" } })
})

describe("a notification of Kling AI", () => {
  it("wakes the wait for its task if it is signed, and is refused if it is forged", async () => {
    const secret = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
    await using running = await startSubmits({}, { accounts: signed })
    const { gentask, emulator } = running
    const results: Array<unknown> = []
    await using server = await listen(async (request, response) => {
      const chunks: Array<Buffer> = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      const body = Buffer.concat(chunks).toString()
      const received = await gentask.receiveWebhook("kling", { headers: request.headers, body, secret }).then(
        ({ refs, isVerified }) => ({ refs, isVerified }),
        (error: unknown) => error
      )
      results.push(received)
      response.end()
    })
    const webhook = { url: `${server.baseUrl}/webhook` }
    emulator.scriptSubmits("kling", { callback: { key: secret } })
    const { ref } = await gentask.submit({ ...kling.models["text-to-video/kling-3.0"]({ prompt }), webhook })
    await vi.waitFor(() => expect(results).toEqual([{ refs: [ref], isVerified: true }]), 15_000)
    emulator.scriptSubmits("kling", { callback: { key: secret, forged: true } })
    await gentask.submit({ ...kling.models["videos/text2video/kling-v3"]({ prompt }), webhook })
    await vi.waitFor(() => expect(results[1]).toBeInstanceOf(Error), 15_000)
  })
})
