/** Kling AI's image and video tasks, for gentask. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import * as z from "zod"
import { authorize } from "./authorize.ts"
import { interpret, refuse, statuses } from "./interpret.ts"
import { response } from "./wire.ts"

const textToVideo = "videos/text2video"
const paths = [textToVideo, "videos/image2video", "videos/omni-video", "images/generations"] as const

const hints = z.strictObject({
  path: z
    .enum(paths, { error: `it is the path that the task was submitted to, one of ${paths.join(", ")}` })
    .default(textToVideo)
})

/**
 * Kling AI (https://kling.ai): `GET /v1/{path}/{task_id}`, where the hint `path` is the one that the task was submitted
 * to, such as `images/generations`. The key is `ACCESS_KEY|SECRET_KEY`.
 */
const spec = defineProvider({
  specVersion: 1,
  id: "kling",
  title: "Kling AI",
  docs: "https://app.klingai.com/global/dev/document-api/apiReference/commonInfo",
  examples: ["kling:867283741759111202", ...paths.map((path) => `kling:867283741759111202?path=${path}`)],
  mediaKinds: ["image", "video"],
  statuses,
  endpoints: {
    singapore: { baseUrl: "https://api-singapore.klingai.com" },
    beijing: { baseUrl: "https://api-beijing.klingai.com", docs: "https://klingai.com/document-api" }
  },
  defaultEndpoint: "singapore",
  params: hints,
  authorize,
  query: {
    request: ({ id, params: { path } }) => ({
      method: "GET",
      path: `/v1/${path}/${encodeURIComponent(id)}`,
      headers: { "content-type": "application/json" }
    }),
    response,
    decode: interpret,
    decodeError: refuse
  }
})

export default spec

/** Configures an account of Kling AI: `kling({ apiKey: "ACCESS_KEY|SECRET_KEY" })`. */
export const kling = providerFactory(spec)
