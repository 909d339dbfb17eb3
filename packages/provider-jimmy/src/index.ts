/** The gentask provider for the image and video tasks of Jimmy AI. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import * as z from "zod"
import { decode, statuses } from "./decode.ts"
import { response } from "./wire.ts"

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
 * param `kind=video`. Links are valid for 3 days. The vendor documents no rate limits and no polling interval.
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
  endpoints: { jimmy: { baseUrl: "https://www.jimmyai.cn" } },
  settings,
  params: z.strictObject({ kind: kind.optional() }),
  query: {
    request: (task, account) => {
      const collection = (task.params.kind ?? account.kind) === "video" ? "videos" : "images"
      return { method: "GET", path: `/api/open-api/v1/${collection}/${encodeURIComponent(task.id)}` }
    },
    response,
    decode
  },
  resultLifetimeMs: { image: 3 * day, video: 3 * day }
})

export default spec

/**
 * Configures a Jimmy AI account.
 *
 * ```ts
 * const gentask = createGentask({ providers: [jimmy({ apiKey: process.env.JIMMY_API_KEY })] })
 * const task = await gentask.wait("jimmy:6f1f3a52-5f0a-4f9e-9f0e-1c6a3a4b8f11?kind=video")
 * ```
 *
 * @param options The API key, and {@link JimmySettings}.
 */
export const jimmy = providerFactory(spec)
