import { createHmac } from "node:crypto"
import type { Credentials, HttpRequest } from "@gentask/core/provider"

const encodePart = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url")

/**
 * Creates a JSON Web Token (RFC 7519) as the vendor documents it: valid from 5 seconds before `now` until 30 minutes after
 * it. The function is pure: the same keys and time result in the same token.
 */
const makeToken = (accessKey: string, secretKey: string, now: Date): string => {
  const seconds = Math.floor(now.getTime() / 1000)
  const claims = { iss: accessKey, exp: seconds + 1800, nbf: seconds - 5 }
  const unsigned = `${encodePart({ alg: "HS256", typ: "JWT" })}.${encodePart(claims)}`
  return `${unsigned}.${createHmac("sha256", secretKey).update(unsigned).digest("base64url")}`
}

/**
 * Returns the authentication header: the API key itself, or a token that is signed with the secret key. It is the same at
 * every endpoint and base URL, since the token does not contain the secret key.
 *
 * @throws {Error} If the API key is neither. The message does not contain it.
 */
export const authorize = (
  _request: HttpRequest,
  { apiKey, now }: Credentials
): Readonly<Record<string, string>> => {
  const [, accessKey, secretKey] = /^([^|\s]+)(?:\|([^|\s]+))?$/.exec(apiKey) ?? []
  if (accessKey === undefined) {
    throw new Error(
      "Invalid API key: kling needs an API key, or an access key and its secret key in the form ACCESS_KEY|SECRET_KEY. Set it as the option apiKey or in the account's variable, such as KLING_API_KEY."
    )
  }
  const token = secretKey === undefined ? accessKey : makeToken(accessKey, secretKey, now)
  return { authorization: `Bearer ${token}` }
}
