/** The requests that vendors receive. They must be exactly those of the documents. */
import { describe, expect, it } from "vitest"
import { startSystems } from "./systems.ts"

/** Headers that HTTP requires and no document shows. */
const transportHeaders = new Set(["host", "connection", "content-length"])

const receivedRequest = async (ref: string) => {
  await using context = await startSystems()
  const { emulator, gentask } = context
  await gentask.query(ref).catch(() => undefined)
  const [request] = emulator.requests
  const { method, path, query, headers, body } = request ?? { headers: {}, body: "" }
  return {
    method,
    path,
    query,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !transportHeaders.has(name))),
    body: body === "" ? null : (JSON.parse(body) as unknown)
  }
}

const authorization = "Bearer sk-emulator"

describe("a query", () => {
  it("sends the documented request to jimmy, for an image and for a video", async () => {
    const image = {
      method: "GET",
      path: "/api/open-api/v1/images/a%2Fb",
      query: {},
      headers: { authorization },
      body: null
    }
    expect(await receivedRequest("jimmy:a/b")).toEqual(image)
    expect(await receivedRequest("jimmy:1?kind=video")).toEqual({
      ...image,
      path: "/api/open-api/v1/videos/1"
    })
  })

  it("sends the documented request to sora, and keeps the colon in the id", async () => {
    expect(await receivedRequest("sora:sora-2:task_01k74ynm13exf9ha36zz7820hv")).toEqual({
      method: "GET",
      path: "/v1/video/query",
      query: { id: "sora-2:task_01k74ynm13exf9ha36zz7820hv" },
      headers: { authorization, accept: "application/json", "content-type": "application/json" },
      body: null
    })
  })

  it.each(["octopusx", "deepwl"])(
    "sends the documented request to jimeng at %s, with JSON in a string",
    async (account) => {
      expect(await receivedRequest(`jimeng@${account}:67fb9e82-126e-4c71-bb16-a3bb3789e3b7`)).toEqual({
        method: "POST",
        path: "/jm",
        query: { Action: "CVSync2AsyncGetResult", Version: "2022-08-31" },
        headers: { authorization, accept: "application/json", "content-type": "application/json" },
        body: {
          req_key: "jimeng_t2i_v40",
          task_id: "67fb9e82-126e-4c71-bb16-a3bb3789e3b7",
          req_json: '{"return_url":true}'
        }
      })
    }
  )

  it("sends the params of the ref to jimeng", async () => {
    const request = await receivedRequest(
      'jimeng@octopusx:1?req_key=jimeng_ti2v_v30_pro&req_json={"return_url":false}'
    )
    expect(request.body).toEqual({
      req_key: "jimeng_ti2v_v30_pro",
      task_id: "1",
      req_json: '{"return_url":false}'
    })
  })

  it("sends the documented request to aigptimage", async () => {
    expect(await receivedRequest("aigptimage:5064bd1a-025a-490b-b28f-6a9fa12eb88a")).toEqual({
      method: "GET",
      path: "/api/v1/jobs/recordInfo",
      query: { taskId: "5064bd1a-025a-490b-b28f-6a9fa12eb88a" },
      headers: { authorization },
      body: null
    })
  })
})
