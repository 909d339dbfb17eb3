import { describe, expect, it } from "vitest"
import { studioFailures } from "./support/OperationDefect.ts"

describe("the checks of operations", () => {
  it("accept a valid provider with every operation", () => {
    expect(studioFailures()).toEqual({})
  })
})
