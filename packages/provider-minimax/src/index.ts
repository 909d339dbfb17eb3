/** The gentask provider for the video tasks of MiniMax (Hailuo). */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { AccountOptions, ProviderFactory } from "@gentask/core/provider"
import { cancel, recover, upload, webhook } from "./account.ts"
import { params } from "./api.ts"
import { decode, statuses } from "./decode.ts"
import { errors } from "./errors.ts"
import { models } from "./models/table.ts"
import type { MinimaxModels } from "./models/table.ts"
import { submit } from "./submit.ts"
import { response } from "./wire.ts"

/**
 * The provider for the videos of MiniMax (https://www.minimax.io). `MiniMax-H3` and its variants are tasks of the second
 * video API, whose refs have the param `api=v2`: `GET /v2/query/video_generation/{task_id}`. All other models are tasks of
 * the first: `GET /v1/query/video_generation?task_id=`, and for one that has succeeded
 * `GET /v1/files/retrieve?file_id=`, which returns the link. An API key is valid at one of the two endpoints.
 *
 * @see https://platform.minimax.io/docs/api-reference/video-generation-v2-create
 */
const spec = defineProvider({
  specVersion: 1,
  id: "minimax",
  title: "MiniMax (Hailuo) videos",
  docs: "https://platform.minimax.io/docs/api-reference/video-generation-v2-create",
  examples: ["minimax:176843862716480", "minimax:424010985738629?api=v2"],
  mediaKinds: ["video"],
  statuses,
  endpoints: {
    global: { baseUrl: "https://api.minimax.io" },
    cn: {
      baseUrl: "https://api.minimaxi.com",
      docs: "https://platform.minimaxi.com/docs/api-reference/video-generation-v2-create"
    }
  },
  defaultEndpoint: "global",
  requires: ["bodies"],
  params,
  errors,
  query: {
    request: ({ id, params: { api } }) =>
      api === undefined
        ? { method: "GET", path: "/v1/query/video_generation", query: { task_id: id } }
        : { method: "GET", path: `/v2/query/video_generation/${encodeURIComponent(id)}` },
    response,
    decode
  },
  submit,
  cancel,
  upload,
  recover,
  webhook,
  // "Poll about every 10 seconds", say the guides of both.
  pollHint: { minMs: 10_000, maxMs: 10_000 }
})

export default spec

/**
 * Configures a MiniMax account.
 *
 * ```ts
 * const gentask = createGentask({ providers: [minimax({ apiKey: process.env.MINIMAX_API_KEY })] })
 * const request = minimax.models["MiniMax-Hailuo-2.3"]({ prompt: "A fox in the snow", duration: 6 })
 * ```
 *
 * @param options The API key, and the endpoint unless it is `global`.
 */
export const minimax: ProviderFactory<AccountOptions, "global" | "cn", MinimaxModels> = providerFactory(
  spec,
  models
)
