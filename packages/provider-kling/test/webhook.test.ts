import { Webhook } from "standardwebhooks"
import { describe, expect, it } from "vitest"
import spec from "../src/index.ts"

const secret = "whsec_dGVzdHNlY3JldHRlc3RzZWNyZXR0ZXN0c2VjcmV0MTI="
const text = JSON.stringify({ id: "1234567890", status: "succeeded", outputs: [], message: "" })
const sentAt = new Date()

/** Signs as the library that the vendor recommends. */
const sign = (key: string, body = text) => ({
  "webhook-id": "msg_1",
  "webhook-timestamp": String(Math.floor(sentAt.getTime() / 1000)),
  "webhook-signature": new Webhook(key).sign("msg_1", sentAt, body)
})

const verify = (headers: Readonly<Record<string, string>>, { body = text, at = sentAt, key = secret } = {}) =>
  spec.webhook?.verify?.({ headers, text: body, receivedAt: at }, { secret: key })

describe("a notification of Kling AI", () => {
  it("is verified if the vendor's library has signed it", () => {
    expect(verify(sign(secret))).toBe(true)
  })

  it("is verified with either secret after a rotation", () => {
    const other = "whsec_b3RoZXJzZWNyZXRvdGhlcnNlY3JldG90aGVyc2VjcmU="
    const headers = sign(secret)
    const both = `${sign(other)["webhook-signature"]} ${headers["webhook-signature"]}`
    expect(verify({ ...headers, "webhook-signature": both })).toBe(true)
    expect(verify({ ...headers, "webhook-signature": both }, { key: other })).toBe(true)
  })

  it("is not verified with another body, time, id, version or secret", () => {
    const headers = sign(secret)
    expect(verify(headers, { body: text.replace("1234567890", "1234567891") })).toBe(false)
    expect(verify(headers, { at: new Date(sentAt.getTime() + 6 * 60_000) })).toBe(false)
    expect(verify(headers, { at: new Date(sentAt.getTime() - 6 * 60_000) })).toBe(false)
    expect(verify({ ...headers, "webhook-id": "msg_2" })).toBe(false)
    expect(verify({ ...headers, "webhook-timestamp": "1" })).toBe(false)
    expect(
      verify({ ...headers, "webhook-signature": headers["webhook-signature"].replace("v1,", "v2,") })
    ).toBe(false)
    expect(verify(headers, { key: "whsec_b3RoZXI=" })).toBe(false)
    expect(spec.webhook?.verify?.({ headers, text, receivedAt: sentAt }, {})).toBe(false)
    expect(verify(headers, { key: "" })).toBe(false)
    expect(verify({})).toBe(false)
  })
})
