/** The gentask provider for the video tasks of MiniMax (Hailuo). */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import { decode, statuses } from "./decode.ts"
import { task } from "./wire.ts"

/**
 * The provider for the first video API of MiniMax (https://www.minimax.io): `GET /v1/query/video_generation?task_id=…`,
 * and for a task that has succeeded `GET /v1/files/retrieve?file_id=…`, which returns the link. An API key is valid at one
 * of the two endpoints.
 *
 * @see https://platform.minimax.io/docs/api-reference/video-generation-query
 */
const spec = defineProvider({
  specVersion: 1,
  id: "minimax",
  title: "MiniMax (Hailuo) videos",
  docs: "https://platform.minimax.io/docs/api-reference/video-generation-query",
  examples: ["minimax:176843862716480"],
  mediaKinds: ["video"],
  statuses,
  endpoints: {
    global: { baseUrl: "https://api.minimax.io" },
    cn: {
      baseUrl: "https://api.minimaxi.com",
      docs: "https://platform.minimaxi.com/docs/api-reference/video-generation-query"
    }
  },
  defaultEndpoint: "global",
  query: {
    request: ({ id }) => ({ method: "GET", path: "/v1/query/video_generation", query: { task_id: id } }),
    response: task,
    decode
  }
})

export default spec

/**
 * Configures a MiniMax account.
 *
 * ```ts
 * const gentask = createGentask({ providers: [minimax({ apiKey: process.env.MINIMAX_API_KEY })] })
 * ```
 *
 * @param options The API key, and the endpoint unless it is `global`.
 */
export const minimax = providerFactory(spec)
