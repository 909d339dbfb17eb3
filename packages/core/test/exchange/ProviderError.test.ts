import { describe, expect, it } from "vitest"
import { ProviderError } from "../../src/exchange/ProviderError.ts"
import type { ErrorReason } from "../../src/provider/ErrorReason.ts"

const messageOf = (reason: ErrorReason): string =>
  new ProviderError({ provider: "acme", account: "acme", ref: "acme:1", reason }).message

const changed = /the vendor may have changed its format/

describe("the message of an unexpected response", () => {
  it("says that the vendor may have changed its format if a member is not as documented", () => {
    const reason = { _tag: "UnexpectedResponse", path: "data.status", httpStatus: 200 } as const
    expect(messageOf(reason)).toBe(
      "acme:1: unexpected response (HTTP 200, at data.status). Check the base URL. If it is correct, the vendor may have changed its format."
    )
  })

  it.each([
    ["the vendor's code", { path: "code", code: "50000", message: "Sorry" }],
    ["a redirect", { path: "", httpStatus: 308, message: "The host redirects to https://acme.example/" }],
    ["a response that is not JSON", { path: "", message: 'The response is a web page: "Login"' }]
  ])("does not say so for %s", (_, detail) => {
    expect(messageOf({ _tag: "UnexpectedResponse", httpStatus: 200, ...detail })).not.toMatch(changed)
  })

  it("says to check the base URL if the response as a whole is not that of the vendor", () => {
    const message = 'The response is a web page: "Login"'
    expect(messageOf({ _tag: "UnexpectedResponse", path: "", message })).toMatch(/Check the base URL\.$/)
  })
})
