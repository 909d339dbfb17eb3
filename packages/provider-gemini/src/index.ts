/** The gentask provider for Veo videos of the Gemini API. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { ProviderFactory } from "@gentask/core/provider"
import { decode } from "./decode.ts"
import { errors } from "./errors.ts"
import { models, submit } from "./submit.ts"
import type { GeminiModels } from "./submit.ts"
import { webhook } from "./webhook.ts"

const day = 24 * 60 * 60 * 1000

const operationName = /^(?:[^/]+\/)*operations\/[^/]+$/

/** The path of an operation, such as `models/MODEL/operations/ID`. */
const pathOf = (name: string): string => {
  const parts = name.split("/")
  if (!operationName.test(name) || parts.includes(".") || parts.includes(".."))
    throw new Error(
      `Invalid operation "${name}": expected its complete name, such as models/MODEL/operations/ID.`
    )
  return parts.map(encodeURIComponent).join("/")
}

/**
 * The provider for Veo in the Gemini API: `POST /v1beta/models/MODEL:predictLongRunning` and
 * `GET /v1beta/models/MODEL/operations/ID`. The id of a task is the name of its operation, with slashes. Links need the API
 * key, and videos are kept for 2 days. Cancel and fixed rate limits are not documented.
 *
 * @see https://ai.google.dev/gemini-api/docs/video
 */
const spec = defineProvider({
  specVersion: 1,
  id: "gemini",
  title: "Gemini API (Veo)",
  docs: "https://ai.google.dev/gemini-api/docs/video",
  examples: ["gemini:models/veo-3.1-generate-preview/operations/a1b2c3d4e5f6"],
  mediaKinds: ["video"],
  // An operation has no word for its status.
  statuses: {},
  endpoints: { google: { baseUrl: "https://generativelanguage.googleapis.com" } },
  authorize: (_, { apiKey }) => ({ "x-goog-api-key": apiKey }),
  errors,
  query: {
    request: ({ id }) => ({ method: "GET", path: `/v1beta/${pathOf(id)}` }),
    decode
  },
  submit,
  webhook,
  resultLifetimeMs: { video: 2 * day }
})

export default spec

/**
 * Configures an account of the Gemini API.
 *
 * ```ts
 * const gentask = createGentask({ providers: [gemini({ apiKey: process.env.GEMINI_API_KEY })] })
 * const request = gemini.models["veo-3.1-generate-preview"]({ prompt: "A fox in the snow", aspectRatio: "16:9" })
 * const task = await gentask.wait("gemini:models/veo-3.1-generate-preview/operations/a1b2c3d4e5f6")
 * ```
 *
 * @param options The API key.
 */
export const gemini: ProviderFactory<object, "google", GeminiModels> = providerFactory(spec, models)
