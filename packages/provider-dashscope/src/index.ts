/** The gentask provider for the image and video tasks of DashScope, the API of Alibaba Cloud Model Studio. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { ProviderFactory } from "@gentask/core/provider"
import * as z from "zod"
import { decode, statuses } from "./decode.ts"
import { errors } from "./errors.ts"
import { models } from "./models/table.ts"
import type { DashscopeModels } from "./models/table.ts"
import { submit } from "./submit.ts"
import { cancel, recover, taskPath, webhook } from "./tasks.ts"
import { upload } from "./upload.ts"

const day = 24 * 60 * 60 * 1000

/**
 * The provider for DashScope: `GET /api/v1/tasks/{id}`. Tasks are created below `/api/v1/services/aigc`, at a path for each
 * family of models. An API key is valid in one region only. Tasks and links are kept for 24 hours.
 * Some models respond to the submit with the result. Their refs have the param `sync=true`.
 *
 * @see https://www.alibabacloud.com/help/en/model-studio/manage-asynchronous-tasks
 */
const spec = defineProvider({
  specVersion: 1,
  id: "dashscope",
  title: "DashScope",
  docs: "https://www.alibabacloud.com/help/en/model-studio/manage-asynchronous-tasks",
  examples: [
    "dashscope:73205176-5a32-4d0a-9b0c-16bd5d902219",
    "dashscope:01989d4e-5b0a-7c5e-9d3b-2f6a1c8e4d70?sync=true"
  ],
  mediaKinds: ["image", "video"],
  statuses,
  endpoints: {
    beijing: { baseUrl: "https://dashscope.aliyuncs.com" },
    singapore: { baseUrl: "https://dashscope-intl.aliyuncs.com" },
    virginia: { baseUrl: "https://dashscope-us.aliyuncs.com" }
  },
  defaultEndpoint: "beijing",
  requires: ["bodies"],
  params: z.strictObject({ sync: z.literal("true").optional() }),
  errors,
  query: {
    completesOnSubmit: ({ sync }) => sync !== undefined,
    request: ({ id }) => ({ method: "GET", path: taskPath(id) }),
    decode
  },
  submit,
  cancel,
  upload,
  recover,
  webhook,
  // Of the cloud account, with its lists and cancels.
  rateLimits: () => [{ requests: 20, windowMs: 1000 }],
  // 5 to 10 seconds for images, and 15 for videos.
  pollHint: { minMs: 5000, maxMs: 15_000 },
  resultLifetimeMs: { image: day, video: day }
})

export default spec

/**
 * Configures an account at DashScope.
 *
 * ```ts
 * const gentask = createGentask({
 *   providers: [dashscope({ endpoint: "singapore", apiKey: process.env.DASHSCOPE_API_KEY })]
 * })
 * const request = dashscope.models["wan2.7-t2v"]({ prompt: "A fox in the snow", aspectRatio: "16:9" })
 * const task = await gentask.wait("dashscope:73205176-5a32-4d0a-9b0c-16bd5d902219")
 * ```
 *
 * @param options The endpoint and the API key.
 */
export const dashscope: ProviderFactory<object, "beijing" | "singapore" | "virginia", DashscopeModels> =
  providerFactory(spec, models)
