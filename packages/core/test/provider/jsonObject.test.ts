import { expect, it } from "vitest"
import { jsonObject } from "@gentask/core/provider"

it("accepts a JSON object with any members", () => {
  expect(jsonObject["~standard"].validate({ a: 1, b: null })).toEqual({ value: { a: 1, b: null } })
})

it.each([[[]], ["text"], [1], [null], [undefined]])("rejects %j", (value) => {
  expect(jsonObject["~standard"].validate(value)).toEqual({
    issues: [{ message: "expected a JSON object" }]
  })
})
