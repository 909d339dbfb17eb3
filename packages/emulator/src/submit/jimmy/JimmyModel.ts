/** A row of the table of Jimmy AI's models. */
import { text } from "../bodyFields.ts"
import type { BodyFields, Fields } from "../bodyFields.ts"

/** A family of models with the same paths and fields. */
export interface JimmyModel {
  /** Matches the whole model id. */
  readonly pattern: RegExp
  /** The paths that create its tasks, below `/api/open-api/v1`. The first one is named in errors. */
  readonly paths: readonly string[]
  /** The fields of its body, by path if they differ. */
  readonly fields: BodyFields | Readonly<Record<string, BodyFields>>
}

/** The fields that every body requires. */
export const base: Fields = { model: text(), prompt: text() }
