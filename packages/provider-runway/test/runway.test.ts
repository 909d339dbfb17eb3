import { createGentask, memoryLedger } from "@gentask/core"
import { validateSubmit } from "@gentask/testing"
import { describe, expect, expectTypeOf, it } from "vitest"
import spec, { runway } from "../src/index.ts"

const id = "17f20503-6c24-4c16-946b-35dbbce2af2f"
const foreign = "https://storage.example.com"

/** A fetch whose responses name another host for uploads and results. */
const hostileFetch = () => {
  const requests: Array<{ readonly url: string; readonly key: string | null }> = []
  const respond = ({ pathname, host }: URL, method: string): Response => {
    if (host !== "api.dev.runwayml.com") return new Response(null, { status: 204 })
    if (pathname === "/v1/uploads")
      return Response.json({ uploadUrl: `${foreign}/`, fields: { key: "1" }, runwayUri: "runway://1" })
    if (method === "POST") return Response.json({ id, estimatedCost: { credits: 5 } })
    return Response.json({ id, status: "SUCCEEDED", output: [`${foreign}/1.mp4`], cost: { credits: 5 } })
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    requests.push({ url: request.url, key: request.headers.get("authorization") })
    return respond(new URL(request.url), request.method)
  }
  return { requests, fetch }
}

const start = () => {
  const { requests, fetch } = hostileFetch()
  const ledger = memoryLedger()
  return { requests, gentask: createGentask({ providers: [runway({ apiKey: "key_1" })], ledger, fetch }) }
}

const image = new Blob([new Uint8Array(16)], { type: "image/png" })

describe("Runway", () => {
  it("never sends the key to the storage that a response names", async () => {
    const { requests, gentask } = start()
    const { ref } = await gentask.submit({
      account: "runway",
      model: "image_to_video/gen4_turbo",
      prompt: "A fox",
      firstFrame: image,
      aspectRatio: "1280:720"
    })
    expect(await gentask.wait(ref)).toMatchObject({ ref: `runway:${id}`, status: "succeeded" })
    await gentask.close()
    expect(requests.map(({ url, key }) => `${key} ${url}`)).toEqual([
      "Bearer key_1 https://api.dev.runwayml.com/v1/uploads",
      "null https://storage.example.com/",
      "Bearer key_1 https://api.dev.runwayml.com/v1/image_to_video",
      `Bearer key_1 https://api.dev.runwayml.com/v1/tasks/${id}`
    ])
  })

  it("does not delete a task that has ended", async () => {
    const { requests, gentask } = start()
    expect(await gentask.cancel(`runway:${id}`)).toMatchObject({ result: "too-late" })
    await gentask.close()
    expect(requests).toHaveLength(1)
  })

  it.each([
    "gen4_turbo",
    "tasks/gen4_turbo",
    "text_to_video/",
    "text_to_video/../tasks",
    "text_to_video/veo3.1/x",
    "uploads/veo3.1",
    "toString/veo3.1"
  ])("rejects the model %s", async (model) => {
    const { requests, gentask } = start()
    await expect(gentask.submit({ account: "runway", model, prompt: "A fox" })).rejects.toThrow(
      "Invalid model"
    )
    await gentask.close()
    expect(requests).toEqual([])
  })

  it("rejects a webhook, which the vendor does not document", async () => {
    const { requests, gentask } = start()
    const request = { account: "runway", model: "text_to_video/happyhorse_1_0", prompt: "A fox" }
    const webhook = { url: "https://example.com/webhook" }
    await expect(gentask.submit({ ...request, webhook })).rejects.toThrow("Unsupported webhook")
    await gentask.close()
    expect(requests).toEqual([])
  })

  it.each([
    { model: "text_to_video/veo3.1", common: { prompt: "A fox", aspectRatio: "16:9" } },
    { model: "text_to_video/veo3.1", common: { prompt: "A fox", aspectRatio: "1280:720", duration: 5 } },
    { model: "image_to_video/gen4_turbo", common: { prompt: "A fox", aspectRatio: "1280:720" } },
    { model: "image_to_video/gen4_turbo", common: { lastFrame: "https://example.com/1.png" } },
    {
      model: "text_to_image/gen4_image",
      common: { prompt: "A fox", firstFrame: "https://example.com/1.png" }
    }
  ])("rejects the input of %j", (sample) => {
    expect(validateSubmit(spec, sample)).toHaveProperty("problems")
  })

  it("has types for the inputs of each model", () => {
    expectTypeOf(runway.models["image_to_video/veo3.1"]).toBeCallableWith({
      firstFrame: { path: "fox.png" },
      lastFrame: "https://example.com/2.png",
      aspectRatio: "1280:720",
      input: { duration: 8 }
    })
    // @ts-expect-error -- the model has no last frame
    runway.models["image_to_video/gen4_turbo"]({ lastFrame: "https://example.com/2.png" })
    // @ts-expect-error -- the vendor has no such ratio
    runway.models["text_to_video/veo3.1"]({ prompt: "A fox", input: { ratio: "16:9" } })
  })
})
