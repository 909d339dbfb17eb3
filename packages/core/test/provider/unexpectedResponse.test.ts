import { expect, it } from "vitest"
import { unexpectedResponse } from "@gentask/core/provider"

it("has the code and the message of the response", () => {
  expect(unexpectedResponse({ error: { code: "E1", message: "busy" } }, "id")).toEqual({
    _tag: "UnexpectedResponse",
    path: "id",
    code: "E1",
    message: "busy"
  })
})

it("says what is missing if the response has no message", () => {
  expect(unexpectedResponse({}, "data.id")).toEqual({
    _tag: "UnexpectedResponse",
    path: "data.id",
    message: "The response has no data.id"
  })
  expect(unexpectedResponse(undefined, "", "The response has no content").message).toBe(
    "The response has no content"
  )
})
