import { createHash } from "node:crypto"
import { snapshot } from "@gentask/core/provider"
import * as z from "zod"
import { specWith, text, unexpected, url } from "./ValidProvider.ts"
import type { ValidProvider } from "./ValidProvider.ts"

const pair = /^\w+\|\w+$/

export const signedProvider: ValidProvider = {
  feature: "that signs requests with a key pair and requires a setting",
  spec: specWith(
    { running: ["busy"], succeeded: ["done"], failed: ["bad"] },
    {
      request: ({ id }, { project }: { readonly project: string }) => ({
        method: "GET",
        path: `/${encodeURIComponent(project)}/${encodeURIComponent(id)}`
      }),
      response: z.object({ state: text, image: text }),
      decode: ({ state, image }) =>
        state ? snapshot({ rawStatus: state, outputs: [{ kind: "image", url: image }] }) : unexpected("state")
    },
    {
      settings: z.strictObject({ project: z.string() }),
      authorize: ({ url: { href } }, { apiKey, now }) => {
        if (!pair.test(apiKey)) throw new Error("Invalid API key: expected ID|SECRET.")
        const [id, secret] = apiKey.split("|")
        const date = now.toISOString()
        const digest = createHash("sha256").update(`${secret} ${date} ${href}`).digest("hex")
        return { "x-date": date, "x-sign": `${id} ${digest}` }
      }
    }
  ),
  recordings: {
    running: {
      request: { method: "GET", url: "https://api.vendor.example/demo/1" },
      answer: { body: { state: "busy" } }
    },
    done: { account: { project: "other" }, answer: { body: { state: "done", image: url } } },
    failed: { answer: { body: { state: "bad" } } }
  },
  options: { apiKey: "identity|secretsecret", account: { project: "demo" } }
}
