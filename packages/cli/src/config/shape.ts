/** What a configuration file may say. Strict: an unknown word is an error, as it is most likely a mistake. */
import { providerIdPattern } from "@gentask/core/internal"
import * as z from "zod"
import { durationExamples, parseDuration } from "../duration.ts"

const text = z.string().min(1)

const duration = z
  .string()
  .refine((written) => parseDuration(written) !== undefined, `it must be like ${durationExamples}`)

/** The options of an account; whatever else it holds are the provider's own settings, which the provider checks. */
const account = z.looseObject({
  endpoint: text.optional(),
  baseUrl: text.optional(),
  userAgent: text.optional(),
  /** The name of the environment variable that holds the key. */
  apiKeyVariable: text.optional(),
  /** The key itself: in the user's own file alone. */
  apiKey: text.optional()
})

const provider = account.extend({
  accounts: z
    .record(
      z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "an account's name is lower-case letters, digits and hyphens"),
      account
    )
    .optional()
})

const providerId = z
  .string()
  .regex(providerIdPattern, "a provider's id is lower-case letters, digits and hyphens, a letter first")

/** A configuration file. */
export const configurationFile = z.strictObject({
  /** Providers beside the bundled ones: a path that begins at this file's folder, or the name of a package. */
  plugins: z.record(providerId, text).optional(),
  /** The accounts, by provider; which providers there are is known only when all files are read. */
  providers: z.record(z.string(), provider).optional(),
  /** How long `wait` waits, where the command line does not say. */
  timeout: duration.optional(),
  /** The shortest time between two polls of a task, where the command line does not say. */
  interval: duration.optional(),
  /** The folder of `save`, where the command line does not say. */
  out: text.optional(),
  /** Whether `wait` and `watch` remember how long tasks took. */
  history: z.boolean().optional()
})

export type AccountFile = z.infer<typeof account>
export type ConfigurationFile = z.infer<typeof configurationFile>
