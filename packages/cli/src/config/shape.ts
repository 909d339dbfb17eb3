/** What a configuration file may say. Strict: an unknown word is an error, as it is most likely a mistake. */
import * as z from "zod"
import { durationExamples, parseDuration } from "../duration.ts"
import { providerIds } from "../installed.ts"

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

/** A configuration file. */
export const configurationFile = z.strictObject({
  providers: z
    .strictObject(Object.fromEntries(providerIds.map((id) => [id, provider.optional()])))
    .optional(),
  /** How long `wait` waits, where the command line does not say. */
  timeout: duration.optional(),
  /** The shortest time between two polls of a task, where the command line does not say. */
  interval: duration.optional(),
  /** The folder of `save`, where the command line does not say. */
  out: text.optional()
})

export type AccountFile = z.infer<typeof account>
export type ConfigurationFile = z.infer<typeof configurationFile>
