/** The gentask provider for the predictions of Replicate. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { ProviderFactory } from "@gentask/core/provider"
import { cancel, recover, upload } from "./account.ts"
import { decode, statuses } from "./decode.ts"
import { errors } from "./errors.ts"
import { models } from "./models/table.ts"
import type { ReplicateModels } from "./models/table.ts"
import { submit } from "./submit.ts"
import { webhook } from "./webhook.ts"

const minute = 60_000
const hour = 60 * minute

/**
 * The provider for Replicate (https://replicate.com): `POST /v1/predictions` with `owner/name` or `owner/name:version`,
 * and `GET /v1/predictions/{id}`. The vendor removes inputs, outputs and logs an hour after the prediction has ended.
 *
 * @see https://replicate.com/docs/reference/http
 */
const spec = defineProvider({
  specVersion: 1,
  id: "replicate",
  title: "Replicate",
  docs: "https://replicate.com/docs/reference/http",
  examples: ["replicate:gm3qorzdhgbfurvjtvhg6dckhu"],
  mediaKinds: ["image", "video", "audio", "model"],
  statuses,
  endpoints: { replicate: { baseUrl: "https://api.replicate.com" } },
  requires: ["bodies"],
  errors,
  query: {
    request: ({ id }) => ({ method: "GET", path: `/v1/predictions/${encodeURIComponent(id)}` }),
    decode
  },
  submit,
  cancel,
  upload,
  webhook,
  recover,
  rateLimits: () => [{ requests: 3000, windowMs: minute }],
  resultLifetimeMs: { image: hour, video: hour, audio: hour, model: hour }
})

export default spec

/**
 * Configures a Replicate account.
 *
 * ```ts
 * const gentask = createGentask({ providers: [replicate({ apiKey: process.env.REPLICATE_API_TOKEN })] })
 * const request = replicate.models["google/nano-banana"]({ prompt: "A fox in the snow", images: [{ path: "fox.png" }] })
 * const task = await gentask.wait("replicate:gm3qorzdhgbfurvjtvhg6dckhu")
 * ```
 *
 * @param options The API key.
 */
export const replicate: ProviderFactory<object, "replicate", ReplicateModels> = providerFactory(spec, models)
