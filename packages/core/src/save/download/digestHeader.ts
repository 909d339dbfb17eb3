/** Reads the digest of a file from the headers of a file server's response. */
import type { DownloadResponse } from "../../http/Transport.ts"

/** The expected digest of a representation, which is encoded if the response is. */
export interface ExpectedDigest {
  readonly algorithm: "sha256" | "sha512" | "md5"
  /** In base64. */
  readonly value: string
}

/** Lengths of digests in base64. */
const digestLengths = { sha256: 44, sha512: 88, md5: 24 } as const

const isAlgorithm = (name: string): name is ExpectedDigest["algorithm"] => Object.hasOwn(digestLengths, name)

/**
 * The digest in `Repr-Digest`, `Content-Digest` (RFC 9530), `Digest` or `Content-MD5`, or in a header of S3 or Google
 * Cloud Storage; undefined if there is none.
 */
export const expectedDigest = ({
  headers,
  status
}: Pick<DownloadResponse, "headers" | "status">): ExpectedDigest | undefined => {
  // In a partial response, these are digests of the part.
  const contentFields =
    status === 206 ? [] : [headers["content-digest"], `sha-256=${headers["x-amz-checksum-sha256"] ?? ""}`]
  // Google Cloud Storage decodes files that it stores encoded, but not their digest.
  const isStoredEncoded = (headers["x-goog-stored-content-encoding"] ?? "identity") !== "identity"
  const fields = [
    headers["repr-digest"],
    headers["digest"],
    ...contentFields,
    isStoredEncoded ? undefined : headers["x-goog-hash"]
  ].join(",")
  const match = /(sha-256|sha-512|md5)=:?([A-Za-z0-9+/]+={0,2})(?![=-])/i.exec(fields)
  const algorithm = match?.[1]?.replace("-", "").toLowerCase() ?? ""
  const value = match?.[2]
  // Other encodings than base64 are ignored.
  if (value !== undefined && isAlgorithm(algorithm) && value.length === digestLengths[algorithm])
    return { algorithm, value }
  const md5 = headers["content-md5"]?.trim()
  // In a partial response, `Content-MD5` is the digest of the part.
  return md5 === undefined || status === 206 || !/^[A-Za-z0-9+/]{22}==$/.test(md5)
    ? undefined
    : { algorithm: "md5", value: md5 }
}
