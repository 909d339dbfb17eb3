/** Who asks: a JSON Web Token (RFC 7519) that is signed with the account's secret key. */
import { createHmac } from "node:crypto"
import type { Credentials, HttpRequest } from "@gentask/core/provider"

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/**
 * A token as the vendor's document makes it: good from 5 seconds before `now` to 30 minutes after it. Pure: the same
 * keys and instant give the same token.
 */
export const makeToken = (accessKey: string, secretKey: string, now: Date): string => {
  const seconds = Math.floor(now.getTime() / 1000)
  const claims = { iss: accessKey, exp: seconds + 1800, nbf: seconds - 5 }
  const unsigned = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`
  return `${unsigned}.${createHmac("sha256", secretKey).update(unsigned).digest("base64url")}`
}

/**
 * The header that proves who asks, at every endpoint and base URL: a token does not tell the secret key.
 *
 * @throws {Error} where the key is not a pair; the message does not show it
 */
export const authorize = (
  _request: HttpRequest,
  { apiKey, now }: Credentials
): Readonly<Record<string, string>> => {
  const [, accessKey, secretKey] = /^([^|\s]+)\|([^|\s]+)$/.exec(apiKey) ?? []
  if (accessKey === undefined || secretKey === undefined) {
    throw new Error(
      "kling signs with an access key and its secret key, and the key that was given is no such pair. Give both with a bar between them, ACCESS_KEY|SECRET_KEY, as the option apiKey or in the account's variable, such as KLING_API_KEY."
    )
  }
  return { authorization: `Bearer ${makeToken(accessKey, secretKey, now)}` }
}
