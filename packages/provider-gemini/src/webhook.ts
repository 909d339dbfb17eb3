/** Webhooks. See https://ai.google.dev/gemini-api/docs/webhooks */
import { createHmac, createPublicKey, timingSafeEqual, verify as verifySignature } from "node:crypto"
import { firstStringAt } from "@gentask/core/provider"
import type { WebhookOperation, WebhookRequest } from "@gentask/core/provider"
import * as z from "zod"

const event = z.object({
  type: z.string().nullish(),
  data: z.looseObject({ id: z.string().nullish() }).nullish()
})

type Event = z.infer<typeof event>

const keySet = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) })

/** Documented: older events must be rejected. */
const maxAgeMs = 5 * 60 * 1000

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const decodePart = (part: string): unknown => parse(Buffer.from(part, "base64url").toString("utf8"))

const tokenHead = z.object({ alg: z.literal("RS256"), kid: z.string() })
const tokenPayload = z.looseObject({ exp: z.number().optional() })

/**
 * Verifies the JSON web token of a webhook that a request configured. The documentation reads the event from the token, so
 * the body must be about the same operation. The audience is not documented.
 */
const isToken = (token: string, { text, receivedAt }: WebhookRequest, keys: unknown): boolean => {
  const [head = "", payload = "", signature = ""] = token.split(".")
  const { kid } = tokenHead.parse(decodePart(head))
  const key = keySet.parse(keys).keys.find((each) => each.kid === kid)
  const claims = tokenPayload.parse(decodePart(payload))
  if (key === undefined || (claims.exp ?? Infinity) * 1000 <= receivedAt.getTime()) return false
  const publicKey = createPublicKey({ key, format: "jwk" })
  if (publicKey.asymmetricKeyType !== "rsa") return false
  const signed = Buffer.from(`${head}.${payload}`)
  if (!verifySignature("RSA-SHA256", signed, publicKey, Buffer.from(signature, "base64url"))) return false
  const id = firstStringAt(claims, "data.id")
  return id !== undefined && id === firstStringAt(parse(text), "data.id")
}

/** Verifies the signature of a project's webhook: https://www.standardwebhooks.com. It may have several, for two secrets. */
const isSigned = (signatures: string, { headers, text }: WebhookRequest, secret: string): boolean => {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64")
  const signed = `${headers["webhook-id"] ?? ""}.${headers["webhook-timestamp"] ?? ""}.${text}`
  const expected = Buffer.from(`v1,${createHmac("sha256", key).update(signed).digest("base64")}`)
  return signatures.split(" ").some((signature) => {
    const received = Buffer.from(signature)
    return received.length === expected.length && timingSafeEqual(received, expected)
  })
}

export const webhook: WebhookOperation<unknown, Event> = {
  keys: {
    request: () => ({ method: "GET", path: "/.well-known/jwks.json" }),
    response: keySet,
    decode: (body) => ({ _tag: "Exchanged", value: body })
  },
  verify: (request, { secret, keys }) => {
    const { headers, receivedAt } = request
    const signature = headers["webhook-signature"] ?? ""
    const age = Math.abs(receivedAt.getTime() - Number(headers["webhook-timestamp"] ?? Number.NaN) * 1000)
    if (!(age <= maxAgeMs)) return false
    try {
      if (signature.split(".").length === 3) return isToken(signature, request, keys)
      return secret !== undefined && secret !== "" && isSigned(signature, request, secret)
    } catch {
      return false
    }
  },
  response: event,
  decode: ({ type, data }) =>
    type === "video.generated" && data?.id
      ? { _tag: "TaskUpdated", task: { id: data.id } }
      : { _tag: "Ignored" }
}
