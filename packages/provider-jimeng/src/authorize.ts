import type { Credentials, HttpRequest } from "@gentask/core/provider"
import { signatureHeaders } from "./signature.ts"

const keyForm = "ACCESS_KEY_ID|SECRET_ACCESS_KEY"

/**
 * Returns the authentication headers: a signature at Volcengine, and a bearer token at relays.
 *
 * @throws {Error} If the API key has the wrong form for the endpoint. The message does not contain the key.
 */
export const authorize = (
  request: HttpRequest,
  { apiKey, endpoint, now }: Credentials
): Readonly<Record<string, string>> => {
  const [, id = "", secret = ""] = /^([^|\s]+)\|([^|\s]+)$/.exec(apiKey) ?? []
  if (endpoint === "volcengine") {
    if (secret === "") {
      throw new Error(
        `Invalid API key: jimeng at volcengine needs an access key in the form ${keyForm}. Set both parts, separated by a bar, as the option apiKey or in the account's variable, such as JIMENG_VOLCENGINE_API_KEY.`
      )
    }
    return signatureHeaders(request, { id, secret }, now)
  }
  // All access key ids in Volcengine's documentation start with AK. A relay must not receive the secret.
  if (id.startsWith("AK")) {
    const host =
      endpoint === undefined ? "a host other than the endpoint volcengine" : `the relay ${endpoint}`
    throw new Error(
      `Refused to send an access key of Volcengine (${keyForm}) to ${host}, which would see its secret. Use the endpoint volcengine, or set the relay's own API key.`
    )
  }
  return { authorization: `Bearer ${apiKey}` }
}
