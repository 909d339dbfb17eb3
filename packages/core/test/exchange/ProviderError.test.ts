import { describe, expect, it } from "vitest"
import { ProviderError } from "../../src/exchange/ProviderError.ts"
import type { ErrorReason } from "../../src/provider/ErrorReason.ts"
import { SubmitRejected } from "../../src/submit/SubmitError.ts"

const messageOf = (reason: ErrorReason): string =>
  new ProviderError({ provider: "acme", account: "acme", ref: "acme:1", reason }).message

const submitMessageOf = (reason: ErrorReason): string => {
  const failure = {
    reason: "unknown",
    code: null,
    message: null,
    requestId: null,
    canResubmit: null
  } as const
  const submit = { account: "acme", model: "acme-1", idempotencyKey: "1", intent: null }
  return new SubmitRejected({ ...submit, reason, failure }).message
}

describe("the message of an account without credits", () => {
  it("says that the task is not affected, if there is one", () => {
    expect(messageOf({ _tag: "InsufficientCredits" })).toBe(
      "acme:1: the account has no credits left. Add credits to the account. The task itself is not affected."
    )
    expect(submitMessageOf({ _tag: "InsufficientCredits" })).toBe(
      "acme acme-1: no task was created: the account has no credits left. Add credits to the account."
    )
  })
})

describe("the message of a rejected submit", () => {
  it("says to check the model and the base URL if the path was not found", () => {
    expect(submitMessageOf({ _tag: "InvalidRequest", httpStatus: 404 })).toMatch(
      /Check the name of the model, and the base URL if the account has one\.$/
    )
    expect(submitMessageOf({ _tag: "InvalidRequest", httpStatus: 422 })).not.toMatch(/base URL/)
  })
})

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
