/** Converts text of the command line to the values of a model's input, by its JSON Schema. */
import type { JsonSchema } from "@gentask/core/internal/submit"

const schemasIn = (value: unknown): ReadonlyArray<JsonSchema> =>
  Array.isArray(value) ? (value as ReadonlyArray<JsonSchema>) : []

/** Returns the schemas that a value may match one of. */
const alternativesOf = (schema: JsonSchema): ReadonlyArray<JsonSchema> => {
  const nested = [...schemasIn(schema["anyOf"]), ...schemasIn(schema["oneOf"]), ...schemasIn(schema["allOf"])]
  return nested.length === 0 ? [schema] : nested.flatMap(alternativesOf)
}

const hasType = (schema: JsonSchema, type: string): boolean => [schema.type].flat().includes(type)

/** Returns the only values that a schema allows, if it lists them. */
export const choicesOf = (schema: JsonSchema): ReadonlyArray<unknown> | undefined => {
  if ("const" in schema) return [schema["const"]]
  return Array.isArray(schema["enum"]) ? (schema["enum"] as ReadonlyArray<unknown>) : undefined
}

/** Returns the schema of the elements, if the field is a list. */
export const itemsOf = (schema: JsonSchema): JsonSchema | undefined => {
  const list = alternativesOf(schema).find((each) => hasType(each, "array"))
  return list === undefined ? undefined : ((list["items"] as JsonSchema | undefined) ?? {})
}

/** Checks whether a field is media, or a list of media. */
export const isMediaField = (schema: JsonSchema): boolean =>
  alternativesOf(schema).some((each) => {
    const items = hasType(each, "array") ? (each["items"] as JsonSchema | undefined) : undefined
    return each["contentMediaType"] !== undefined || (items !== undefined && isMediaField(items))
  })

const numberPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

const keywords: Readonly<Record<string, unknown>> = { true: true, false: false, null: null }

const typeOfKeyword = (text: string): string => (text === "null" ? "null" : "boolean")

/** Converts one value. Text stays as typed where the field is a text, and where the text is not a value of its type. */
export const convertText = (text: string, schema: JsonSchema): unknown => {
  const alternatives = alternativesOf(schema)
  const choices = alternatives.flatMap((each) => choicesOf(each) ?? [])
  if (choices.includes(text)) return text
  if (alternatives.some((each) => hasType(each, "string") && choicesOf(each) === undefined)) return text
  const isNumber = alternatives.some((each) => hasType(each, "number") || hasType(each, "integer"))
  const hasNumbers = choices.some((choice) => typeof choice === "number")
  if ((isNumber || hasNumbers) && numberPattern.test(text)) return Number(text)
  const isKeyword = Object.hasOwn(keywords, text)
  const accepts = (each: JsonSchema): boolean =>
    hasType(each, typeOfKeyword(text)) || (choicesOf(each) ?? []).includes(keywords[text])
  return isKeyword && alternatives.some(accepts) ? keywords[text] : text
}
