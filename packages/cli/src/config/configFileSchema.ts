import { providerIdPattern } from "@gentask/core/internal"
import * as z from "zod"
import { durationExamples, parseDurationOrSeconds } from "../duration.ts"

const text = z.string().min(1)

const duration = z
  .string()
  .meta({ examples: ["10m", "90s", "1h30m", "500ms", "90"] })
  .refine(
    (value) => parseDurationOrSeconds(value) !== undefined,
    `expected a duration such as ${durationExamples}`
  )

/** The options of an account. All other keys are settings of the provider, which validates them. */
const account = z.looseObject({
  endpoint: text.optional().describe("One of the provider's endpoints by name."),
  baseUrl: text.optional().describe("The base URL of another host with the same format."),
  userAgent: text.optional().describe("The User-Agent header, for hosts that reject unknown clients."),
  apiKeyVariable: text.optional().describe("The environment variable that contains the API key."),
  apiKey: text.optional().describe("The API key. Allowed only in the user's own file.")
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
    .describe("More accounts by name.")
})

const providerId = z
  .string()
  .regex(
    providerIdPattern,
    "a provider id must start with a lowercase letter and contain only lowercase letters, digits and hyphens"
  )

/** When a submit needs a confirmation. */
export const spend = z.strictObject({
  maxSubmitsPerDay: z
    .int()
    .min(0)
    .optional()
    .describe("How many submits of 24 hours need no confirmation. A project can only lower it."),
  confirm: z
    .boolean()
    .optional()
    .describe("Whether every submit needs a confirmation. A project can only set it to true.")
})

/** A place to save to. Keys are in the environment, since the files of a project are shared. */
export const target = z.strictObject({
  url: text.describe("The bucket and the prefix of the keys: s3://bucket/prefix."),
  endpoint: text.optional().describe("The URL of the server. The default is AWS_ENDPOINT_URL, or else AWS."),
  region: text.optional().describe("The region of the bucket. The default is AWS_REGION."),
  publicUrl: text.optional().describe("The public URL that the keys are appended to."),
  pathStyle: z
    .boolean()
    .optional()
    .describe(
      "Whether the bucket is in the path instead of the host name. The default is true with an endpoint."
    ),
  partSize: z.int().min(1).optional().describe("The size of the parts of an upload in bytes.")
})

/**
 * A configuration file. It is strict, since an unknown key is most likely a mistake. The descriptions are those of
 * `config.schema.json`, which is generated from it.
 */
export const configFileSchema = z.strictObject({
  $schema: z.string().optional().describe("The JSON Schema of this file, for editors."),
  plugins: z
    .record(providerId, text)
    .optional()
    .describe("More providers by id: a path relative to this file, or the name of a package."),
  // The ids are checked later, when all files have been read.
  providers: z.record(z.string(), provider).optional().describe("Accounts by provider."),
  timeout: duration.optional().describe("The default of wait --timeout, such as 10m."),
  interval: duration.optional().describe("The default of --interval, such as 5s."),
  out: text.optional().describe("The default of save --out."),
  targets: z
    .record(
      z
        .string()
        .regex(
          /^[a-z0-9][a-z0-9-]*$/,
          "the name of a target must contain only lowercase letters, digits and hyphens"
        ),
      target
    )
    .optional()
    .describe("The targets of --to by name."),
  history: z
    .boolean()
    .optional()
    .describe("Whether query, wait, watch and save record tasks. Submits are always recorded."),
  spend: spend.optional().describe("When a submit needs a confirmation.")
})

export type ConfigFileTarget = z.infer<typeof target>
export type ConfigFileAccount = z.infer<typeof account>
export type ConfigFile = z.infer<typeof configFileSchema>
