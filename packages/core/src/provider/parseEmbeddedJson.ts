import { tryParseJson } from "./tryParseJson.ts"

/**
 * Parses a field that contains JSON as text, for a schema to validate.
 *
 * ```ts
 * z.preprocess(parseEmbeddedJson, z.object({ url: z.string() }).nullish())
 * ```
 *
 * @returns The parsed value; undefined for absent or blank text, and null for text that is not valid JSON. Values other
 *   than text are returned as they are.
 */
export const parseEmbeddedJson = (value: unknown): unknown => {
  if (typeof value !== "string") return value ?? undefined
  return value.trim() === "" ? undefined : (tryParseJson(value) ?? null)
}
