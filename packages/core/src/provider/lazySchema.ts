import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec"

/** A schema that also implements Standard JSON Schema. */
type Schema = StandardSchemaV1 & StandardJSONSchemaV1

/**
 * Creates a schema when it is first used. A package with hundreds of models would be slow to import otherwise.
 *
 * ```ts
 * const input = lazySchema(() => z.strictObject({ prompt: z.string() }))
 * ```
 *
 * @param create Creates the schema, with any library that implements Standard Schema and Standard JSON Schema. It is
 *   called once.
 */
export const lazySchema = <Created extends Schema>(
  create: () => Created
): StandardSchemaV1<StandardSchemaV1.InferInput<Created>, StandardSchemaV1.InferOutput<Created>> &
  StandardJSONSchemaV1<StandardSchemaV1.InferInput<Created>, StandardSchemaV1.InferOutput<Created>> => {
  let created: Created | undefined
  const standard = (): Schema["~standard"] => (created ??= create())["~standard"]
  return {
    "~standard": {
      version: 1,
      vendor: "gentask",
      // The types of the schema, which TypeScript cannot follow through the inference.
      validate: (value) => standard().validate(value) as never,
      jsonSchema: {
        input: (options) => standard().jsonSchema.input(options),
        output: (options) => standard().jsonSchema.output(options)
      }
    }
  }
}
