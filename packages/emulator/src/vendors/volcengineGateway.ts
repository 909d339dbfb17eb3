/**
 * Volcengine's gateway in front of Jimeng's origin, which checks the signatures of requests.
 *
 * Documented: the signature (https://www.volcengine.com/docs/6369/67269), its validity of 900 seconds
 * (https://www.volcengine.com/docs/6469/1126803), and the errors with their numbers, codes, messages and HTTP statuses
 * (https://www.volcengine.com/docs/6369/68677 and /6720/108305). Invented: the same 900 seconds apply to dates in the
 * future, the order of the checks, and that any region is accepted.
 */
import { createHash, createHmac, randomUUID } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"
import type { WireResponse } from "../WireResponse.ts"
import { jsonResponse } from "../WireResponse.ts"
import type { Caller, EmulatorRequest } from "./VendorFormat.ts"
import { parameter } from "./VendorFormat.ts"

/** The parts of an `authorization` header. */
interface Authorization {
  readonly id: string
  readonly day: string
  readonly region: string
  readonly service: string
  readonly headers: readonly string[]
  readonly signature: string
}

interface GatewayError {
  readonly status: number
  readonly number: number
  readonly code: string
  readonly message: string
}

const maxSkewMs = 900_000

const service = "cv"

const missingAuthorization: GatewayError = {
  status: 401,
  number: 100_003,
  code: "MissingAuthenticationToken",
  message: "Request is missing Authentication Token."
}

const missingDate: GatewayError = {
  status: 400,
  number: 100_004,
  code: "MissingRequestInfo",
  message: "The request is missing X-Date information."
}

const expired: GatewayError = {
  status: 400,
  number: 100_006,
  code: "InvalidTimestamp",
  message: "The Signature of the request is expired."
}

const unknownService = (name: string): GatewayError => ({
  status: 404,
  number: 100_007,
  code: "ServiceNotFound",
  message: `This service[${name}] not found.`
})

const unknownKey = (id: string): GatewayError => ({
  status: 401,
  number: 100_009,
  code: "InvalidAccessKey",
  message: `The accesskey [${id}] included in the request is invalid.`
})

const mismatch: GatewayError = {
  status: 401,
  number: 100_010,
  code: "SignatureDoesNotMatch",
  message:
    "The request signature we calculated does not match the signature you provided. Check your Secret Access Key and signing method. Consult the service documentation for details."
}

const errorResponse = (
  { search }: EmulatorRequest,
  parsed: Authorization | undefined,
  error: GatewayError
): WireResponse =>
  jsonResponse(error.status, {
    ResponseMetadata: {
      RequestId: randomUUID(),
      Action: parameter(search, "Action") ?? "",
      Version: parameter(search, "Version") ?? "",
      Service: parsed?.service ?? "",
      Region: parsed?.region ?? "",
      Error: { CodeN: error.number, Code: error.code, Message: error.message }
    }
  })

const pattern =
  /^HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/request, SignedHeaders=([^,\s]+), Signature=([0-9a-f]{64})$/

const parseAuthorization = (authorization: string): Authorization | undefined => {
  const [, id, day, region, name, headers, signature] = pattern.exec(authorization) ?? []
  if (id === undefined || day === undefined || region === undefined) return undefined
  if (name === undefined || headers === undefined || signature === undefined) return undefined
  return { id, day, region, service: name, headers: headers.split(";"), signature }
}

/** Milliseconds since 1970; NaN for anything but `YYYYMMDDTHHMMSSZ`. */
const parseDate = (text: string): number => {
  const [, day = "", time = ""] = /^(\d{8})T(\d{6})Z$/.exec(text) ?? []
  const isoDate = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`
  return Date.parse(isoDate)
}

const hash = (text: string): string => createHash("sha256").update(text).digest("hex")

/** Every byte but the unreserved characters of RFC 3986 as `%XX`. */
const percentEncode = (text: string): string => {
  let encoded = ""
  for (const byte of Buffer.from(text)) {
    const character = String.fromCodePoint(byte)
    encoded += /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
  }
  return encoded
}

const canonicalQuery = (search: string): string => {
  const parameters = [...new URLSearchParams(search)]
  // Parameters with the same name keep their order.
  parameters.sort(([one], [other]) => Number(one > other) - Number(one < other))
  return parameters.map((pair) => pair.map(percentEncode).join("=")).join("&")
}

const headerOf = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name]
  return (Array.isArray(value) ? value.join(",") : (value ?? "")).trim()
}

const calculateSignature = (
  { method, path, search, headers, body }: EmulatorRequest,
  parsed: Authorization,
  secret: string
): string => {
  const lines = parsed.headers.map((name) => `${name}:${headerOf(headers, name)}\n`).join("")
  const request = `${method}\n${path}\n${canonicalQuery(search)}\n${lines}\n${parsed.headers.join(";")}\n${hash(body)}`
  const scope = [parsed.day, parsed.region, parsed.service, "request"]
  const toSign = `HMAC-SHA256\n${headerOf(headers, "x-date")}\n${scope.join("/")}\n${hash(request)}`
  let key: string | Buffer = secret
  for (const part of [...scope, toSign]) key = createHmac("sha256", key).update(part).digest()
  return Buffer.from(key).toString("hex")
}

const isValidSignature = (request: EmulatorRequest, parsed: Authorization, secret: string): boolean => {
  // Documented: both headers must be signed.
  const signsRequiredHeaders = parsed.headers.includes("host") && parsed.headers.includes("x-date")
  const isOfSameDay = headerOf(request.headers, "x-date").startsWith(parsed.day)
  return (
    signsRequiredHeaders && isOfSameDay && calculateSignature(request, parsed, secret) === parsed.signature
  )
}

const findError = (
  request: EmulatorRequest,
  parsed: Authorization,
  accessKey: { readonly id: string; readonly secret: string },
  now: number
): GatewayError | undefined => {
  const date = headerOf(request.headers, "x-date")
  if (date === "") return missingDate
  // An invalid date is NaN, for which every comparison is false.
  if (!(Math.abs(now - parseDate(date)) <= maxSkewMs)) return expired
  if (parsed.service !== service) return unknownService(parsed.service)
  if (parsed.id !== accessKey.id) return unknownKey(parsed.id)
  return isValidSignature(request, parsed, accessKey.secret) ? undefined : mismatch
}

/**
 * Creates the check of signatures. `accessKey` is an `ACCESS_KEY_ID|SECRET_ACCESS_KEY`. The check takes the current time
 * in milliseconds since 1970, and returns undefined for a request that is not signed.
 */
export const authenticateGatewaySignature =
  (accessKey: string) =>
  (request: EmulatorRequest, now: number): Caller | undefined => {
    const authorization = headerOf(request.headers, "authorization")
    if (!authorization.startsWith("HMAC-SHA256")) return undefined
    const parsed = parseAuthorization(authorization)
    if (parsed === undefined)
      return { apiKey: "", rejection: errorResponse(request, parsed, missingAuthorization) }
    const [id = "", secret = ""] = accessKey.split("|")
    const error = findError(request, parsed, { id, secret }, now)
    return { apiKey: parsed.id, ...(error && { rejection: errorResponse(request, parsed, error) }) }
  }
