import * as z from "zod"
import { workflow } from "./workflow.ts"
import type { Workflow } from "./workflow.ts"

/** The settings of an account, besides the options of every provider. */
export interface ComfyuiSettings {
  /**
   * Workflows in the API format, by the names that submits use as the model. A submit may also contain its workflow.
   *
   * @default none
   */
  readonly workflows?: Readonly<Record<string, Workflow>> | undefined
}

/** The settings of an account, validated. */
export interface ValidSettings {
  /** See `ComfyuiSettings`. */
  readonly workflows: Readonly<Record<string, Workflow>>
}

export const settings: z.ZodType<ValidSettings, ComfyuiSettings> = z.strictObject({
  workflows: z.record(z.string(), workflow).default({})
})
