/** The gentask provider for the image and video tasks of Kling AI. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import * as z from "zod"
import { authorize } from "./authorize.ts"
import { decode, decodeError, statuses } from "./decode.ts"
import { response } from "./wire.ts"

const textToVideo = "videos/text2video"
const paths = [textToVideo, "videos/image2video", "videos/omni-video", "images/generations"] as const

const params = z.strictObject({
  path: z
    .enum(paths, { error: `must be the path that the task was submitted to: one of ${paths.join(", ")}` })
    .default(textToVideo)
})

/**
 * The provider for Kling AI (https://kling.ai): `GET /v1/{path}/{task_id}`. The param `path` is the path that the task was
 * submitted to, such as `images/generations`. The API key is `ACCESS_KEY|SECRET_KEY`.
 *
 * @see https://app.klingai.com/global/dev/document-api/apiReference/commonInfo
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
  params,
  authorize,
  query: {
    request: ({ id, params: { path } }) => ({
      method: "GET",
      path: `/v1/${path}/${encodeURIComponent(id)}`,
      headers: { "content-type": "application/json" }
    }),
    response,
    decode,
    decodeError
  }
})

export default spec

/**
 * Configures a Kling AI account.
 *
 * ```ts
 * const gentask = createGentask({ providers: [kling({ apiKey: "ACCESS_KEY|SECRET_KEY" })] })
 * ```
 *
 * @param options The API key, and the endpoint unless it is `singapore`.
 */
export const kling = providerFactory(spec)
