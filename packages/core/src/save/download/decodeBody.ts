/** Decodes a body whose server has encoded it, although the request accepts no encoding. */
import { Readable, pipeline } from "node:stream"
import type { Duplex } from "node:stream"
import * as zlib from "node:zlib"
import type { DownloadResponse } from "../../http/Transport.ts"

/** More encodings than this are a mistake of the server. */
const maxEncodings = 2

const decoders: Readonly<Record<string, (() => Duplex) | undefined>> = {
  gzip: zlib.createGunzip,
  "x-gzip": zlib.createGunzip,
  deflate: zlib.createInflate,
  br: zlib.createBrotliDecompress,
  zstd: zlib.createZstdDecompress
}

/** Whether all content encodings can be decoded. */
export const canDecode = (encodings: ReadonlyArray<string>): boolean =>
  encodings.length <= maxEncodings && encodings.every((name) => decoders[name] !== undefined)

async function* copyChunks(
  body: DownloadResponse["body"],
  onChunk: (chunk: Uint8Array) => void
): AsyncGenerator<Buffer, void> {
  for await (const part of body) {
    for (const chunk of ArrayBuffer.isView(part) ? [part] : part) {
      onChunk(chunk)
      // The chunk's memory may be reused before the decoder has read it.
      yield Buffer.from(chunk)
    }
  }
}

/**
 * Decodes a body. Fails if the encoded data is invalid or ends too early.
 *
 * @param encodings In the order in which the server has applied them.
 * @param onChunk Called with each encoded chunk.
 */
export const decodeBody = (
  body: DownloadResponse["body"],
  encodings: ReadonlyArray<string>,
  onChunk: (chunk: Uint8Array) => void
): AsyncIterable<Uint8Array> => {
  const streams = encodings.toReversed().flatMap((name) => decoders[name]?.() ?? [])
  const source = Readable.from(copyChunks(body, onChunk))
  // The reader of the last stream receives the error.
  return pipeline([source, ...streams], () => undefined) as unknown as Duplex
}
