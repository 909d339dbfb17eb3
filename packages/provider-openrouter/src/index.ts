/** The gentask provider for the video API of OpenRouter. */
import { amountAt, defineProvider, providerFactory, unexpectedOutcome } from "@gentask/core/provider"
import type { BalanceOperation, ProviderFactory } from "@gentask/core/provider"
import { decode, statuses } from "./decode.ts"
import { models, submit } from "./submit.ts"
import type { OpenrouterModels } from "./submit.ts"
import { webhook } from "./webhook.ts"

/** What the API key can still spend. The credit of the account needs a management key. */
const balance: BalanceOperation = {
  request: () => ({ method: "GET", path: "/key" }),
  decode: (body) => {
    const available = amountAt(body, "data.limit_remaining", "USD") ?? null
    const used = amountAt(body, "data.usage", "USD") ?? null
    return available === null && used === null
      ? unexpectedOutcome(body, "data.usage")
      : { _tag: "Balance", available, used }
  }
}

/**
 * The provider for the video API of OpenRouter: `POST /api/v1/videos` and `GET /api/v1/videos/ID`. Links need the API key if
 * they are those of the API. The vendor recommends to poll every 10 to 30 seconds. Cancel, rate limits and the lifetime of
 * videos are not documented.
 *
 * @see https://openrouter.ai/docs/guides/overview/multimodal/video-generation
 */
const spec = defineProvider({
  specVersion: 1,
  id: "openrouter",
  title: "OpenRouter (videos)",
  docs: "https://openrouter.ai/docs/guides/overview/multimodal/video-generation",
  examples: ["openrouter:job-abc123"],
  mediaKinds: ["video"],
  statuses,
  endpoints: { openrouter: { baseUrl: "https://openrouter.ai/api/v1" } },
  query: {
    request: ({ id }) => ({ method: "GET", path: `/videos/${encodeURIComponent(id)}` }),
    decode
  },
  submit,
  webhook,
  balance,
  pollHint: { minMs: 10_000, maxMs: 30_000 }
})

export default spec

/**
 * Configures an account of OpenRouter.
 *
 * ```ts
 * const gentask = createGentask({ providers: [openrouter({ apiKey: process.env.OPENROUTER_API_KEY })] })
 * const request = openrouter.models["google/veo-3.1"]({ prompt: "A fox in the snow", aspectRatio: "16:9" })
 * const task = await gentask.wait("openrouter:job-abc123")
 * ```
 *
 * @param options The API key.
 */
export const openrouter: ProviderFactory<object, "openrouter", OpenrouterModels> = providerFactory(
  spec,
  models
)
