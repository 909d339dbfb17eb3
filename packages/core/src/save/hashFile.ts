/** Computes digests of files. */
import type { Hash } from "node:crypto"
import { createReadStream } from "node:fs"

/**
 * Adds the bytes of a file to a hash.
 *
 * @param options.bytes How many bytes from the start to read. Defaults to the whole file.
 */
export const hashFile = async (
  path: string,
  hash: Hash,
  options: { readonly bytes?: number; readonly signal?: AbortSignal } = {}
): Promise<Hash> => {
  const { bytes, signal } = options
  if (bytes === 0) return hash
  const stream = createReadStream(path, { end: bytes === undefined ? Infinity : bytes - 1, signal })
  for await (const chunk of stream) hash.update(chunk as Buffer)
  return hash
}
