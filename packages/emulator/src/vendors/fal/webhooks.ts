/**
 * fal's webhooks.
 *
 * Documented: the signature, its headers, and that the keys are those of a JWKS (https://docs.fal.ai/model-endpoints/webhooks).
 * Invented: 3 attempts instead of up to 31 in an hour, the id of the user, and that a key of the script is not used: the
 * signature is asymmetric.
 */
import { createHash, generateKeyPairSync, sign as signText } from "node:crypto"
import type { CallbackMessage, RequestedCallback } from "../../submit/VendorEndpoint.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { PlainRoute } from "../VendorModule.ts"

/** The webhooks of one emulator. */
export interface Webhooks {
  /** The webhook of a request. Undefined if it has none. */
  readonly callbackOf: (search: string, body: RequestedCallback["body"]) => RequestedCallback | undefined
  /** The endpoint that returns the public keys. */
  readonly keysRoute: PlainRoute
}

/** Creates webhooks with a random key pair. */
export const makeWebhooks = (): Webhooks => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519")
  const other = generateKeyPairSync("ed25519")
  const sign = ({ task, body, now, forged }: CallbackMessage) => {
    const timestamp = String(Math.floor(now / 1000))
    const digest = createHash("sha256").update(body).digest("hex")
    const message = Buffer.from([task.id, "user-1", timestamp, digest].join("\n"))
    return {
      "x-fal-webhook-request-id": task.id,
      "x-fal-webhook-user-id": "user-1",
      "x-fal-webhook-timestamp": timestamp,
      "x-fal-webhook-signature": signText(null, message, forged ? other.privateKey : privateKey).toString(
        "hex"
      )
    }
  }
  return {
    callbackOf: (search, body) => {
      const url = new URLSearchParams(search).get("fal_webhook")
      return url === null ? undefined : { url, body, sign, attempts: 3 }
    },
    keysRoute: {
      purpose: "account",
      method: "GET",
      path: /^\/\.well-known\/jwks\.json$/,
      access: "none",
      respond: () => jsonResponse(200, { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "key-1" }] })
    }
  }
}
