import { createGentask, memoryLedger } from "@gentask/core"
import { describe, expect, expectTypeOf, it } from "vitest"
import { validateSubmit } from "@gentask/testing"
import spec, { replicate } from "../src/index.ts"

const id = "gm3qorzdhgbfurvjtvhg6dckhu"
const foreign = "https://api.replicate.com.example.com"

/** A fetch whose responses name another host wherever the vendor's name one. */
const hostileFetch = () => {
  const requests: Array<{ readonly url: string; readonly key: string | null; readonly body: string }> = []
  const urls = { get: `${foreign}/get`, cancel: `${foreign}/cancel`, stream: `${foreign}/stream` }
  const respond = ({ pathname, host }: URL, method: string): Response => {
    if (host !== "api.replicate.com") return new Response(null, { status: 200 })
    if (pathname === "/v1/files") return Response.json({ id, urls: { get: `${foreign}/fox.png` } })
    if (method === "POST") return Response.json({ id, status: "starting", urls }, { status: 201 })
    return Response.json({ id, status: "succeeded", output: [`${foreign}/1.png`], urls })
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    const body = await request.text()
    requests.push({ url: request.url, key: request.headers.get("authorization"), body })
    return respond(new URL(request.url), request.method)
  }
  return { requests, fetch }
}

const start = () => {
  const { requests, fetch } = hostileFetch()
  const ledger = memoryLedger()
  return { requests, gentask: createGentask({ providers: [replicate({ apiKey: "r8_key" })], ledger, fetch }) }
}

describe("Replicate", () => {
  it("never sends the key to a host that a response names", async () => {
    const { requests, gentask } = start()
    const image = new Blob([new Uint8Array(16)], { type: "image/png" })
    const { ref } = await gentask.submit({
      account: "replicate",
      model: "google/nano-banana",
      prompt: "A fox",
      images: [image]
    })
    expect(await gentask.wait(ref)).toMatchObject({ ref: `replicate:${id}`, status: "succeeded" })
    await gentask.cancel(ref)
    await gentask.close()
    expect(requests.map(({ url, key }) => `${key} ${url}`)).toEqual([
      "Bearer r8_key https://api.replicate.com/v1/files",
      "Bearer r8_key https://api.replicate.com/v1/predictions",
      `Bearer r8_key https://api.replicate.com/v1/predictions/${id}`,
      `Bearer r8_key https://api.replicate.com/v1/predictions/${id}/cancel`
    ])
  })

  it.each([
    "flux",
    "black-forest-labs/",
    "acme/../admin",
    "acme/painter/predictions",
    "acme/painter:latest",
    "5c7d5dc6dd8bf75c1acaa8565735e7986bc5b66206b55cca93cb72c9bf15ccaa",
    "deployments/acme",
    "a?b/c"
  ])("rejects the model %s", async (model) => {
    const { requests, gentask } = start()
    await expect(gentask.submit({ account: "replicate", model, prompt: "A fox" })).rejects.toThrow(
      "Invalid model"
    )
    await gentask.close()
    expect(requests).toEqual([])
  })

  it("rejects common inputs that an unknown model may ignore", () => {
    expect(validateSubmit(spec, { model: "acme/painter", common: { prompt: "A fox", seed: 1 } })).toEqual({
      problems: ["seed: unsupported"]
    })
  })

  it.each([
    { model: "google/nano-banana", input: {} },
    { model: "google/nano-banana", input: { prompt: "A fox", image_input: [7] } },
    { model: "black-forest-labs/flux-schnell", input: { prompt: "A fox", num_outputs: 5 } },
    { model: "bytedance/seedance-2.0", input: { prompt: "A fox", duration: 16 } }
  ])("rejects the input of %j", (sample) => {
    expect(validateSubmit(spec, sample)).toHaveProperty("problems")
  })

  it("has types for the inputs of each model", () => {
    expectTypeOf(replicate.models["google/nano-banana"]).toBeCallableWith({
      prompt: "A fox",
      images: [{ path: "fox.png" }],
      input: { output_format: "png" }
    })
    // @ts-expect-error -- the model has no duration
    replicate.models["google/nano-banana"]({ prompt: "A fox", duration: 5 })
    // @ts-expect-error -- the vendor has no such format
    replicate.models["black-forest-labs/flux-schnell"]({ prompt: "A fox", input: { output_format: "bmp" } })
  })
})
