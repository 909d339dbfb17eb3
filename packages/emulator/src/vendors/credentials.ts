/** Reads API keys from requests, where vendors expect them. */
import { createHmac, timingSafeEqual } from "node:crypto"
import { parseObject } from "../json.ts"
import type { RequestHead } from "./VendorFormat.ts"

type HeadersOnly = Pick<RequestHead, "headers">

/** Returns a function that reads the key of `Authorization: {scheme} {key}`. Empty if absent. */
export const authorizationKey =
  (scheme: string): ((request: HeadersOnly) => string) =>
  ({ headers }) => {
    const [, name = "", key = ""] = /^(\S+) +(\S+) *$/.exec(headers.authorization ?? "") ?? []
    return name.toLowerCase() === scheme.toLowerCase() ? key : ""
  }

/** Returns a function that reads the key of a header, whose name is in lower case. Empty if absent. */
export const headerKey =
  (name: string): ((request: HeadersOnly) => string) =>
  ({ headers }) => {
    const value = headers[name]
    return typeof value === "string" ? value : ""
  }

const decodePart = (part: string): Readonly<Record<string, unknown>> | undefined =>
  parseObject(Buffer.from(part, "base64url").toString("utf8"))

/** The payload of a JSON web token, without a check of its signature. Undefined if it is malformed. */
export const tokenPayload = (token: string): Readonly<Record<string, unknown>> | undefined =>
  decodePart(token.split(".")[1] ?? "")

/** Whether a JSON web token is signed with this secret (HS256), has started (`nbf`) and has not expired (`exp`). */
export const isValidToken = (token: string, secret: string, now: number): boolean => {
  const [head = "", payload = "", signature = "", ...more] = token.split(".")
  const expected = createHmac("sha256", secret).update(`${head}.${payload}`).digest()
  const received = Buffer.from(signature, "base64url")
  if (more.length > 0 || decodePart(head)?.["alg"] !== "HS256") return false
  if (received.length !== expected.length || !timingSafeEqual(received, expected)) return false
  const { exp, nbf } = decodePart(payload) ?? {}
  const seconds = now / 1000
  return typeof exp === "number" && exp > seconds && (typeof nbf !== "number" || nbf <= seconds)
}

const credentialHeaders = ["authorization", "x-key", "x-api-key", "api-key", "x-goog-api-key"] as const

/** Where a request contains one of these keys or any credential, such as `the authorization header`. Undefined if nowhere. */
export const credentialIn = (
  { headers, search }: Pick<RequestHead, "headers" | "search">,
  apiKeys: ReadonlySet<string>
): string | undefined => {
  const header = credentialHeaders.find((name) => headers[name] !== undefined)
  if (header !== undefined) return `the ${header} header`
  const parameters = [...new URLSearchParams(search)]
  const parameter = parameters.find(([, value]) => apiKeys.has(value))
  return parameter && `the query parameter ${parameter[0]}`
}
