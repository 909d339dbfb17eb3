import { inspect } from "node:util"
import { expect, it } from "vitest"
import { ConfigurationError, InvalidTaskRef } from "@gentask/core"
import { GentaskError, isGentaskError } from "../../src/task/GentaskError.ts"

const invalidRef = new InvalidTaskRef({ input: "x", problem: "expected provider:taskId" })

it("recognizes gentask errors", () => {
  expect(invalidRef).toBeInstanceOf(GentaskError)
  expect(isGentaskError(invalidRef)).toBe(true)
  expect(
    isGentaskError(new ConfigurationError({ reason: { _tag: "InvalidTaskId", ref: "x" }, message: "" }))
  ).toBe(true)
})

it("recognizes errors of another copy of the package", () => {
  const other = Object.assign(new Error("other"), { [Symbol.for("@gentask/core/GentaskError")]: true })
  expect(isGentaskError(other)).toBe(true)
})

it.each([undefined, null, "text", {}, new Error("other")])("does not recognize %s", (value) => {
  expect(isGentaskError(value)).toBe(false)
})

it("keeps the cause", () => {
  const cause = new Error("cause")
  const error = new ConfigurationError(
    { reason: { _tag: "InvalidOption", option: "timeout" }, message: "Invalid timeout." },
    { cause }
  )
  expect(error.cause).toBe(cause)
})

it("does not show the marker when it is inspected", () => {
  expect(inspect(invalidRef)).not.toContain("Symbol")
})
