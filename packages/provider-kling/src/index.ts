/** The gentask provider for the image, video and audio tasks of Kling AI. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { AccountOptions, ProviderFactory } from "@gentask/core/provider"
import { balance, recover, webhook } from "./account.ts"
import { authorize } from "./authorize.ts"
import { decode, statuses } from "./decode.ts"
import { errors } from "./errors.ts"
import { models } from "./models/table.ts"
import type { KlingModels } from "./models/table.ts"
import { params, tasksPath } from "./route.ts"
import { submit } from "./submit.ts"

const monthMs = 30 * 24 * 60 * 60_000

/**
 * The provider for Kling AI (https://kling.ai). A model with its own path, such as `text-to-video/kling-3.0`, is created
 * there and queried at `GET /tasks?task_ids=`. Every other model is created at `POST /v1/{path}` and queried at
 * `GET /v1/{path}/{task_id}`. The ref has the path as a param. The API key is a key, or `ACCESS_KEY|SECRET_KEY`.
 *
 * @see https://kling.ai/document-api/api/get-started/authentication
 */
const spec = defineProvider({
  specVersion: 1,
  id: "kling",
  title: "Kling AI",
  docs: "https://kling.ai/document-api/api/get-started/authentication",
  examples: [
    "kling:867283741759111202",
    "kling:893605946402811985?path=tasks",
    "kling:867283741759111202?path=videos/image2video",
    "kling:867283741759111202?path=videos/avatar/image2video",
    "kling:867283741759111202?path=images/generations"
  ],
  mediaKinds: ["image", "video", "audio"],
  statuses,
  endpoints: {
    singapore: { baseUrl: "https://api-singapore.klingai.com" },
    beijing: {
      baseUrl: "https://api-beijing.klingai.com",
      docs: "https://klingai.com/document-api/api/get-started/authentication"
    }
  },
  defaultEndpoint: "singapore",
  params,
  authorize,
  errors,
  query: {
    request: ({ id, params: { path } }) => {
      const headers = { "content-type": "application/json" }
      if (path !== tasksPath) return { method: "GET", path: `/v1/${path}/${encodeURIComponent(id)}`, headers }
      // A comma separates ids.
      if (id.includes(",")) throw new Error("Invalid task id: it contains a comma.")
      return { method: "GET", path: "/tasks", query: { task_ids: id }, headers }
    },
    decode
  },
  submit,
  recover,
  balance,
  webhook,
  resultLifetimeMs: { image: monthMs, video: monthMs, audio: monthMs }
})

export default spec

/**
 * Configures a Kling AI account.
 *
 * ```ts
 * const gentask = createGentask({ providers: [kling({ apiKey: process.env.KLING_API_KEY })] })
 * const request = kling.models["text-to-video/kling-3.0"]({ prompt: "A fox in the snow", duration: 5 })
 * ```
 *
 * @param options The API key, and the endpoint unless it is `singapore`.
 */
export const kling: ProviderFactory<AccountOptions, "singapore" | "beijing", KlingModels> = providerFactory(
  spec,
  models
)
