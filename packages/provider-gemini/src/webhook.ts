/** Webhooks. See https://ai.google.dev/gemini-api/docs/webhooks */
import { createPublicKey, verify as verifySignature } from "node:crypto"
import { firstStringAt, isRecent, taskUpdated, tryParseJson } from "@gentask/core/provider"
import type { WebhookOperation, WebhookRequest } from "@gentask/core/provider"
import { verifyStandardWebhook } from "@gentask/core/signatures"
import * as z from "zod"

const keySet = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) })

const decodePart = (part: string): unknown => tryParseJson(Buffer.from(part, "base64url").toString("utf8"))

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
  return id !== undefined && id === firstStringAt(tryParseJson(text), "data.id")
}

export const webhook: WebhookOperation = {
  keys: {
    request: () => ({ method: "GET", path: "/.well-known/jwks.json" }),
    response: keySet,
    decode: (body) => ({ _tag: "Exchanged", value: body })
  },
  verify: (request, { secret, keys }) => {
    const { headers, receivedAt } = request
    const token = headers["webhook-signature"] ?? ""
    // The webhook of a project is signed as https://www.standardwebhooks.com specifies it, with one secret or two.
    if (token.split(".").length !== 3) return verifyStandardWebhook(request, secret)
    try {
      return isRecent(headers["webhook-timestamp"], receivedAt) && isToken(token, request, keys)
    } catch {
      return false
    }
  },
  decode: (body) =>
    taskUpdated(body["type"] === "video.generated" ? firstStringAt(body, "data.id") : undefined)
}
