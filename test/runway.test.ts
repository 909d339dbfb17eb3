/** The Runway provider against the emulator: what the tests of all vendors do not cover. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { PollPolicy } from "@gentask/core"
import type { SubmitScript } from "@gentask/emulator"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { png } from "./onePixelPng.ts"
import { startSubmits } from "./submitSystems.ts"

const start = (script: SubmitScript = {}) =>
  startSubmits({ submits: { runway: script } }, { pollPolicy: PollPolicy.fixed(50) })

const fox = { account: "runway", model: "text_to_video/happyhorse_1_0", prompt: "A fox" }

describe("Runway", () => {
  it("generates: uploads two frames by forms without the key, submits, waits and saves a video", async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    await using running = await start()
    const { gentask, emulator } = running
    const { files, snapshots } = await gentask.generate(
      {
        account: "runway",
        model: "image_to_video/veo3.1",
        prompt: "A fox",
        firstFrame: { path },
        lastFrame: new Blob([png], { type: "image/png" }),
        aspectRatio: "1280:720"
      },
      { dir: join(folder.path, "out") }
    )
    expect(files).toHaveLength(1)
    expect(snapshots).toMatchObject([{ status: "succeeded", cost: { amount: 25, unit: "credits" } }])
    const references = emulator.uploads().map(({ reference }) => reference)
    expect(references).toHaveLength(2)
    expect(emulator.tasks()[0]?.data["input"]).toMatchObject({
      promptImage: [
        { uri: expect.stringMatching(/^runway:/) as unknown, position: "first" },
        { uri: expect.stringMatching(/^runway:/) as unknown, position: "last" }
      ]
    })
  })

  it("cancels a task that runs, which can no longer be queried then", async () => {
    await using running = await start({ task: { end: "never" } })
    const { gentask } = running
    const { ref } = await gentask.submit(fox)
    expect(await gentask.cancel(ref)).toMatchObject({ result: "canceled" })
    await expect(gentask.query(ref)).rejects.toMatchObject({ reason: { _tag: "TaskNotFound" } })
  })

  it("ends a wait for a task that is canceled meanwhile, and records its end", async () => {
    await using running = await start({ task: { end: "never" } })
    const { gentask, ledger } = running
    const { ref } = await gentask.submit(fox)
    const polled = Promise.withResolvers<undefined>()
    const waiting = gentask.wait(ref, { onUpdate: () => polled.resolve(undefined) })
    await polled.promise
    const [failure] = await Promise.all([waiting.catch((error: unknown) => error), gentask.cancel(ref)])
    expect(failure).toMatchObject({
      _tag: "TaskFailed",
      snapshot: { ref, status: "canceled", failure: { reason: "canceled" } }
    })
    await gentask.close()
    expect(await ledger.snapshot(ref)).toMatchObject({ ref, status: "canceled", progress: null })
  })

  it("keeps a task that has ended", async () => {
    await using running = await start()
    const { gentask, emulator } = running
    const { id } = emulator.addTask({ vendor: "runway" })
    expect(await gentask.cancel(`runway:${id}`)).toMatchObject({ result: "too-late" })
    expect(emulator.task("runway", id)).toBeDefined()
    expect(emulator.requests.map(({ purpose }) => purpose)).toEqual(["query"])
  })

  it("reports a throttled task as queued", async () => {
    await using running = await start()
    const { gentask, emulator } = running
    const script = { queuedFor: 60_000, statuses: { queued: "THROTTLED" } } as const
    const { id } = emulator.addTask({ vendor: "runway", ...script })
    expect(await gentask.query(`runway:${id}`)).toMatchObject({ status: "queued", rawStatus: "THROTTLED" })
  })

  it("reports the credits of the organization, and that there are not enough of them", async () => {
    await using running = await start({ credit: 30, price: 25 })
    const { gentask } = running
    await gentask.submit(fox)
    expect(await gentask.balance("runway")).toMatchObject({ available: { amount: 5, unit: "credits" } })
    await expect(gentask.submit(fox)).rejects.toMatchObject({
      _tag: "SubmitRejected",
      reason: { _tag: "InsufficientCredits" }
    })
  })
})
