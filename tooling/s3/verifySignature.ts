/** Verifies signatures as the documents of AWS describe it (Signature Version 4), independently of the signer. */
import { createHash, createHmac } from "node:crypto"
import type { IncomingHttpHeaders } from "node:http"

export const keys = { accessKeyId: "AKIATESTTESTTEST", secretAccessKey: "never-to-be-seen-secret" }

const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex")
const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest()

const encode = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) =>
      /[A-Za-z0-9_.~-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
    )
    .join("")

export interface SignedRequest {
  readonly method: string
  readonly url: URL
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Returns what is wrong with the signature of a request; undefined if it is correct. */
export const signatureProblem = ({ method, url, headers, body }: SignedRequest): string | undefined => {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? ""
    )
  const [, accessKeyId, day = "", region = "", signedHeaders = "", signature] = match ?? []
  if (accessKeyId !== keys.accessKeyId) return "InvalidAccessKeyId"
  const digest = String(headers["x-amz-content-sha256"])
  if (digest !== sha256(body)) return "XAmzContentSHA256Mismatch"
  const amzHeaders = Object.keys(headers).filter((name) => name.startsWith("x-amz-"))
  const names = signedHeaders.split(";")
  if (["host", ...amzHeaders].some((name) => !names.includes(name))) return "AccessDenied"
  const canonicalQuery = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join("&")
  const canonical = [
    method,
    url.pathname
      .split("/")
      .map((each) => encode(decodeURIComponent(each)))
      .join("/"),
    canonicalQuery,
    ...names.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/\s+/g, " ")}`),
    "",
    signedHeaders,
    digest
  ].join("\n")
  const date = String(headers["x-amz-date"])
  const scope = `${day}/${region}/s3/aws4_request`
  const text = ["AWS4-HMAC-SHA256", date, scope, sha256(canonical)].join("\n")
  const key = ["s3", "aws4_request"].reduce<Buffer>(
    (previous, each) => hmac(previous, each),
    hmac(hmac(`AWS4${keys.secretAccessKey}`, day), region)
  )
  return hmac(key, text).toString("hex") === signature ? undefined : "SignatureDoesNotMatch"
}
