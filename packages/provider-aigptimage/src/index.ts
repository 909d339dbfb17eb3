/** AI GPT Image's tasks, for gentask. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import * as z from "zod"
import { interpret, refuse, statuses } from "./interpret.ts"
import { response } from "./wire.ts"

/** Queries a second and a minute, by tier: https://aigptimage.com/en/docs/rate-limits */
const queries = {
  free: [2, 60],
  basic: [20, 1000],
  standard: [50, 3000],
  pro: [100, 6000],
  ultra: [200, 12_000],
  enterprise: [500, 30_000]
} as const

/** What an account can be told, besides `apiKey`, `endpoint`, `baseUrl`, `userAgent` and `account`. */
export interface AigptimageSettings {
  /** The tier of the key, which sets how often it may ask. @default "free", which is never too fast */
  readonly tier?: keyof typeof queries | undefined
}

const settings: z.ZodType<{ readonly tier: keyof typeof queries }, AigptimageSettings> = z.strictObject({
  tier: z.enum(["free", "basic", "standard", "pro", "ultra", "enterprise"]).default("free")
})

/**
 * AI GPT Image (https://aigptimage.com): `GET /api/v1/jobs/recordInfo?taskId=`. Limits hold for each key, in windows
 * of 1 s and of 60 s. How long links live is not documented.
 */
const spec = defineProvider({
  specVersion: 1,
  id: "aigptimage",
  title: "AI GPT Image",
  docs: "https://aigptimage.com/docs/tasks/create-task",
  examples: ["aigptimage:5064bd1a-025a-490b-b28f-6a9fa12eb88a"],
  mediaKinds: ["image", "video", "audio"],
  statuses,
  endpoints: { aigptimage: { baseUrl: "https://aigptimage.com" } },
  settings,
  query: {
    request: (task) => ({ method: "GET", path: "/api/v1/jobs/recordInfo", query: { taskId: task.id } }),
    response,
    decode: interpret,
    decodeError: refuse
  },
  rateLimits: ({ tier }) => [
    { requests: queries[tier][0], windowMs: 1000 },
    { requests: queries[tier][1], windowMs: 60_000 }
  ],
  // Inferred: kie.ai, the origin of the format, asks for 2 to 3 s at first and for 15 to 30 s in the end.
  pollHint: { minMs: 3000, maxMs: 30_000 }
})

export default spec

/** Configures an account of AI GPT Image: `aigptimage({ apiKey })`. */
export const aigptimage = providerFactory(spec)
