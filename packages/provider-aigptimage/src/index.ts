/** The gentask provider for the tasks of AI GPT Image. */
import { defineProvider, providerFactory } from "@gentask/core/provider"
import * as z from "zod"
import { decode, decodeError, statuses } from "./decode.ts"
import { response } from "./wire.ts"

/** Requests per second and per minute, by tier. See https://aigptimage.com/en/docs/rate-limits */
const tiers = {
  free: [2, 60],
  basic: [20, 1000],
  standard: [50, 3000],
  pro: [100, 6000],
  ultra: [200, 12_000],
  enterprise: [500, 30_000]
} as const

/** The settings of an AI GPT Image account, besides the options of every provider. */
export interface AigptimageSettings {
  /** The tier of the API key, which determines its rate limits. @default "free", the lowest limits */
  readonly tier?: keyof typeof tiers | undefined
}

const settings: z.ZodType<{ readonly tier: keyof typeof tiers }, AigptimageSettings> = z.strictObject({
  tier: z.enum(["free", "basic", "standard", "pro", "ultra", "enterprise"]).default("free")
})

/**
 * The provider for AI GPT Image (https://aigptimage.com): `GET /api/v1/jobs/recordInfo?taskId=`. Rate limits apply per
 * API key, in windows of 1 s and of 60 s. The vendor does not document how long links are valid.
 *
 * @see https://aigptimage.com/docs/tasks/create-task
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
    decode,
    decodeError
  },
  rateLimits: ({ tier }) => [
    { requests: tiers[tier][0], windowMs: 1000 },
    { requests: tiers[tier][1], windowMs: 60_000 }
  ],
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
 * const task = await gentask.wait("aigptimage:5064bd1a-025a-490b-b28f-6a9fa12eb88a")
 * ```
 *
 * @param options The API key, and {@link AigptimageSettings}.
 */
export const aigptimage = providerFactory(spec)
