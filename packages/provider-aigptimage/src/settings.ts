/** The settings of an account, and the limits that follow from them. */
import type { RateLimit } from "@gentask/core/provider"
import * as z from "zod"

/** The limits of each tier. See https://aigptimage.com/en/docs/rate-limits */
const tiers = {
  free: { queries: [2, 60], submits: [1, 10], activeTasks: 1 },
  basic: { queries: [20, 1000], submits: [5, 180], activeTasks: 5 },
  standard: { queries: [50, 3000], submits: [10, 600], activeTasks: 15 },
  pro: { queries: [100, 6000], submits: [20, 1200], activeTasks: 30 },
  ultra: { queries: [200, 12_000], submits: [50, 3000], activeTasks: 80 },
  enterprise: { queries: [500, 30_000], submits: [100, 6000], activeTasks: 300 }
} as const

/** The settings of an AI GPT Image account, besides the options of every provider. */
export interface AigptimageSettings {
  /** The tier of the API key at aigptimage.com, which determines its limits. @default "free", the lowest limits */
  readonly tier?: keyof typeof tiers | undefined
  /**
   * Whose rules apply: limits, uploads, webhooks, and the idempotency key. Set it for a `baseUrl` that mirrors kie.ai.
   *
   * @default that of the endpoint
   */
  readonly vendor?: "aigptimage" | "kie" | undefined
}

/** The settings of an account, validated. */
export interface ValidSettings {
  /** See `AigptimageSettings`. */
  readonly tier: keyof typeof tiers
  /** See `AigptimageSettings`. */
  readonly vendor: "aigptimage" | "kie"
}

export const settings: z.ZodType<ValidSettings, AigptimageSettings> = z.strictObject({
  tier: z.enum(["free", "basic", "standard", "pro", "ultra", "enterprise"]).default("free"),
  vendor: z.enum(["aigptimage", "kie"]).default("aigptimage")
})

const perSecondAndMinute = ([second, minute]: readonly [number, number]): ReadonlyArray<RateLimit> => [
  { requests: second, windowMs: 1000 },
  { requests: minute, windowMs: 60_000 }
]

/** Per API key. */
export const queryLimits = ({ vendor, tier }: ValidSettings): ReadonlyArray<RateLimit> =>
  vendor === "kie" ? [{ requests: 10, windowMs: 1000 }] : perSecondAndMinute(tiers[tier].queries)

/** Per API key at aigptimage.com, and per account at kie.ai. */
export const submitLimits = ({ vendor, tier }: ValidSettings): ReadonlyArray<RateLimit> =>
  vendor === "kie" ? [{ requests: 20, windowMs: 10_000 }] : perSecondAndMinute(tiers[tier].submits)

/** The tasks that have not ended. kie.ai documents no limit. */
export const activeTaskLimit = ({ vendor, tier }: ValidSettings): number | undefined =>
  vendor === "kie" ? undefined : tiers[tier].activeTasks
