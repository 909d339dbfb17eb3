import { createHash } from "node:crypto"
import { createWriteStream } from "node:fs"
import { mkdir } from "node:fs/promises"
import { join } from "node:path"
import { pipeline } from "node:stream/promises"
import { request } from "undici"
import type { Prepare } from "./SavingRun.ts"

/** Saves with undici alone: a stream through a digest into a file. */
export const prepare: Prepare = async ({ files, size }, baseUrl, dir) => {
  await mkdir(dir, { recursive: true })
  let remaining = files
  return async () => {
    if (remaining === 0) return false
    remaining -= 1
    const name = `${remaining}.mp4`
    const hash = createHash("sha256")
    let bytes = 0
    const { body } = await request(`${baseUrl}/files/${size}/${name}`)
    const digested = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        hash.update(chunk)
        bytes += chunk.length
        yield chunk
      }
    }
    await pipeline(digested, createWriteStream(join(dir, name)))
    if (bytes !== size || hash.digest("hex") === "") throw new Error(`${name} was not saved completely.`)
    return true
  }
}
