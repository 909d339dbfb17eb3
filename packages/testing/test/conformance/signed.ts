/** A vendor that wants its requests signed with a pair of keys, and whose tasks are those of a project. */
import { createHash } from "node:crypto"
import * as Schema from "effect/Schema"
import { snapshot } from "@gentask/core/provider"
import { maybe, specOf, struct, unexpected, url } from "./Vendor.ts"
import type { Vendor } from "./Vendor.ts"

const pair = /^\w+\|\w+$/
export const signed: Vendor = {
  name: "is signed to with a pair of keys, and needs a setting",
  spec: specOf(
    { running: ["busy"], succeeded: ["done"], failed: ["bad"] },
    {
      request: ({ id }, { project }: { readonly project: string }) => ({
        method: "GET",
        path: `/${encodeURIComponent(project)}/${encodeURIComponent(id)}`
      }),
      response: struct({ state: maybe(Schema.String), image: maybe(Schema.String) }),
      decode: ({ state, image }) =>
        state ? snapshot({ rawStatus: state, outputs: [{ kind: "image", url: image }] }) : unexpected("state")
    },
    {
      settings: Schema.toStandardSchemaV1(Schema.Struct({ project: Schema.String }), {
        parseOptions: { onExcessProperty: "error" }
      }),
      authorize: ({ url: { href } }, { apiKey, now }) => {
        if (!pair.test(apiKey)) throw new Error("The key is no pair. Give ID|SECRET.")
        const [id, secret] = apiKey.split("|")
        const date = now.toISOString()
        return {
          "x-date": date,
          "x-sign": `${id} ${createHash("sha256").update(`${secret} ${date} ${href}`).digest("hex")}`
        }
      }
    }
  ),
  answers: {
    running: {
      request: { method: "GET", url: "https://api.vendor.example/demo/1" },
      answer: { body: { state: "busy" } }
    },
    done: { account: { project: "other" }, answer: { body: { state: "done", image: url } } },
    failed: { answer: { body: { state: "bad" } } }
  },
  options: { apiKey: "identity|secretsecret", account: { project: "demo" } }
}
