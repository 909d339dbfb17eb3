/** The unified video format (`/v1/video/query`) of sora, veo, grok and other models behind relays, for gentask. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import { interpret, refuse, statuses } from "./interpret.ts"
import { response } from "./wire.ts"

/**
 * The unified video format: `GET /v1/video/query?id=`. Many relays speak it; one is named, any other is a `baseUrl`.
 * Ids hold a colon (`sora-2:task_01k6…`). No limit, interval or lifetime is documented; core reads the latter from
 * the signed links.
 */
const spec = defineProvider({
  specVersion: 1,
  id: "sora",
  title: "Sora and others, unified video format",
  docs: "https://docs.octopusx.ai/en/videos/sora/unified-query",
  examples: ["sora:sora-2:task_01k6x15vhrff09dkkqjrzwhm60"],
  mediaKinds: ["video"],
  statuses,
  endpoints: {
    jxincm: {
      baseUrl: "https://api.jxincm.cn",
      docs: "https://app.apifox.com/web/project/7016580/apis/api-358967589-run"
    }
  },
  defaultEndpoint: "jxincm",
  query: {
    request: (task) => ({
      method: "GET",
      path: "/v1/video/query",
      query: { id: task.id },
      headers: { "content-type": "application/json", accept: "application/json" }
    }),
    response,
    decode: interpret,
    decodeError: refuse
  }
})

export default spec

/** Configures an account that speaks the unified video format: `sora({ apiKey })`. */
export const sora = providerFactory(spec)
