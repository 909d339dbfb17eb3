/** Clients that create a task. */
import { createGentask } from "@gentask/core"
import type { Ledger } from "@gentask/core"
import { jimmy } from "@gentask/provider-jimmy"
import OpenAI from "openai"
import Replicate from "replicate"
import { Agent, request } from "undici"
import type { Operation } from "../measure/timing.ts"

const apiKey = "sk-bench-0123456789"
const prompt = "A cat on a red chair by the window, in the light of an early morning"

const postWith = (name: string, baseUrl: string, dispatcher: Agent, headers = {}): Operation => ({
  name,
  run: async () => {
    const { body } = await request(`${baseUrl}/api/open-api/v1/images`, {
      method: "POST",
      headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json", ...headers },
      body: JSON.stringify({ model: "gpt-image-2", prompt }),
      dispatcher
    })
    return JSON.parse(await body.text()) as unknown
  }
})

const gentaskWith = (name: string, baseUrl: string, ledger: Ledger | false): Operation => {
  const gentask = createGentask({ providers: [jimmy({ apiKey, baseUrl })], ledger })
  return { name, run: () => gentask.submit({ account: "jimmy", model: "gpt-image-2", prompt }) }
}

/** The floor: a request on a connection of its own, as gentask sends a submit. */
export const floor = "undici.request, a new connection"

/** The name of a submit that is recorded. */
export const recorded = "gentask.submit, SQLite ledger"

/** Creates all clients. */
export const submitOperations = (baseUrl: string, ledger: Ledger): ReadonlyArray<Operation> => {
  const openai = new OpenAI({ apiKey, baseURL: `${baseUrl}/v1` })
  const replicate = new Replicate({ auth: apiKey, baseUrl: `${baseUrl}/v1` })
  return [
    postWith(floor, baseUrl, new Agent({ pipelining: 0 }), { connection: "close" }),
    postWith("undici.request, an open connection", baseUrl, new Agent()),
    { name: "openai, videos.create", run: () => openai.videos.create({ model: "sora-2", prompt }) },
    {
      name: "replicate, predictions.create",
      run: () => replicate.predictions.create({ model: "owner/name", input: { prompt } })
    },
    gentaskWith("gentask.submit, ledger: false", baseUrl, false),
    gentaskWith(recorded, baseUrl, ledger)
  ]
}
