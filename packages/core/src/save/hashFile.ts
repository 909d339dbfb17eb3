/** Computes digests of open files. */
import type { Hash } from "node:crypto"
import type { FileHandle } from "node:fs/promises"

/** Bytes to read at once. */
const chunkBytes = 256 * 1024

/** How much of a file to read. */
export interface ReadOptions {
  /** How many bytes from the start to read. Defaults to the whole file. */
  readonly bytes?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Reads a file from its start. The memory of a chunk is reused for the next one. */
export async function* readChunks(file: FileHandle, options: ReadOptions = {}): AsyncGenerator<Buffer, void> {
  const { bytes = Infinity, signal } = options
  const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, bytes))
  let position = 0
  while (position < bytes) {
    signal?.throwIfAborted()
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, bytes - position), position)
    if (bytesRead === 0) return
    yield buffer.subarray(0, bytesRead)
    position += bytesRead
  }
}

/** Adds the bytes of a file to a hash. */
export const hashFile = async (file: FileHandle, hash: Hash, options?: ReadOptions): Promise<Hash> => {
  for await (const chunk of readChunks(file, options)) hash.update(chunk)
  return hash
}
