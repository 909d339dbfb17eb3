/** The gentask provider for the queue of fal. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { ProviderFactory } from "@gentask/core/provider"
import { balance, cancel, platformHost, recover, storageHost, upload } from "./account.ts"
import { decode, statuses } from "./decode.ts"
import { errors } from "./errors.ts"
import { params, requestPath } from "./endpoint.ts"
import { models } from "./models/table.ts"
import type { FalModels } from "./models/table.ts"
import { submit } from "./submit.ts"
import { webhook } from "./webhook.ts"

/**
 * The provider for fal (https://fal.ai): `POST /{owner}/{app}/{path}` at queue.fal.run, and
 * `GET /{owner}/{app}/requests/{id}/status`, followed by `GET /{owner}/{app}/requests/{id}` when the request has ended.
 * The param `app` of a ref is `owner/app`. The vendor queues requests over an account's limit of concurrent ones, and
 * documents no rate limits. The lifetime of files is a setting of the account.
 *
 * @see https://docs.fal.ai/documentation/model-apis/inference/queue
 */
const spec = defineProvider({
  specVersion: 1,
  id: "fal",
  title: "fal",
  docs: "https://docs.fal.ai/documentation/model-apis/inference/queue",
  examples: ["fal:764cabcf-b745-4b3e-ae38-1200304cf45b?app=fal-ai/flux"],
  mediaKinds: ["image", "video", "audio", "model"],
  statuses,
  endpoints: { fal: { baseUrl: "https://queue.fal.run", hosts: [storageHost, platformHost] } },
  requires: ["hosts", "bodies"],
  params,
  authorize: (_, { apiKey }) => ({ authorization: `Key ${apiKey}` }),
  errors,
  query: {
    request: (task) => ({ method: "GET", path: `${requestPath(task)}/status` }),
    decode
  },
  submit,
  cancel,
  upload,
  webhook,
  balance,
  recover
})

export default spec

/**
 * Configures a fal account.
 *
 * ```ts
 * const gentask = createGentask({ providers: [fal({ apiKey: process.env.FAL_API_KEY })] })
 * const request = fal.models["fal-ai/nano-banana"]({ prompt: "A fox in the snow" })
 * const task = await gentask.wait("fal:764cabcf-b745-4b3e-ae38-1200304cf45b?app=fal-ai/flux")
 * ```
 *
 * @param options The API key.
 */
export const fal: ProviderFactory<object, "fal", FalModels> = providerFactory(spec, models)
