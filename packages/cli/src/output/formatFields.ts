import type { JsonSchema } from "@gentask/core/internal/submit"
import { choicesOf, isMediaField, itemsOf } from "../submit/convertValue.ts"
import { oneLine } from "./sanitize.ts"

const maxLength = 200

const nested = (schema: JsonSchema): ReadonlyArray<JsonSchema> => {
  const alternatives = schema["anyOf"] ?? schema["oneOf"]
  return Array.isArray(alternatives) ? (alternatives as ReadonlyArray<JsonSchema>) : []
}

const rangeOf = (schema: JsonSchema, min: string, max: string): string => {
  const bound = (name: string): string => {
    const value = schema[name]
    // Libraries state the limits of integers explicitly.
    return typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? String(value) : ""
  }
  const [low, high] = [bound(min), bound(max)]
  return low === "" && high === "" ? "" : ` ${low}..${high}`
}

/** Describes the type of a field: `text`, `1:1 | 16:9`, `integer 5..20`, `list of image/*`. */
export const formatType = (schema: JsonSchema): string => {
  const choices = choicesOf(schema)
  if (choices !== undefined) return choices.map(String).join(" | ")
  const alternatives = nested(schema)
  if (alternatives.length > 0) return alternatives.map(formatType).join(" | ")
  const items = itemsOf(schema)
  if (items !== undefined) return `list of ${formatType(items)}${rangeOf(schema, "minItems", "maxItems")}`
  if (isMediaField(schema)) return `${String(schema["contentMediaType"])} (FILE or URL)`
  const type = [schema.type ?? "any"].flat().join(" | ")
  if (type === "string") return `text${rangeOf(schema, "minLength", "maxLength")}`
  return `${type}${rangeOf(schema, "minimum", "maximum")}`
}

/** Returns the rows of a model's fields: name, type, whether it is required, default. */
export const formatFields = (schema: JsonSchema | null): ReadonlyArray<ReadonlyArray<string>> => {
  const required = new Set(schema?.required)
  return Object.entries(schema?.properties ?? {}).map(([name, field]) => [
    oneLine(name),
    oneLine(formatType(field), maxLength),
    required.has(name) ? "yes" : "",
    field["default"] === undefined ? "" : oneLine(JSON.stringify(field["default"]))
  ])
}
