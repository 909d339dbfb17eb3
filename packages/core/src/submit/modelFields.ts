/** The fields of a model's input, from the JSON Schema that its schema offers. */
import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { ModelSpec } from "../provider/ModelSpec.ts"

/** A JSON Schema: the members that are read here. */
export interface JsonSchema {
  readonly type?: string | ReadonlyArray<string>
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: ReadonlyArray<string>
  readonly [member: string]: unknown
}

/** Standard JSON Schema, which schema libraries offer beside Standard Schema. */
interface WithJsonSchema {
  readonly jsonSchema?: { readonly input?: (options: { readonly target: string }) => unknown }
}

const isObject = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null

/**
 * Returns the JSON Schema of a schema's input.
 *
 * @returns Undefined if the schema's library does not offer it, or cannot express the schema.
 */
export const jsonSchemaOf = (schema: StandardSchemaV1): JsonSchema | undefined => {
  const standard: WithJsonSchema = schema["~standard"] as WithJsonSchema
  try {
    const json = standard.jsonSchema?.input?.({ target: "draft-2020-12" })
    return isObject(json) ? json : undefined
  } catch {
    return undefined
  }
}

/**
 * Returns the names of the fields of a model's input.
 *
 * @returns Undefined if they are not known.
 */
export const fieldNamesOf = (model: ModelSpec): ReadonlyArray<string> | undefined => {
  const { properties } = jsonSchemaOf(model.input) ?? {}
  return properties === undefined ? undefined : Object.keys(properties)
}
