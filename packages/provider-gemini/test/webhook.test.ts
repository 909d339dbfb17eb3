/** Tokens of webhooks. Recordings cannot contain them, since they look like secrets. */
import { generateKeyPairSync, sign } from "node:crypto"
import { describe, expect, it } from "vitest"
import spec from "../src/index.ts"

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 })
const keys = { keys: [{ ...pair.publicKey.export({ format: "jwk" }), kid: "1" }] }

const receivedAt = new Date("2026-01-22T12:00:00Z")
const now = receivedAt.getTime() / 1000
const event = { type: "video.generated", data: { id: "models/veo-9/operations/a1" } }
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

interface Changes {
  readonly head?: object
  readonly claims?: object
  readonly body?: object
  readonly timestamp?: number
  readonly keys?: unknown
  readonly signature?: string
}

const verify = (changes: Changes = {}): boolean | undefined => {
  const head = { alg: "RS256", kid: "1", typ: "JWT", ...changes.head }
  const signed = `${encode(head)}.${encode({ exp: now + 300, ...event, ...changes.claims })}`
  const signature =
    changes.signature ?? sign("RSA-SHA256", Buffer.from(signed), pair.privateKey).toString("base64url")
  return spec.webhook?.verify?.(
    {
      headers: {
        "webhook-id": "msg_1",
        "webhook-timestamp": String(changes.timestamp ?? now),
        "webhook-signature": `${signed}.${signature}`
      },
      text: JSON.stringify(changes.body ?? event),
      receivedAt
    },
    { keys: "keys" in changes ? changes.keys : keys }
  )
}

describe("the token of a webhook", () => {
  it("is verified with the published key", () => {
    expect(verify()).toBe(true)
  })

  it.each<readonly [string, Changes]>([
    ["another body", { body: { ...event, data: { id: "models/veo-9/operations/b2" } } }],
    ["no event in the token", { claims: { data: undefined } }],
    ["an old timestamp", { timestamp: now - 301 }],
    ["a timestamp in the future", { timestamp: now + 301 }],
    ["an expired token", { claims: { exp: now - 1 } }],
    ["another key", { head: { kid: "2" } }],
    ["no keys", { keys: undefined }],
    ["another signature", { signature: Buffer.alloc(256, 1).toString("base64url") }],
    ["no signature", { signature: "" }],
    ["the algorithm none", { head: { alg: "none" }, signature: "" }],
    ["an algorithm with a secret", { head: { alg: "HS256" } }]
  ])("is refused with %s", (_, changes) => {
    expect(verify(changes)).toBe(false)
  })

  it("is refused with a key of another type", () => {
    const { publicKey } = generateKeyPairSync("ed25519")
    expect(verify({ keys: { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1" }] } })).toBe(false)
  })
})
