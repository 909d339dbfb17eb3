import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec"
import { describe, expect, it } from "vitest"
import { lazySchema } from "../../src/provider/index.ts"

const schema: StandardSchemaV1<unknown, string> & StandardJSONSchemaV1<unknown, string> = {
  "~standard": {
    version: 1,
    vendor: "test",
    validate: (value) =>
      typeof value === "string" ? { value } : { issues: [{ message: "must be a string" }] },
    jsonSchema: { input: ({ target }) => ({ target }), output: () => ({ type: "string" }) }
  }
}

describe("lazySchema", () => {
  it("creates the schema once, when it is first used", () => {
    let created = 0
    const { validate, jsonSchema } = lazySchema(() => {
      created += 1
      return schema
    })["~standard"]
    expect(created).toBe(0)
    expect(validate("A fox")).toEqual({ value: "A fox" })
    expect(validate(7)).toEqual({ issues: [{ message: "must be a string" }] })
    expect(jsonSchema.input({ target: "draft-2020-12" })).toEqual({ target: "draft-2020-12" })
    expect(jsonSchema.output({ target: "draft-2020-12" })).toEqual({ type: "string" })
    expect(created).toBe(1)
  })
})
