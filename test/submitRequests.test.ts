/** The requests that vendors receive when a task is created: method, path, query, headers and body of the documents. */
import { describe, expect, it } from "vitest"
import type { SubmitInput } from "@gentask/core"
import { startSubmits } from "./submitSystems.ts"

/** Headers that HTTP requires and no document shows. */
const transportHeaders = new Set(["host", "connection", "content-length", "accept-encoding"])

const receivedSubmit = async (request: SubmitInput) => {
  await using running = await startSubmits()
  await running.gentask.submit(request)
  const [post] = running.emulator.posts()
  const { path, search, headers, body } = post ?? { headers: {}, body: "null" }
  return {
    path,
    query: Object.fromEntries(new URLSearchParams(search)),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !transportHeaders.has(name))),
    body: JSON.parse(body) as unknown
  }
}

const json = { authorization: "Bearer sk-emulator", "content-type": "application/json" }
const accept = { accept: "application/json" }
const prompt = "A fox in the snow"
const submitAction = { Action: "CVSync2AsyncSubmitTask", Version: "2022-08-31" }

describe("a submit", () => {
  it("sends the documented request to jimmy", async () => {
    expect(await receivedSubmit({ account: "jimmy", model: "gpt-image-2", prompt })).toEqual({
      path: "/api/open-api/v1/images",
      query: {},
      headers: json,
      body: { model: "gpt-image-2", prompt }
    })
  })

  it("sends the documented request to sora", async () => {
    expect(await receivedSubmit({ account: "sora", model: "sora-2", prompt, duration: 10 })).toEqual({
      path: "/v1/video/create",
      query: {},
      headers: { ...json, ...accept },
      body: { model: "sora-2", prompt, images: [], duration: 10 }
    })
  })

  it("sends the documented request to a relay of jimeng", async () => {
    expect(await receivedSubmit({ account: "jimeng@octopusx", model: "jimeng_t2i_v40", prompt })).toEqual({
      path: "/jm",
      query: submitAction,
      headers: { ...json, ...accept },
      body: { req_key: "jimeng_t2i_v40", prompt }
    })
  })

  it("sends the documented and signed request to Volcengine", async () => {
    expect(await receivedSubmit({ account: "jimeng@volcengine", model: "jimeng_t2i_v40", prompt })).toEqual({
      path: "/",
      query: submitAction,
      headers: {
        ...json,
        ...accept,
        authorization: expect.stringMatching(
          /^HMAC-SHA256 Credential=\S+\/\d{8}\/cn-north-1\/cv\/request, SignedHeaders=\S+, Signature=[\da-f]{64}$/
        ) as unknown,
        "x-date": expect.stringMatching(/^\d{8}T\d{6}Z$/) as unknown,
        "x-content-sha256": expect.stringMatching(/^[\da-f]{64}$/) as unknown
      },
      body: { req_key: "jimeng_t2i_v40", prompt }
    })
  })

  it("sends the documented request to aigptimage, with an idempotency key", async () => {
    const model = "gpt-image-2-text-to-image"
    const idempotencyKey = "2f1c6a1e-6a7f-4a53-9f0e-1c6a3a4b8f11"
    expect(await receivedSubmit({ account: "aigptimage", model, prompt, idempotencyKey })).toEqual({
      path: "/api/v1/jobs/createTask",
      query: {},
      headers: { ...json, "x-request-id": idempotencyKey },
      body: { model, input: { prompt } }
    })
  })

  it.each([
    ["nano-banana-2", "/api/v1/jobs/createTask", { model: "nano-banana-2", input: { prompt } }],
    ["veo3_fast", "/api/v1/veo/generate", { model: "veo3_fast", prompt }]
  ])(
    "sends the documented request to kie.ai for %s, without an idempotency key",
    async (model, path, body) => {
      expect(await receivedSubmit({ account: "aigptimage@kie", model, prompt })).toEqual({
        path,
        query: {},
        headers: json,
        body
      })
    }
  )
})
