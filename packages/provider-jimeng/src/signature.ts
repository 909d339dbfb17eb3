/**
 * Volcengine's signature of a request, version 4: https://www.volcengine.com/docs/6369/67269. Pure: the same request,
 * key and instant give the same signature.
 */
import { createHash, createHmac } from "node:crypto"
import type { HttpRequest } from "@gentask/core/provider"

/** What an account at Volcengine signs with. */
export interface AccessKey {
  readonly id: string
  readonly secret: string
}

/** Where a signature is good. */
export interface Scope {
  readonly region: string
  readonly service: string
}

const visual: Scope = { region: "cn-north-1", service: "cv" }

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex")

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest()

/** `20260101T000000Z` */
const basicDate = (now: Date): string => now.toISOString().replace(/[-:]|\.\d+/g, "")

/** RFC 3986, which leaves fewer characters as they are than JavaScript does. */
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

/** The header `authorization` of a request, every header of which is signed. Names are in lower case. */
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

/** The headers that sign a request to Volcengine's visual services. */
export const sign = (request: HttpRequest, key: AccessKey, now: Date): Record<string, string> => {
  const dated = { "x-content-sha256": sha256(request.body ?? ""), "x-date": basicDate(now) }
  const contentType = request.headers["content-type"] ?? ""
  // The host as every client sends it: with its port, unless that is the protocol's own.
  const headers = { "content-type": contentType, host: request.url.host, ...dated }
  return { ...dated, authorization: authorization({ ...request, headers }, key, now, visual) }
}
