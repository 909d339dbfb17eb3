import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec"

/** A schema that is created when it is first used. */
export interface LazySchema<Input, Output> {
  /** Standard Schema and Standard JSON Schema. */
  readonly "~standard": StandardSchemaV1.Props<Input, Output> & StandardJSONSchemaV1.Props<Input, Output>
}

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
export const lazySchema = <Input, Output>(
  create: () => LazySchema<Input, Output>
): LazySchema<Input, Output> => {
  let created: LazySchema<Input, Output> | undefined
  const standard = (): LazySchema<Input, Output>["~standard"] => (created ??= create())["~standard"]
  return {
    "~standard": {
      version: 1,
      vendor: "gentask",
      validate: (value) => standard().validate(value),
      jsonSchema: {
        input: (options) => standard().jsonSchema.input(options),
        output: (options) => standard().jsonSchema.output(options)
      }
    }
  }
}
