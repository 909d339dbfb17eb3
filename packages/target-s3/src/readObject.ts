import type { TargetDigest, TargetDownload, TargetRange } from "@gentask/core"
import type { S3Client } from "./S3Client.ts"
import { S3Error } from "./S3Error.ts"
import { digestHeader } from "./StoredObject.ts"

/** The size of the whole object. */
const sizeOf = ({ status, headers }: TargetDownload): number =>
  Number(status === 206 ? (headers["content-range"] ?? "").split("/").at(-1) : headers["content-length"])

/** Opens an object for reading. Undefined if it is absent, or another one. */
export const readObject = async (
  client: S3Client,
  key: string,
  { bytes, sha256 }: TargetDigest,
  range: TargetRange | undefined,
  signal: AbortSignal
): Promise<TargetDownload | undefined> => {
  const headers = range === undefined ? {} : { range: `bytes=${range.start}-${range.end}` }
  const download = await client.open(key, headers, signal)
  const { status } = download
  const isExpected = status === (range === undefined ? 200 : 206)
  // Copies of an object may have lost the metadata.
  const isSame = (download.headers[digestHeader] ?? sha256) === sha256 && sizeOf(download) === bytes
  if (isExpected && isSame) return download
  await download.close()
  if (isExpected || status === 404 || status === 416) return undefined
  throw new S3Error(`the server responded with HTTP ${status}`, { isRetryable: true, httpStatus: status })
}
