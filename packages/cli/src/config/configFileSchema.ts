import { providerIdPattern } from "@gentask/core/internal"
import * as z from "zod"
import { durationExamples, parseDurationOrSeconds } from "../duration.ts"

const text = z.string().min(1)

const duration = z
  .string()
  .refine(
    (value) => parseDurationOrSeconds(value) !== undefined,
    `expected a duration such as ${durationExamples}`
  )

/** The options of an account. All other keys are settings of the provider, which validates them. */
const account = z.looseObject({
  endpoint: text.optional(),
  baseUrl: text.optional(),
  userAgent: text.optional(),
  /** The environment variable that contains the API key. */
  apiKeyVariable: text.optional(),
  /** The API key. Allowed only in the user's own file. */
  apiKey: text.optional()
})

const provider = account.extend({
  accounts: z
    .record(
      z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9-]*$/,
          "an account name must contain only lowercase letters, digits and hyphens"
        ),
      account
    )
    .optional()
})

const providerId = z
  .string()
  .regex(
    providerIdPattern,
    "a provider id must start with a lowercase letter and contain only lowercase letters, digits and hyphens"
  )

/** A configuration file. It is strict, since an unknown key is most likely a mistake. */
export const configFileSchema = z.strictObject({
  /** More providers by id: a path relative to this file, or the name of a package. */
  plugins: z.record(providerId, text).optional(),
  /** Accounts by provider. The ids are checked later, when all files have been read. */
  providers: z.record(z.string(), provider).optional(),
  /** The default of `wait --timeout`. */
  timeout: duration.optional(),
  /** The default of `--interval`. */
  interval: duration.optional(),
  /** The default of `save --out`. */
  out: text.optional(),
  /** Whether `wait` and `watch` store how long tasks took. @default true */
  history: z.boolean().optional()
})

export type ConfigFileAccount = z.infer<typeof account>
export type ConfigFile = z.infer<typeof configFileSchema>
