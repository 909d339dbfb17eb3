/** MiniMax's (Hailuo's) video tasks, for gentask. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import { interpret, statuses } from "./interpret.ts"
import { task } from "./wire.ts"

/**
 * MiniMax (https://www.minimax.io), its first video API: `GET /v1/query/video_generation?task_id=…`, and for a task that
 * succeeded `GET /v1/files/retrieve?file_id=…`, which has the link. A key is good at one of the two endpoints.
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
    decode: interpret
  }
})

export default spec

/** Configures an account of MiniMax: `minimax({ apiKey })`. */
export const minimax = providerFactory(spec)
