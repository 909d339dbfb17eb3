import * as z from "zod"

/** The settings of an account at a relay, besides the options of every provider. Both are needed, or none. */
export interface SoraSettings {
  /**
   * The access token of the relay's console. It is a secret. Only used to list tasks after a submit with an unknown
   * outcome, at relays that run the new-api gateway. @default tasks cannot be listed
   */
  readonly consoleToken?: string | undefined
  /** The id of the user in the relay's console. */
  readonly consoleUser?: string | undefined
}

/** The settings of an account, validated. */
export interface ValidSettings {
  /** See `SoraSettings`. */
  readonly consoleToken?: string | undefined
  /** See `SoraSettings`. */
  readonly consoleUser?: string | undefined
}

/** Tokens and ids become headers. */
const header = z
  .string()
  .regex(/^[\x21-\x7e]+$/, "must contain neither spaces nor characters outside of ASCII")
  .optional()

export const settings: z.ZodType<ValidSettings, SoraSettings> = z
  .strictObject({ consoleToken: header, consoleUser: header })
  .refine(({ consoleToken, consoleUser }) => (consoleToken === undefined) === (consoleUser === undefined), {
    path: ["consoleUser"],
    message: "must be set together with consoleToken"
  })
