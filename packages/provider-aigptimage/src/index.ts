/** The gentask provider for the tasks of AI GPT Image. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { ProviderFactory } from "@gentask/core/provider"
import * as z from "zod"
import { decode, decodeError } from "./decode.ts"
import { errors } from "./errors.ts"
import { balance, upload, uploadHost, webhook } from "./kie.ts"
import { models } from "./models/table.ts"
import type { AigptimageModels } from "./models/table.ts"
import { queryLimits, settings } from "./settings.ts"
import type { AigptimageSettings } from "./settings.ts"
import { statuses } from "./statuses.ts"
import { submit } from "./submit.ts"
import { veoParams } from "./veo.ts"

export type { AigptimageSettings } from "./settings.ts"

/**
 * The provider for AI GPT Image (https://aigptimage.com): `POST /api/v1/jobs/createTask` and
 * `GET /api/v1/jobs/recordInfo?taskId=`; and for kie.ai, the origin of the format, as the endpoint `kie`. Veo 3.1 of
 * kie.ai has paths of its own, and its refs have the param `api=veo`. Rate limits of AI GPT Image apply per API key, in
 * windows of 1 s and of 60 s. It does not document how long links are valid.
 *
 * @see https://aigptimage.com/docs/tasks/create-task
 */
const spec = defineProvider({
  specVersion: 1,
  id: "aigptimage",
  title: "AI GPT Image",
  docs: "https://aigptimage.com/docs/tasks/create-task",
  examples: [
    "aigptimage:5064bd1a-025a-490b-b28f-6a9fa12eb88a",
    "aigptimage@kie:task_google_1765178608584",
    "aigptimage@kie:veo_task_abcdef123456?api=veo"
  ],
  mediaKinds: ["image", "video", "audio"],
  statuses,
  endpoints: {
    aigptimage: { baseUrl: "https://aigptimage.com" },
    kie: {
      baseUrl: "https://api.kie.ai",
      docs: "https://docs.kie.ai/market/quickstart",
      settings: { vendor: "kie" },
      hosts: [uploadHost]
    }
  },
  defaultEndpoint: "aigptimage",
  requires: ["hosts", "bodies"],
  settings,
  params: z.strictObject({ api: z.literal(veoParams.api).optional() }),
  errors,
  query: {
    request: ({ id, params }) => ({
      method: "GET",
      path: params.api === undefined ? "/api/v1/jobs/recordInfo" : "/api/v1/veo/record-info",
      errors,
      query: { taskId: id }
    }),
    decode,
    decodeError
  },
  submit,
  upload,
  balance,
  webhook,
  rateLimits: queryLimits,
  // Inferred: kie.ai, the origin of the format, recommends 2 to 3 s at first and 15 to 30 s later.
  pollHint: { minMs: 3000, maxMs: 30_000 }
})

export default spec

/**
 * Configures an AI GPT Image account.
 *
 * ```ts
 * const gentask = createGentask({
 *   providers: [aigptimage({ apiKey: process.env.AIGPTIMAGE_API_KEY, tier: "basic" })]
 * })
 * const request = aigptimage.models["nano-banana-2"]({ prompt: "A fox in the snow" }, { account: "kie" })
 * const task = await gentask.wait("aigptimage:5064bd1a-025a-490b-b28f-6a9fa12eb88a")
 * ```
 *
 * @param options The API key, and {@link AigptimageSettings}.
 */
export const aigptimage: ProviderFactory<AigptimageSettings, "aigptimage" | "kie", AigptimageModels> =
  providerFactory(spec, models)
