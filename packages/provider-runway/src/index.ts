/** The gentask provider for Runway. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { ProviderFactory } from "@gentask/core/provider"
import { balance, cancel, upload } from "./account.ts"
import { decode, statuses } from "./decode.ts"
import { errors } from "./errors.ts"
import { headers } from "./headers.ts"
import { models } from "./models/table.ts"
import type { RunwayModels } from "./models/table.ts"
import { submit } from "./submit.ts"

/**
 * The provider for Runway (https://docs.dev.runwayml.com): `POST /v1/{path}`, where the name of a model is the path and the
 * vendor's model, and `GET /v1/tasks/{id}`. The vendor documents no rate limits of queries. It queues tasks over an
 * account's limit of concurrent ones.
 *
 * @see https://docs.dev.runwayml.com/api
 */
const spec = defineProvider({
  specVersion: 1,
  id: "runway",
  title: "Runway",
  docs: "https://docs.dev.runwayml.com/api",
  examples: ["runway:17f20503-6c24-4c16-946b-35dbbce2af2f"],
  mediaKinds: ["image", "video", "audio"],
  statuses,
  endpoints: { runway: { baseUrl: "https://api.dev.runwayml.com" } },
  requires: ["bodies"],
  errors,
  query: {
    request: ({ id }) => ({ method: "GET", path: `/v1/tasks/${encodeURIComponent(id)}`, headers }),
    decode
  },
  submit,
  cancel,
  upload,
  balance,
  // "Consumers should not expect updates more frequent than once every five seconds."
  pollHint: { minMs: 5000, maxMs: 10_000 }
})

export default spec

/**
 * Configures a Runway account.
 *
 * ```ts
 * const gentask = createGentask({ providers: [runway({ apiKey: process.env.RUNWAY_API_KEY })] })
 * const request = runway.models["text_to_video/veo3.1"]({ prompt: "A fox in the snow", aspectRatio: "1280:720" })
 * const task = await gentask.wait("runway:17f20503-6c24-4c16-946b-35dbbce2af2f")
 * ```
 *
 * @param options The API key.
 */
export const runway: ProviderFactory<object, "runway", RunwayModels> = providerFactory(spec, models)
