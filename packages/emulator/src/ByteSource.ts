/** Bodies that are too large to hold: their bytes are made when they are read, from any place on. */

/** Bytes that are made when they are read, and are the same at each reading. */
export interface ByteSource {
  /** How many bytes there are. */
  readonly length: number
  /** The bytes from `first` on, up to `end` and without it, in pieces. */
  readonly read: (first: number, end: number) => Iterable<Uint8Array>
}

/** What an answer's body can be. */
export type Body = string | Uint8Array | ByteSource

const bytesOf = (bytes: Uint8Array): ByteSource => ({
  length: bytes.length,
  read: function* (first, end) {
    yield bytes.subarray(first, end)
  }
})

/** The sources one after another. */
export const joined = (parts: readonly (ByteSource | Uint8Array)[]): ByteSource => {
  const sources = parts.map(sourceOf)
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

/** Enough for a socket to stay busy, and little enough to hold for each of many. */
const pieceSize = 65_536

/** The same byte over and over. */
export const repeated = (byte: number, length: number): ByteSource => {
  const piece = new Uint8Array(Math.min(pieceSize, length)).fill(byte)
  return {
    length,
    read: function* (first, end) {
      for (let at = first; at < end; at += pieceSize) yield piece.subarray(0, Math.min(pieceSize, end - at))
    }
  }
}

/** Any body as a source of its bytes. */
export const sourceOf = (body: Body): ByteSource => {
  if (typeof body === "string") return bytesOf(Buffer.from(body))
  return body instanceof Uint8Array ? bytesOf(body) : body
}

/** The bytes from `first` up to `end`: of held ones a view, of others a source. */
export const part = (body: Uint8Array | ByteSource, first: number, end: number): Uint8Array | ByteSource =>
  body instanceof Uint8Array
    ? body.subarray(first, end)
    : { length: end - first, read: (from, to) => body.read(first + from, first + to) }
