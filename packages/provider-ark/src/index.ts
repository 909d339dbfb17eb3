/** The gentask provider for the videos and images of Volcengine Ark and BytePlus ModelArk. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { ProviderFactory } from "@gentask/core/provider"
import * as z from "zod"
import { decode, statuses } from "./decode.ts"
import { errors } from "./errors.ts"
import { models } from "./models/table.ts"
import type { ArkModels } from "./models/table.ts"
import { submit } from "./submit.ts"
import { cancel, recover, taskPath, webhook } from "./tasks.ts"

const day = 24 * 60 * 60 * 1000

/**
 * The provider for Volcengine Ark and BytePlus ModelArk: `/contents/generations/tasks`. An API key is valid at one of them
 * only. Tasks can be queried for 7 days, and links are valid for 24 hours. Images are the response to their submit:
 * `POST /images/generations`. Their refs have the param `kind=image`.
 *
 * @see https://www.volcengine.com/docs/82379/1520757
 * @see https://docs.byteplus.com/en/docs/ModelArk/1520757
 */
const spec = defineProvider({
  specVersion: 1,
  id: "ark",
  title: "Volcengine Ark",
  docs: "https://www.volcengine.com/docs/82379/1520757",
  examples: ["ark:cgt-20260731174311-zmz5s", "ark:01989d4e-5b0a-7c5e-9d3b-2f6a1c8e4d70?kind=image"],
  mediaKinds: ["video", "image", "model"],
  statuses,
  endpoints: {
    volcengine: { baseUrl: "https://ark.cn-beijing.volces.com/api/v3" },
    byteplus: {
      baseUrl: "https://ark.ap-southeast.bytepluses.com/api/v3",
      docs: "https://docs.byteplus.com/en/docs/ModelArk/1520757"
    }
  },
  defaultEndpoint: "volcengine",
  params: z.strictObject({ kind: z.literal("image").optional() }),
  errors,
  query: {
    completesOnSubmit: ({ kind }) => kind === "image",
    request: ({ id }) => ({ method: "GET", path: taskPath(id) }),
    decode
  },
  submit,
  cancel,
  recover,
  webhook,
  resultLifetimeMs: { video: day, image: day, model: day }
})

export default spec

/**
 * Configures an account at Volcengine Ark or BytePlus ModelArk.
 *
 * ```ts
 * const gentask = createGentask({
 *   providers: [ark({ endpoint: "byteplus", apiKey: process.env.ARK_API_KEY })]
 * })
 * const request = ark.models["seedance-1-5-pro-251215"]({ prompt: "A fox in the snow", aspectRatio: "16:9" })
 * const task = await gentask.wait("ark:cgt-20260731174311-zmz5s")
 * ```
 *
 * @param options The endpoint and the API key.
 */
export const ark: ProviderFactory<object, "volcengine" | "byteplus", ArkModels> = providerFactory(
  spec,
  models
)
