/** The peers: undici with as little code as possible, the SDKs of other vendors, and the HTTP client of Effect. */
import { createFalClient } from "@fal-ai/client"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import RunwayML from "@runwayml/sdk"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as ManagedRuntime from "effect/ManagedRuntime"
import OpenAI from "openai"
import Replicate from "replicate"
import { Agent, request } from "undici"
import { loadWithFibers } from "./loadWithFibers.ts"
import { loadWithPromises } from "./QueryContestant.ts"
import type { QueryContestant } from "./QueryContestant.ts"
import { taskId } from "./responses.ts"

const apiKey = "sk-bench-0123456789"
const headers = { authorization: `Bearer ${apiKey}` }
const jsonHeaders = { "content-type": "application/json", accept: "application/json", ...headers }

/** Throws unless the first response has the expected status. */
const check = (status: unknown, expected: string): void => {
  if (status !== expected) throw new Error(`Unexpected status ${String(status)}: expected ${expected}.`)
}

/** The requests that gentask sends to the four vendors. */
const requests = {
  jimmy: (base: string) => ({ url: `${base}/api/open-api/v1/images/${taskId}`, options: { headers } }),
  sora: (base: string) => ({
    url: `${base}/v1/video/query?id=${encodeURIComponent(`sora-2:${taskId}`)}`,
    options: { headers: jsonHeaders }
  }),
  jimeng: (base: string) => ({
    url: `${base}/jm?Action=CVSync2AsyncGetResult&Version=2022-08-31`,
    options: {
      method: "POST",
      headers: jsonHeaders,
      body: JSON.stringify({ req_key: "jimeng_t2i_v40", task_id: taskId, req_json: '{"return_url":true}' })
    }
  }),
  aigptimage: (base: string) => ({
    url: `${base}/api/v1/jobs/recordInfo?taskId=${taskId}`,
    options: { headers }
  })
} as const

/** The least code that queries a task, for each wire format. */
export const floors = Object.entries(requests).map(([provider, requestOf]): QueryContestant => {
  const name = `undici.request, ${provider}`
  return {
    name,
    floor: name,
    prepare: async (baseUrl) => {
      // The same limit of connections as in gentask.
      const dispatcher = new Agent({ connections: 128 })
      return loadWithPromises(async () => {
        const { url, options } = requestOf(baseUrl)
        const { body } = await request(url, { ...options, dispatcher })
        return JSON.parse(await body.text()) as unknown
      })
    }
  }
})

/** The floor of clients of other wire formats: all responses have the same size. */
const floor = "undici.request, jimmy"

const globalFetch: QueryContestant = {
  name: "fetch",
  floor,
  prepare: async (baseUrl) =>
    loadWithPromises(async () => {
      const { url, options } = requests.jimmy(baseUrl)
      return (await fetch(url, options)).json()
    })
}

const openai: QueryContestant = {
  name: "openai",
  floor,
  prepare: async (baseUrl) => {
    const client = new OpenAI({ apiKey, baseURL: `${baseUrl}/v1` })
    const query = () => client.videos.retrieve(`video_${taskId}`)
    check((await query()).status, "completed")
    return loadWithPromises(query)
  }
}

const replicate: QueryContestant = {
  name: "replicate",
  floor,
  prepare: async (baseUrl) => {
    const client = new Replicate({ auth: apiKey, baseUrl: `${baseUrl}/v1` })
    const query = () => client.predictions.get(taskId)
    check((await query()).status, "succeeded")
    return loadWithPromises(query)
  }
}

const runway: QueryContestant = {
  name: "@runwayml/sdk",
  floor,
  prepare: async (baseUrl) => {
    const client = new RunwayML({ apiKey, baseURL: baseUrl })
    const query = async () => client.tasks.retrieve(taskId)
    check((await query()).status, "SUCCEEDED")
    return loadWithPromises(query)
  }
}

const fal: QueryContestant = {
  name: "@fal-ai/client",
  floor,
  prepare: async (baseUrl) => {
    const client = createFalClient({
      credentials: apiKey,
      // The host cannot be configured.
      requestMiddleware: async (call) => ({
        ...call,
        url: `${baseUrl}/fal/${call.url.slice("https://".length)}`
      })
    })
    const query = () => client.queue.status("fal-ai/flux", { requestId: taskId })
    check((await query()).status, "COMPLETED")
    return loadWithPromises(query)
  }
}

const effectHttp: QueryContestant = {
  name: "effect/http over undici",
  floor,
  prepare: async (baseUrl) => {
    const runtime = ManagedRuntime.make(NodeHttpClient.layerUndici)
    const client = await runtime.runPromise(HttpClient.HttpClient)
    const query = Effect.suspend(() => {
      const { url, options } = requests.jimmy(baseUrl)
      return Effect.flatMap(client.get(url, options), (response) => response.json)
    })
    return loadWithFibers(query, (effect) => runtime.runPromise(effect))
  }
}

export const peerContestants: ReadonlyArray<QueryContestant> = [
  ...floors,
  globalFetch,
  openai,
  replicate,
  runway,
  fal,
  effectHttp
]
