/** Ark: videos that are tasks, and images that are the response to their submit. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it, vi } from "vitest"
import { openLedger } from "@gentask/ledger"
import { ark } from "@gentask/provider-ark"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { startSubmits } from "./submitSystems.ts"
import { png } from "./onePixelPng.ts"

const video = ark.models["seedance-1-5-pro-251215"]
const image = ark.models["seedream-4-5-251128"]

describe("a video of Ark", () => {
  it("is made from local frames, and saved with its last frame", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    const request = video({
      prompt: "A fox",
      firstFrame: { path },
      lastFrame: { path },
      input: { return_last_frame: true }
    })
    const { snapshots, files } = await gentask.generate(request, {
      dir: join(folder.path, "out"),
      timeout: "20 seconds"
    })
    expect(snapshots).toMatchObject([{ status: "succeeded", cost: { amount: 108_900, unit: "tokens" } }])
    expect(files.map((file) => file.path.slice(-4))).toEqual([".mp4", ".png"])
    const url = `data:image/png;base64,${png.toString("base64")}`
    expect(JSON.parse(emulator.posts()[0]?.body ?? "")).toMatchObject({
      content: [
        { type: "text", text: "A fox" },
        { image_url: { url }, role: "first_frame" },
        { image_url: { url }, role: "last_frame" }
      ]
    })
    // Only the vendor's own host gets the key.
    const media = emulator.requests.filter(({ purpose }) => purpose === "media")
    expect(media.map(({ headers }) => headers["authorization"])).toEqual([undefined, undefined])
  })

  it("takes no local videos, which the vendor reads from URLs only", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits()
    const path = join(folder.path, "fox.mp4")
    await writeFile(path, "\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
    const request = {
      account: "ark",
      model: "dreamina-seedance-2-0-260128",
      prompt: "A fox",
      videos: [{ path }]
    }
    await expect(running.gentask.submit(request)).rejects.toThrow("accepts links only here")
    expect(running.emulator.posts()).toEqual([])
  })

  it("is canceled while it is queued, and is neither stopped nor deleted afterwards", async () => {
    await using running = await startSubmits({ submits: { ark: { task: { queuedFor: 60_000 } } } })
    const { gentask, emulator } = running
    const { ref } = await gentask.submit(video({ prompt: "A fox" }))
    expect(await gentask.cancel(ref)).toMatchObject({ result: "canceled" })
    expect(await gentask.query(ref)).toMatchObject({ status: "canceled" })
    const started = emulator.addTask({ vendor: "ark", end: "never" }).id
    expect(await gentask.cancel(`ark:${started}`)).toMatchObject({
      result: "too-late",
      message: expect.stringContaining("currently running")
    })
    const ended = emulator.addTask({ vendor: "ark" }).id
    expect(await gentask.cancel(`ark:${ended}`)).toMatchObject({ result: "too-late" })
    expect(await gentask.query(`ark:${ended}`)).toMatchObject({ status: "succeeded" })
  })

  it.each([undefined, "flex"] as const)(
    "is found again after a lost response, in the tier %s",
    async (tier) => {
      await using running = await startSubmits()
      const { gentask, emulator, ledger } = running
      emulator.scriptSubmits("ark", { faults: [{ fault: "reset-after-task" }] })
      const input = tier === undefined ? {} : { service_tier: tier }
      await expect(gentask.submit(video({ prompt: "A fox", input }))).rejects.toThrow("unknown")
      const [intent] = await ledger.intents()
      expect(await gentask.reconcile(intent?.id ?? "")).toMatchObject([
        { result: "accepted", refs: [`ark:${emulator.tasks()[0]?.id}`] }
      ])
    }
  )

  it("expires if it does not end in the time that the request sets", async () => {
    await using running = await startSubmits({ submits: { ark: { task: { runningFor: 60_000 } } } })
    const { ref } = await running.gentask.submit(
      video({ prompt: "A fox", input: { execution_expires_after: 1 } })
    )
    await expect(running.gentask.wait(ref, { timeout: "20 seconds" })).rejects.toMatchObject({
      snapshot: { status: "expired" }
    })
  })
})

describe("a webhook of Ark", () => {
  it("is unsigned, so that a query decides about its task", async () => {
    await using running = await startSubmits({ submits: { ark: { task: { end: "never" } } } })
    const { gentask } = running
    const { ref } = await gentask.submit(video({ prompt: "A fox" }))
    const body = JSON.stringify({ id: ref.slice("ark:".length), status: "succeeded" })
    expect(await gentask.receiveWebhook("ark", { headers: {}, body })).toMatchObject({
      refs: [ref],
      isVerified: false
    })
    expect(await gentask.query(ref)).toMatchObject({ status: "running" })
  })
})

describe("images of Ark", () => {
  it("are the response to the submit, and are saved without a query", async () => {
    await using folder = await temporaryFolder()
    await using ledger = await openLedger({ path: join(folder.path, "ledger.db") })
    const media = ["jpeg", "jpeg"] as const
    await using running = await startSubmits(
      { submits: { ark: { task: { runningFor: 100, media } } } },
      { ledger }
    )
    const { gentask, emulator } = running
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    const request = image({
      prompt: "A fox",
      images: [{ path }],
      resolution: "2K",
      input: { sequential_image_generation: "auto" }
    })
    const { ref, files, snapshots } = await gentask.generate(request, {
      dir: join(folder.path, "out"),
      timeout: "20 seconds"
    })
    expect(ref).toMatch(/^ark:.+\?kind=image$/)
    expect(files).toHaveLength(2)
    expect(snapshots).toMatchObject([{ status: "succeeded", cost: { amount: 2, unit: "images" } }])
    expect(emulator.requests.filter(({ purpose }) => purpose === "query")).toEqual([])
    expect(await gentask.query(ref)).toMatchObject({ status: "succeeded", outputs: [{}, {}] })
    expect(JSON.parse(emulator.posts()[0]?.body ?? "")).toMatchObject({
      size: "2K",
      image: [`data:image/png;base64,${png.toString("base64")}`]
    })
  })

  it("are lost with their response, and never requested again", async () => {
    await using running = await startSubmits()
    const { gentask, emulator, ledger } = running
    emulator.scriptSubmits("ark", { faults: [{ fault: "without-id" }] })
    await expect(gentask.submit(image({ prompt: "A fox" }))).rejects.toThrow("unknown")
    const [intent] = await ledger.intents()
    await vi.waitFor(async () => {
      expect(await gentask.reconcile(intent?.id ?? "")).toMatchObject([{ result: "unknown" }])
    }, 15_000)
    expect(emulator.posts()).toHaveLength(1)
  })
})
