/** Bodies that are too large for memory: their bytes are generated when they are read. */

/** Bytes that are generated when they are read. Every read returns the same bytes. */
export interface ByteSource {
  /** The number of bytes. */
  readonly length: number
  /** The bytes from `first` up to, but not including, `end`, in chunks. */
  readonly read: (first: number, end: number) => Iterable<Uint8Array>
}

/** The body of a response. */
export type ResponseBody = string | Uint8Array | ByteSource

const fromBytes = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: function* (first, end) {
    yield bytes.subarray(first, end)
  }
})

/** The concatenation of the parts. */
export const concatenate = (parts: readonly (ByteSource | Uint8Array)[]): ByteSource => {
  const sources = parts.map(toByteSource)
  return {
    length: sources.reduce((sum, { length }) => sum + length, 0),
    read: function* (first, end) {
      let start = 0
      for (const source of sources) {
        const stop = start + source.length
        if (first < stop && end > start) {
          yield* source.read(Math.max(first, start) - start, Math.min(end, stop) - start)
        }
        start = stop
      }
    }
  }
}

/** Large enough to keep a socket busy, small enough to hold one for each of many responses. */
const chunkSize = 65_536

/** `length` copies of a byte. */
export const repeatByte = (byte: number, length: number): ByteSource => {
  const chunk = new Uint8Array(Math.min(chunkSize, length)).fill(byte)
  return {
    length,
    read: function* (first, end) {
      for (let at = first; at < end; at += chunkSize) yield chunk.subarray(0, Math.min(chunkSize, end - at))
    }
  }
}

/** Any body as a byte source. */
export const toByteSource = (body: ResponseBody): ByteSource => {
  if (typeof body === "string") return fromBytes(Buffer.from(body))
  return body instanceof Uint8Array ? fromBytes(body) : body
}

/** The bytes from `first` up to, but not including, `end`, without a copy. */
export const sliceBytes = (
  body: Uint8Array | ByteSource,
  first: number,
  end: number
): Uint8Array | ByteSource =>
  body instanceof Uint8Array
    ? body.subarray(first, end)
    : { length: end - first, read: (from, to) => body.read(first + from, first + to) }
