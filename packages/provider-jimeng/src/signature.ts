/** Volcengine's request signature, version 4. See https://www.volcengine.com/docs/6369/67269 */
import { createHash, createHmac } from "node:crypto"
import type { HttpRequest } from "@gentask/core/provider"

/** An access key of Volcengine. */
export interface AccessKey {
  readonly id: string
  readonly secret: string
}

/** What a signature is valid for. */
export interface Scope {
  readonly region: string
  readonly service: string
}

const visualServices: Scope = { region: "cn-north-1", service: "cv" }

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest()

/** `20260101T000000Z` */
const basicDate = (now: Date): string => now.toISOString().replace(/[-:]|\.\d+/g, "")

/** Percent-encodes by RFC 3986, which reserves more characters than JavaScript does. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )

const canonicalQuery = ({ searchParams }: URL): string => {
  const sorted = new URLSearchParams(searchParams)
  sorted.sort()
  return [...sorted].map(([name, value]) => `${encode(name)}=${encode(value)}`).join("&")
}

/**
 * Returns the header `authorization` of a request.
 *
 * @param request The request. All of its headers are signed.
 * @param key The access key.
 * @param now The time to sign for. It must be that of the header `x-date`.
 * @param scope What the signature is valid for.
 */
export const authorization = (
  { method, url, headers, body = "" }: HttpRequest,
  key: AccessKey,
  now: Date,
  { region, service }: Scope
): string => {
  const date = basicDate(now)
  const day = date.slice(0, 8)
  const names = Object.keys(headers).toSorted()
  const signedHeaders = names.join(";")
  const canonicalRequest = [
    method,
    url.pathname,
    canonicalQuery(url),
    ...names.map((name) => `${name}:${headers[name]?.trim()}`),
    "",
    signedHeaders,
    sha256(body)
  ].join("\n")
  const scope = `${day}/${region}/${service}/request`
  const signingKey = hmac(hmac(hmac(hmac(key.secret, day), region), service), "request")
  const signature = hmac(signingKey, ["HMAC-SHA256", date, scope, sha256(canonicalRequest)].join("\n"))
  return `HMAC-SHA256 Credential=${key.id}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature.toString("hex")}`
}

/** Returns the headers that sign a request to Volcengine's visual services. */
export const signatureHeaders = (request: HttpRequest, key: AccessKey, now: Date): Record<string, string> => {
  const added = { "x-content-sha256": sha256(request.body ?? ""), "x-date": basicDate(now) }
  const contentType = request.headers["content-type"] ?? ""
  // The host as clients send it: with its port, unless it is the default port of the protocol.
  const headers = { "content-type": contentType, host: request.url.host, ...added }
  return { ...added, authorization: authorization({ ...request, headers }, key, now, visualServices) }
}
