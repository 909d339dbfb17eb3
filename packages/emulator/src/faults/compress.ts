/** Compresses the bodies of responses, as servers do that negotiate content codings. */
import {
  brotliCompressSync,
  constants,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync
} from "node:zlib"
import { toByteSource } from "../ByteSource.ts"
import type { WireResponse } from "../WireResponse.ts"
import type { contentCodings } from "./DeliveryFault.ts"

/** The coding of a body. */
export type ContentCoding = (typeof contentCodings)[number]

// The default quality of Brotli takes seconds for a few megabytes.
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }

const encoders: Record<ContentCoding, (body: Uint8Array) => Uint8Array> = {
  gzip: (body) => gzipSync(body),
  br: (body) => brotliCompressSync(body, brotliOptions),
  deflate: (body) => deflateSync(body),
  zstd: (body) => zstdCompressSync(body),
  "raw-deflate": (body) => deflateRawSync(body)
}

/** The entity tag of the compressed representation. A strong one must differ (RFC 9110, section 8.8.3.3). */
const tagOf = (etag: string, coding: string): string => etag.replace(/"$/, `-${coding}"`)

/** The response with a compressed body. */
export const compress = (response: WireResponse, coding: ContentCoding): WireResponse => {
  const body = toByteSource(response.body)
  if (body.length === 0) return response
  const { etag, "accept-ranges": _, ...headers } = response.headers
  const name = coding === "raw-deflate" ? "deflate" : coding
  return {
    ...response,
    headers: {
      ...headers,
      ...(etag !== undefined && { etag: tagOf(etag, name) }),
      "content-encoding": name,
      vary: "accept-encoding"
    },
    body: encoders[coding](Buffer.concat([...body.read(0, body.length)]))
  }
}
