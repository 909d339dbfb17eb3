/**
 * The webhooks that a request configures.
 *
 * Documented: the event, its members, the header with a JSON web token signed with RS256, the key set, and the signature
 * of a project's own webhook, which a script with a `key` gets (https://ai.google.dev/gemini-api/docs/webhooks). Invented:
 * the claims `iss`, `aud` and `exp`, that the token contains the event, that `data.id` is the name of the operation, that
 * failed tasks send the same event, and 3 attempts.
 */
import { createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto"
import type { KeyPairKeyObjectResult } from "node:crypto"
import { parseObject } from "../../json.ts"
import type { CallbackMessage, RequestedCallback } from "../../submit/VendorEndpoint.ts"
import { stateAt } from "../../TaskState.ts"
import { listedResults } from "../../TaskView.ts"
import { jsonResponse } from "../../WireResponse.ts"
import type { PlainRoute, VendorContext } from "../VendorModule.ts"
import { fileName, linkTo } from "./operations.ts"

/** The webhooks of one emulator. */
export interface Webhooks {
  /** The event and the signature of a webhook. */
  readonly callbackTo: (url: string) => RequestedCallback
  /** The endpoint that returns the public keys. */
  readonly keysRoute: PlainRoute
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/** Creates webhooks with a random key, which is generated on first use. */
export const makeWebhooks = (context: VendorContext): Webhooks => {
  const kid = randomBytes(8).toString("hex")
  let pair: KeyPairKeyObjectResult | undefined
  const keyPair = (): KeyPairKeyObjectResult => (pair ??= generateKeyPairSync("rsa", { modulusLength: 2048 }))

  const token = (url: string, { body, now, forged }: CallbackMessage): string => {
    const seconds = Math.floor(now / 1000)
    const claims = { iss: context.url, aud: url, iat: seconds, exp: seconds + 300, ...parseObject(body) }
    const signed = `${encode({ alg: "RS256", kid, typ: "JWT" })}.${encode(claims)}`
    const signature = forged
      ? randomBytes(256)
      : sign("RSA-SHA256", Buffer.from(signed), keyPair().privateKey)
    return `${signed}.${signature.toString("base64url")}`
  }

  const signatureOf = (url: string, id: string, timestamp: string, message: CallbackMessage): string => {
    const { key, body, forged } = message
    if (key === undefined) return token(url, message)
    const secret = forged ? randomBytes(24) : Buffer.from(key.replace("whsec_", ""), "base64")
    return `v1,${createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64")}`
  }

  return {
    callbackTo: (url) => ({
      url,
      attempts: 3,
      body: (task, now) => {
        const [result] = stateAt(task, now).phase === "succeeded" ? listedResults(task) : []
        return {
          type: "video.generated",
          version: "v1",
          timestamp: new Date(now).toISOString(),
          data: {
            id: task.id,
            ...(result && {
              output_file_uri: linkTo(context, task, result),
              file_name: fileName(task, result)
            })
          }
        }
      },
      sign: (message) => {
        const id = `msg_${encode({ task: message.task.id, event: message.event })}`
        const timestamp = String(Math.floor(message.now / 1000))
        return {
          "webhook-id": id,
          "webhook-timestamp": timestamp,
          "webhook-signature": signatureOf(url, id, timestamp, message)
        }
      }
    }),
    keysRoute: {
      purpose: "account",
      method: "GET",
      path: /^\/\.well-known\/jwks\.json$/,
      access: "none",
      respond: () => {
        const key = keyPair().publicKey.export({ format: "jwk" })
        return jsonResponse(200, { keys: [{ ...key, kid, alg: "RS256", use: "sig" }] })
      }
    }
  }
}
