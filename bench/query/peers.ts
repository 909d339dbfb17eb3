/** The peers: the least that can ask, the clients of other vendors, and Effect's own HTTP client. */
import { createFalClient } from "@fal-ai/client"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import RunwayML from "@runwayml/sdk"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as ManagedRuntime from "effect/ManagedRuntime"
import OpenAI from "openai"
import Replicate from "replicate"
import { Agent, request } from "undici"
import { taskId } from "./answers.ts"
import { byPromises } from "./Contestant.ts"
import type { Contestant } from "./Contestant.ts"
import { byFibers } from "./byFibers.ts"

const apiKey = "sk-of-nobody-0123456789"
const headers = { authorization: `Bearer ${apiKey}` }
const jsonHeaders = { "content-type": "application/json", accept: "application/json", ...headers }

/** Fails where the first answer is not the one that was asked for. */
const check = (found: unknown, expected: string): void => {
  if (found !== expected) throw new Error(`The first answer says ${String(found)} in place of ${expected}`)
}

/** The requests that gentask sends to the four providers, as one would write them down. */
const wires = {
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

/** The least that can ask, for each wire format. */
export const floors = Object.entries(wires).map(([provider, wire]): Contestant => {
  const name = `undici.request, ${provider}`
  return {
    name,
    floor: name,
    prepare: async (baseUrl) => {
      // As many connections as gentask allows itself.
      const dispatcher = new Agent({ connections: 128 })
      return byPromises(async () => {
        const { url, options } = wire(baseUrl)
        const { body } = await request(url, { ...options, dispatcher })
        return JSON.parse(await body.text()) as unknown
      })
    }
  }
})

/** The floor of everyone who has no floor of the same wire format: every answer has the same size. */
const floor = "undici.request, jimmy"

const globalFetch: Contestant = {
  name: "fetch",
  floor,
  prepare: async (baseUrl) =>
    byPromises(async () => {
      const { url, options } = wires.jimmy(baseUrl)
      return (await fetch(url, options)).json()
    })
}

const openai: Contestant = {
  name: "openai",
  floor,
  prepare: async (baseUrl) => {
    const client = new OpenAI({ apiKey, baseURL: `${baseUrl}/v1` })
    const ask = () => client.videos.retrieve(`video_${taskId}`)
    check((await ask()).status, "completed")
    return byPromises(ask)
  }
}

const replicate: Contestant = {
  name: "replicate",
  floor,
  prepare: async (baseUrl) => {
    const client = new Replicate({ auth: apiKey, baseUrl: `${baseUrl}/v1` })
    const ask = () => client.predictions.get(taskId)
    check((await ask()).status, "succeeded")
    return byPromises(ask)
  }
}

const runway: Contestant = {
  name: "@runwayml/sdk",
  floor,
  prepare: async (baseUrl) => {
    const client = new RunwayML({ apiKey, baseURL: baseUrl })
    const ask = async () => client.tasks.retrieve(taskId)
    check((await ask()).status, "SUCCEEDED")
    return byPromises(ask)
  }
}

const fal: Contestant = {
  name: "@fal-ai/client",
  floor,
  prepare: async (baseUrl) => {
    const client = createFalClient({
      credentials: apiKey,
      // Its host cannot be configured.
      requestMiddleware: async (call) => ({
        ...call,
        url: `${baseUrl}/fal/${call.url.slice("https://".length)}`
      })
    })
    const ask = () => client.queue.status("fal-ai/flux", { requestId: taskId })
    check((await ask()).status, "COMPLETED")
    return byPromises(ask)
  }
}

const effectHttp: Contestant = {
  name: "effect/http over undici",
  floor,
  prepare: async (baseUrl) => {
    const runtime = ManagedRuntime.make(NodeHttpClient.layerUndici)
    const client = await runtime.runPromise(HttpClient.HttpClient)
    const ask = Effect.suspend(() => {
      const { url, options } = wires.jimmy(baseUrl)
      return Effect.flatMap(client.get(url, options), (answer) => answer.json)
    })
    return byFibers(ask, (effect) => runtime.runPromise(effect))
  }
}

export const peers: ReadonlyArray<Contestant> = [
  ...floors,
  globalFetch,
  openai,
  replicate,
  runway,
  fal,
  effectHttp
]
