import { describe, expect, it } from "vitest"
import { balanceAt, unexpectedOutcome, withoutTaskId } from "../../src/provider/index.ts"

describe("unexpectedOutcome", () => {
  it("names what is missing, unless the response has a message", () => {
    expect(unexpectedOutcome({}, "url")).toEqual({
      _tag: "Error",
      reason: { _tag: "UnexpectedResponse", path: "url", message: "The response has no url" }
    })
    expect(unexpectedOutcome({ error: "busy" }, "url").reason.message).toBe("busy")
    expect(unexpectedOutcome({}, "data", "The response has no list").reason.message).toBe(
      "The response has no list"
    )
  })
})

describe("withoutTaskId", () => {
  it("leaves the outcome of the submit unknown", () => {
    expect(withoutTaskId({}, "data.id")).toEqual({
      _tag: "UnknownOutcome",
      reason: { _tag: "UnexpectedResponse", path: "data.id", message: "The response has no task id" }
    })
  })
})

describe("balanceAt", () => {
  it("returns the number, with its unit", () => {
    expect(balanceAt({ credits: 0 }, "credits", "credits")).toEqual({
      _tag: "Balance",
      available: { amount: 0, unit: "credits" },
      used: null
    })
  })

  it.each([{}, { credits: null }, { credits: "many" }])("returns no balance for %j", (body) => {
    expect(balanceAt(body, "credits", "credits")).toMatchObject({
      _tag: "Error",
      reason: { path: "credits" }
    })
  })
})
