/** The gentask provider for the image and video tasks of Jimmy AI. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import type { ProviderFactory } from "@gentask/core/provider"
import * as z from "zod"
import { balance, upload } from "./account.ts"
import { prefix } from "./models/routes.ts"
import { decode, statuses } from "./decode.ts"
import { errors } from "./errors.ts"
import { models, submit } from "./submit.ts"
import type { JimmyModels } from "./submit.ts"

/** The settings of a Jimmy AI account, besides the options of every provider. */
export interface JimmySettings {
  /** The kind of tasks whose refs have no param `kind`. @default "image" */
  readonly kind?: "image" | "video" | undefined
}

/** What a task produces. */
const kind = z.enum(["image", "video"])
const settings: z.ZodType<{ readonly kind: z.infer<typeof kind> }, JimmySettings> = z.strictObject({
  kind: kind.default("image")
})

const day = 24 * 60 * 60 * 1000

/**
 * The provider for Jimmy AI (https://www.jimmyai.cn): `GET /api/open-api/v1/images/{id}`, or `/videos/{id}` with the
 * param `kind=video`. Tasks are created below the same prefix, at a path for each family of models. Links are valid for 3
 * days. The vendor documents no rate limits and no polling interval.
 *
 * @see https://docs.jimmyai.cn/en/api-reference/common/query
 */
const spec = defineProvider({
  specVersion: 1,
  id: "jimmy",
  title: "Jimmy AI",
  docs: "https://docs.jimmyai.cn/en/api-reference/common/query",
  examples: [
    "jimmy:6f1f3a52-5f0a-4f9e-9f0e-1c6a3a4b8f11",
    "jimmy:6f1f3a52-5f0a-4f9e-9f0e-1c6a3a4b8f11?kind=video"
  ],
  mediaKinds: ["image", "video"],
  statuses,
  endpoints: {
    jimmyai: { baseUrl: "https://www.jimmyai.cn" },
    viraltok: {
      baseUrl: "https://api.viraltok.ai",
      docs: "https://docs.viraltok.ai/zh/api-reference/openapi.json"
    }
  },
  defaultEndpoint: "jimmyai",
  requires: ["bodies"],
  settings,
  params: z.strictObject({ kind: kind.optional() }),
  errors,
  query: {
    request: (task, account) => {
      const collection = (task.params.kind ?? account.kind) === "video" ? "videos" : "images"
      return { method: "GET", path: `${prefix}/${collection}/${encodeURIComponent(task.id)}` }
    },
    decode
  },
  submit,
  upload,
  balance,
  resultLifetimeMs: { image: 3 * day, video: 3 * day }
})

export default spec

/**
 * Configures a Jimmy AI account.
 *
 * ```ts
 * const gentask = createGentask({ providers: [jimmy({ apiKey: process.env.JIMMY_API_KEY })] })
 * const task = await gentask.wait("jimmy:6f1f3a52-5f0a-4f9e-9f0e-1c6a3a4b8f11?kind=video")
 * const request = jimmy.models["gpt-image-2"]({ prompt: "A fox in the snow", aspectRatio: "16:9" })
 * ```
 *
 * @param options The API key, and {@link JimmySettings}.
 */
export const jimmy: ProviderFactory<JimmySettings, "jimmyai" | "viraltok", JimmyModels> = providerFactory(
  spec,
  models
)
