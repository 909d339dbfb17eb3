/** The gentask provider for the unified video format (`/v1/video/query`), which relays speak for sora, veo, grok and others. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { ProviderFactory } from "@gentask/core/provider"
import { decode, statuses } from "./decode.ts"
import { decodeError } from "./decodeError.ts"
import { balance, recover } from "./gateway.ts"
import { settings } from "./settings.ts"
import type { SoraSettings } from "./settings.ts"
import { models, submit } from "./submit.ts"
import type { SoraModels } from "./submit.ts"

export type { SoraSettings } from "./settings.ts"

/**
 * The provider for the unified video format: `POST /v1/video/create` and `GET /v1/video/query?id=`. Many relays speak
 * it. Four are endpoints; use any other by its `baseUrl`. There is no default endpoint, because an API key is valid at one relay only. Ids contain a
 * colon (`sora-2:task_01k6…`). No rate limits, polling interval or link lifetime is documented. Core reads the lifetime
 * from the signed links.
 *
 * @see https://docs.octopusx.ai/en/videos/sora/unified-query
 */
const spec = defineProvider({
  specVersion: 1,
  id: "sora",
  title: "Sora and others, unified video format",
  docs: "https://docs.octopusx.ai/en/videos/sora/unified-query",
  examples: ["sora@jxincm:sora-2:task_01k6x15vhrff09dkkqjrzwhm60"],
  mediaKinds: ["video"],
  statuses,
  endpoints: {
    jxincm: {
      baseUrl: "https://api.jxincm.cn",
      docs: "https://app.apifox.com/web/project/7016580/apis/api-358967589-run"
    },
    octopusx: {
      baseUrl: "https://octopusx.ai",
      docs: "https://docs.octopusx.ai/en/videos/sora/unified-query"
    },
    yunwu: { baseUrl: "https://yunwu.ai", docs: "https://yunwu.apifox.cn/llms.txt" },
    apertis: {
      baseUrl: "https://api.apertis.ai",
      docs: "https://github.com/Stima-Tech/docs/blob/main/docs/references/video.md"
    }
  },
  settings,
  query: {
    request: (task) => ({
      method: "GET",
      path: "/v1/video/query",
      query: { id: task.id },
      headers: { "content-type": "application/json", accept: "application/json" }
    }),
    decode,
    decodeError
  },
  submit,
  balance,
  recover
})

export default spec

/**
 * Configures an account at a relay that speaks the unified video format.
 *
 * ```ts
 * const gentask = createGentask({
 *   providers: [sora({ baseUrl: "https://relay.example.com", apiKey: process.env.SORA_API_KEY })]
 * })
 * const request = sora.models["sora-2"]({ prompt: "A fox in the snow", aspectRatio: "16:9" })
 * const task = await gentask.wait("sora:sora-2:task_01k6x15vhrff09dkkqjrzwhm60")
 * ```
 *
 * @param options The API key, the relay (one of the endpoints, or a `baseUrl`), and {@link SoraSettings}.
 */
export const sora: ProviderFactory<SoraSettings, "jxincm" | "octopusx" | "yunwu" | "apertis", SoraModels> =
  providerFactory(spec, models)
