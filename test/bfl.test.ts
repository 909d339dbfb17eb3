/** The provider of Black Forest Labs and the emulator, over real sockets: what the tests of all vendors do not have. */
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { createGentask, memoryLedger } from "@gentask/core"
import { bfl } from "@gentask/provider-bfl"
import { describe, expect, it } from "vitest"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { passOn, receiveWebhookOf } from "./signedWebhook.ts"
import { startSubmits } from "./submitSystems.ts"
import { png } from "./onePixelPng.ts"

const model = "flux-2-pro"
const prompt = "A fox in the snow"

const id = "2f5a1a2e-3c1d-4b6e-9a66-0f2f4d3b7c10"

describe("Black Forest Labs", () => {
  it("sends a file in base64, and saves the result", async () => {
    await using folder = await temporaryFolder()
    await using running = await startSubmits()
    const { gentask, emulator } = running
    const path = join(folder.path, "fox.png")
    await writeFile(path, png)
    const { files, snapshots } = await gentask.generate(
      { account: "bfl", model, prompt, images: [{ path }] },
      { dir: join(folder.path, "out") }
    )
    expect(files).toHaveLength(1)
    expect(emulator.posts()[0]?.body).toBe(JSON.stringify({ prompt, input_image: png.toString("base64") }))
    const expiresAt = snapshots[0]?.outputs[0]?.expiresAt?.getTime() ?? 0
    expect(expiresAt - Date.now()).toBeGreaterThan(9 * 60_000)
    expect(expiresAt - Date.now()).toBeLessThan(11 * 60_000)
  })

  it("reports moderated content and the credit", async () => {
    await using running = await startSubmits({ submits: { bfl: { credit: 10 } } })
    const { gentask, emulator } = running
    const failure = { code: "Content Moderated", message: "Derivative Works Filter" }
    const task = emulator.addTask({ vendor: "bfl", end: "failed", failure })
    expect(await gentask.query(`bfl:${task.id}`)).toMatchObject({
      status: "failed",
      rawStatus: "Content Moderated",
      failure: { reason: "moderation", message: "Derivative Works Filter" }
    })
    expect(await gentask.balance("bfl")).toMatchObject({ available: { amount: 10, unit: "credits" } })
  })

  it("verifies a webhook, and refuses a changed one", async () => {
    await using running = await startSubmits()
    const { gentask } = running
    const { ref, sent } = await receiveWebhookOf(gentask, { account: "bfl", model, prompt }, "made-up")
    expect(await passOn(gentask, "bfl", { ...sent, secret: "made-up" })).toMatchObject({ isVerified: true })
    const body = Buffer.concat([sent.body, Buffer.from(" ")])
    const headers = { ...sent.headers, "x-bfl-signature": `sha256=${"0".repeat(64)}` }
    for (const changed of [
      { ...sent, secret: "other" },
      { ...sent, body, secret: "made-up" },
      { ...sent, headers, secret: "made-up" }
    ]) {
      expect(await passOn(gentask, "bfl", changed)).toMatchObject({ _tag: "InvalidWebhook" })
    }
    expect(await gentask.wait(ref)).toMatchObject({ status: "succeeded" })
  })
})

describe("the host of a polling URL", () => {
  /** A client whose requests are recorded and get this polling URL. */
  const startClient = (pollingUrl: string) => {
    const requests: Array<{ readonly url: string; readonly key: string | null }> = []
    const gentask = createGentask({
      providers: [bfl({ apiKey: "key-1" })],
      ledger: memoryLedger(),
      fetch: async (input, init) => {
        const request = new Request(input, init)
        requests.push({ url: request.url, key: request.headers.get("x-key") })
        return request.method === "POST"
          ? Response.json({ id, polling_url: pollingUrl })
          : Response.json({ id, status: "Ready", result: { sample: `${pollingUrl}/1.png` } })
      }
    })
    return { gentask, requests }
  }

  const query = `/v1/get_result?id=${id}`

  it.each([
    [`https://api.us1.bfl.ai${query}`, "api.us1.bfl.ai"],
    [`https://api.eu.bfl.ai${query}`, "api.eu.bfl.ai"],
    [`https://api.bfl.ai.example.com${query}`, undefined],
    [`https://evilbfl.ai${query}`, undefined],
    [`https://user@api.us.bfl.ai${query}`, undefined],
    [`https://api.us.bfl.ai:8443${query}`, undefined],
    [`http://api.us.bfl.ai${query}`, undefined],
    ["not a URL", undefined]
  ])("of %s is remembered as %s", async (pollingUrl, host) => {
    const { gentask, requests } = startClient(pollingUrl)
    const { ref } = await gentask.submit({ account: "bfl", model, prompt })
    expect(ref).toBe(host === undefined ? `bfl:${id}` : `bfl:${id}?host=${host}`)
    await gentask.wait(ref)
    expect(requests).toEqual([
      { url: `https://api.bfl.ai/v1/${model}`, key: "key-1" },
      { url: `https://${host ?? "api.bfl.ai"}${query}`, key: "key-1" }
    ])
    await gentask.close()
  })

  it.each(["evil.example.com", "bfl.ai.example.com", "127.0.0.1", "bfl.ai"])(
    "is refused in a ref that names %s",
    async (host) => {
      const { gentask, requests } = startClient("https://api.bfl.ai")
      await expect(gentask.query(`bfl:${id}?host=${host}`)).rejects.toMatchObject({
        _tag: "ConfigurationError"
      })
      expect(requests).toEqual([])
      await gentask.close()
    }
  )
})
