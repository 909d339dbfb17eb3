import { describe, expect, it } from "vitest"
import { isRecent } from "@gentask/core/provider"
import { isSameSignature, verifyStandardWebhook } from "@gentask/core/signatures"

const seconds = 1_614_265_330
const receivedAt = new Date(seconds * 1000)

describe("isRecent", () => {
  it.each([
    [String(seconds), true],
    [String(seconds - 300), true],
    [String(seconds + 300), true],
    [String(seconds - 301), false],
    [String(seconds + 301), false],
    [`${seconds}.5`, false],
    ["", false],
    [undefined, false]
  ])("decides about %s", (timestamp, expected) => {
    expect(isRecent(timestamp, receivedAt)).toBe(expected)
  })

  it("uses another maximum age", () => {
    expect(isRecent(String(seconds - 61), receivedAt, 60_000)).toBe(false)
  })
})

it("compares signatures of any length", () => {
  expect(isSameSignature("abc", "abc")).toBe(true)
  expect(isSameSignature("abd", "abc")).toBe(false)
  expect(isSameSignature("ab", "abc")).toBe(false)
  expect(isSameSignature(undefined, "abc")).toBe(false)
})

// The example of the reference implementations: https://github.com/standard-webhooks/standard-webhooks.
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
const signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
const headers = {
  "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
  "webhook-timestamp": String(seconds),
  "webhook-signature": signature
}
const request = { headers, text: '{"test": 2432232314}', receivedAt }

describe("verifyStandardWebhook", () => {
  it("accepts the published example, with and without the prefix of the secret", () => {
    expect(verifyStandardWebhook(request, secret)).toBe(true)
    expect(verifyStandardWebhook(request, secret.replace("whsec_", ""))).toBe(true)
  })

  it("accepts one valid signature of several", () => {
    const both = { ...headers, "webhook-signature": `v1,AAAA ${signature}` }
    expect(verifyStandardWebhook({ ...request, headers: both }, secret)).toBe(true)
  })

  it.each([
    ["another body", { ...request, text: '{"test": 1}' }, secret],
    ["another secret", request, "whsec_AAAAAAAAAAAA"],
    ["no secret", request, undefined],
    ["a blank secret", request, "whsec_"],
    ["an old request", { ...request, receivedAt: new Date((seconds + 301) * 1000) }, secret],
    ["another time", { ...request, headers: { ...headers, "webhook-timestamp": `${seconds + 1}` } }, secret],
    ["another id", { ...request, headers: { ...headers, "webhook-id": "msg_2" } }, secret],
    ["no id", { ...request, headers: { ...headers, "webhook-id": "" } }, secret],
    [
      "no signature",
      { ...request, headers: { "webhook-id": "1", "webhook-timestamp": `${seconds}` } },
      secret
    ]
  ])("rejects %s", (_, changed, key) => {
    expect(verifyStandardWebhook(changed, key)).toBe(false)
  })
})
