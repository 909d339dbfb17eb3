import { createGentask, memoryLedger } from "@gentask/core"
import { requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import { fal } from "../src/index.ts"

const id = "764cabcf-b745-4b3e-ae38-1200304cf45b"
const foreign = "https://queue.fal.run.example.com"

/** A fetch whose responses name another host wherever the vendor's name one. */
const hostileFetch = () => {
  const requests: Array<{ readonly url: string; readonly key: string | null }> = []
  const json = (body: unknown, status = 200): Response => Response.json(body, { status })
  const respond = (method: string, { pathname, host }: URL): Response => {
    if (host !== "queue.fal.run" && host !== "rest.fal.ai") return new Response(null, { status: 200 })
    if (pathname.endsWith("/initiate"))
      return json({ upload_url: `${foreign}/upload`, file_url: `${foreign}/fox.png` })
    const urls = { response_url: foreign, status_url: `${foreign}/status`, cancel_url: `${foreign}/cancel` }
    if (method === "POST") return json({ request_id: id, ...urls })
    if (method === "PUT") return json({ status: "CANCELLATION_REQUESTED", ...urls }, 202)
    return pathname.endsWith("/status")
      ? json({ status: "COMPLETED", request_id: id, ...urls })
      : json({ images: [{ url: `${foreign}/1.png`, content_type: "image/png" }] })
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    requests.push({ url: request.url, key: request.headers.get("authorization") })
    return respond(request.method, new URL(request.url))
  }
  return { requests, fetch }
}

describe("fal", () => {
  it("sends the key with the scheme Key", () => {
    const { headers } = requestOf(fal({ apiKey: "id:secret" }), `fal:${id}?app=fal-ai/flux`)
    expect(headers["authorization"]).toBe("Key id:secret")
  })

  it("never sends the key to a host that a response names", async () => {
    const { requests, fetch } = hostileFetch()
    await using gentask = createGentask({
      providers: [fal({ apiKey: "id:secret" })],
      ledger: memoryLedger(),
      fetch
    })
    const { ref } = await gentask.submit({
      account: "fal",
      model: "fal-ai/flux/dev/image-to-image",
      input: { prompt: "A fox", image_url: new Blob([new Uint8Array(16)], { type: "image/png" }) }
    })
    const task = await gentask.wait(ref)
    await gentask.cancel(ref)
    expect(task).toMatchObject({ ref: `fal:${id}?app=fal-ai/flux`, status: "succeeded" })
    const hosts = (hasKey: boolean) => [
      ...new Set(requests.filter(({ key }) => (key !== null) === hasKey).map(({ url }) => new URL(url).host))
    ]
    expect(hosts(true)).toEqual(["rest.fal.ai", "queue.fal.run"])
    expect(hosts(false)).toEqual(["queue.fal.run.example.com"])
  })

  it.each([
    ["fal-ai/flux/dev", "fal-ai/flux"],
    ["fal-ai/kling-video/v9/pro/text-to-video", "fal-ai/kling-video"],
    ["acme/painter", "acme/painter"],
    ["workflows/acme/podcast", "workflows/acme/podcast"],
    ["comfy/acme/portrait/v2", "comfy/acme/portrait"]
  ])("remembers the app of the model %s", async (model, app) => {
    const { fetch } = hostileFetch()
    await using gentask = createGentask({
      providers: [fal({ apiKey: "key" })],
      ledger: memoryLedger(),
      fetch
    })
    const { ref } = await gentask.submit({ account: "fal", model, prompt: "A fox" })
    expect(ref).toBe(`fal:${id}?app=${app}`)
  })

  it.each([
    "flux",
    "fal-ai/",
    "fal-ai/../admin",
    "/fal-ai/flux",
    "workflows/acme",
    "fal-ai/flux?x=1",
    "a//b"
  ])("rejects the model %s", async (model) => {
    const { requests, fetch } = hostileFetch()
    await using gentask = createGentask({
      providers: [fal({ apiKey: "key" })],
      ledger: memoryLedger(),
      fetch
    })
    await expect(gentask.submit({ account: "fal", model, prompt: "A fox" })).rejects.toThrow("Invalid model")
    expect(requests).toEqual([])
  })
})
