/**
 * Volcengine's gateway, which stands before Jimeng's origin and checks who signed a request.
 *
 * Documented: the signature (https://www.volcengine.com/docs/6369/67269), that it is good for 900 seconds
 * (https://www.volcengine.com/docs/6469/1126803), the errors with their numbers, words and HTTP statuses
 * (https://www.volcengine.com/docs/6369/68677 and /6720/108305). Taken from the first for the future too: a date may lie
 * 900 seconds ahead. Invented: the order of the checks, and that any region will do.
 */
import { createHash, createHmac, randomUUID } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"
import type { WireAnswer } from "../WireAnswer.ts"
import { jsonAnswer } from "../WireAnswer.ts"
import type { Caller, EmulatorRequest } from "./VendorFormat.ts"
import { parameter } from "./VendorFormat.ts"

/** What a signature claims about itself. */
interface Claim {
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

const lifetime = 900_000

const service = "cv"

const missing: GatewayError = {
  status: 401,
  number: 100_003,
  code: "MissingAuthenticationToken",
  message: "Request is missing Authentication Token."
}

const undated: GatewayError = {
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

const refuse = ({ search }: EmulatorRequest, claim: Claim | undefined, error: GatewayError): WireAnswer =>
  jsonAnswer(error.status, {
    ResponseMetadata: {
      RequestId: randomUUID(),
      Action: parameter(search, "Action") ?? "",
      Version: parameter(search, "Version") ?? "",
      Service: claim?.service ?? "",
      Region: claim?.region ?? "",
      Error: { CodeN: error.number, Code: error.code, Message: error.message }
    }
  })

const form =
  /^HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([^/,\s]+)\/([^/,\s]+)\/request, SignedHeaders=([^,\s]+), Signature=([0-9a-f]{64})$/

const readClaim = (authorization: string): Claim | undefined => {
  const [, id, day, region, name, headers, signature] = form.exec(authorization) ?? []
  if (id === undefined || day === undefined || region === undefined) return undefined
  if (name === undefined || headers === undefined || signature === undefined) return undefined
  return { id, day, region, service: name, headers: headers.split(";"), signature }
}

/** Milliseconds since the epoch; NaN for anything but `YYYYMMDDTHHMMSSZ`. */
const readDate = (text: string): number => {
  const [, day = "", time = ""] = /^(\d{8})T(\d{6})Z$/.exec(text) ?? []
  const withMarks = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`
  return Date.parse(withMarks)
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

const normaliseQuery = (search: string): string => {
  const parameters = [...new URLSearchParams(search)]
  // Parameters of one name keep their order.
  parameters.sort(([one], [other]) => Number(one > other) - Number(one < other))
  return parameters.map((pair) => pair.map(percentEncode).join("=")).join("&")
}

const headerOf = (headers: IncomingHttpHeaders, name: string): string => {
  const value = headers[name]
  return (Array.isArray(value) ? value.join(",") : (value ?? "")).trim()
}

const calculate = (
  { method, path, search, headers, body }: EmulatorRequest,
  claim: Claim,
  secret: string
): string => {
  const lines = claim.headers.map((name) => `${name}:${headerOf(headers, name)}\n`).join("")
  const request = `${method}\n${path}\n${normaliseQuery(search)}\n${lines}\n${claim.headers.join(";")}\n${hash(body)}`
  const scope = [claim.day, claim.region, claim.service, "request"]
  const toSign = `HMAC-SHA256\n${headerOf(headers, "x-date")}\n${scope.join("/")}\n${hash(request)}`
  let key: string | Buffer = secret
  for (const part of [...scope, toSign]) key = createHmac("sha256", key).update(part).digest()
  return Buffer.from(key).toString("hex")
}

const isSigned = (request: EmulatorRequest, claim: Claim, secret: string): boolean => {
  // Documented: both must be among what is signed.
  const isWhole = claim.headers.includes("host") && claim.headers.includes("x-date")
  const isOfItsDay = headerOf(request.headers, "x-date").startsWith(claim.day)
  return isWhole && isOfItsDay && calculate(request, claim, secret) === claim.signature
}

const findError = (
  request: EmulatorRequest,
  claim: Claim,
  accessKey: { readonly id: string; readonly secret: string },
  now: number
): GatewayError | undefined => {
  const date = headerOf(request.headers, "x-date")
  if (date === "") return undated
  // What is no date is NaN, which is near to nothing.
  if (!(Math.abs(now - readDate(date)) <= lifetime)) return expired
  if (claim.service !== service) return unknownService(claim.service)
  if (claim.id !== accessKey.id) return unknownKey(claim.id)
  return isSigned(request, claim, accessKey.secret) ? undefined : mismatch
}

/**
 * Checks who signed a request, at `now` in milliseconds since the epoch. Undefined for a request that is not signed.
 * `accessKey` is an `ACCESS_KEY_ID|SECRET_ACCESS_KEY`.
 */
export const identifySigner =
  (accessKey: string) =>
  (request: EmulatorRequest, now: number): Caller | undefined => {
    const authorization = headerOf(request.headers, "authorization")
    if (!authorization.startsWith("HMAC-SHA256")) return undefined
    const claim = readClaim(authorization)
    if (claim === undefined) return { apiKey: "", refusal: refuse(request, claim, missing) }
    const [id = "", secret = ""] = accessKey.split("|")
    const error = findError(request, claim, { id, secret }, now)
    return { apiKey: claim.id, ...(error && { refusal: refuse(request, claim, error) }) }
  }
