/** Jimmy AI's image and video tasks, for gentask. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import * as z from "zod"
import { interpret, statuses } from "./interpret.ts"
import { response } from "./wire.ts"

/** What an account of Jimmy AI can be told, besides `apiKey`, `endpoint`, `baseUrl`, `userAgent` and `account`. */
export interface JimmySettings {
  /** What a task makes where its ref does not say so by the hint `kind`. @default "image" */
  readonly kind?: "image" | "video" | undefined
}

const kind = z.enum(["image", "video"])
const settings: z.ZodType<{ readonly kind: z.infer<typeof kind> }, JimmySettings> = z.strictObject({
  kind: kind.default("image")
})

const day = 24 * 60 * 60 * 1000

/**
 * Jimmy AI (https://www.jimmyai.cn): `GET /api/open-api/v1/images/{id}`, or `/videos/{id}` with the hint `kind=video`.
 * Links live 3 days. The vendor documents neither rate limits nor a polling interval.
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
    decode: interpret
  },
  resultLifetimeMs: { image: 3 * day, video: 3 * day }
})

export default spec

/** Configures an account of Jimmy AI: `jimmy({ apiKey })`. */
export const jimmy = providerFactory(spec)
