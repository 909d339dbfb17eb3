/** Who asks: a signature at Volcengine itself, a bearer token at relays. */
import type { Credentials, HttpRequest } from "@gentask/core/provider"
import { sign } from "./signature.ts"

const example = "ACCESS_KEY_ID|SECRET_ACCESS_KEY"

/**
 * The headers that prove who asks.
 *
 * @throws {Error} where the key is not of the endpoint's kind; the message does not show it
 */
export const authorize = (
  request: HttpRequest,
  { apiKey, endpoint, now }: Credentials
): Readonly<Record<string, string>> => {
  const [, id = "", secret = ""] = /^([^|\s]+)\|([^|\s]+)$/.exec(apiKey) ?? []
  if (endpoint === "volcengine") {
    if (secret === "") {
      throw new Error(
        `jimeng at volcengine signs with an access key, and the key that was given is none. Give both its parts with a bar between them, ${example}, as the option apiKey or in the account's variable, such as JIMENG_VOLCENGINE_API_KEY.`
      )
    }
    return sign(request, { id, secret }, now)
  }
  // Every access key id in Volcengine's documents begins so. A relay would be told the secret.
  if (id.startsWith("AK")) {
    const host =
      endpoint === undefined ? "a host that is not said to be Volcengine's" : `the relay ${endpoint}`
    throw new Error(
      `jimeng was given an access key of Volcengine's (${example}) for ${host}, which would see its secret. Use the endpoint volcengine, or give the relay's own key.`
    )
  }
  return { authorization: `Bearer ${apiKey}` }
}
