/** Reads a body in large parts: what comes while the last part is being dealt with makes the next one. */
import { finished } from "node:stream"
import type { Readable } from "node:stream"

/** How much is gathered at most, in bytes, and from which space left nothing more is asked for. */
const blockSize = 512 * 1024
const leastSpace = 64 * 1024

/** The parts of a body, in order. A part is good until the next one is asked for. */
export async function* largeParts(body: Readable): AsyncGenerator<Uint8Array> {
  let block = Buffer.allocUnsafeSlow(blockSize)
  let spare = Buffer.allocUnsafeSlow(blockSize)
  let filled = 0
  let isOver = false
  let failure: Error | null | undefined
  let wake = (): void => undefined
  body.on("data", (chunk: Buffer) => {
    const needed = filled + chunk.length
    if (needed > block.length) block = Buffer.concat([block], needed)
    chunk.copy(block, filled)
    filled = needed
    if (block.length - filled < leastSpace) body.pause()
    wake()
  })
  finished(body, { writable: false }, (error) => {
    isOver = true
    failure = error
    wake()
  })
  try {
    for (;;) {
      if (filled === 0 && !isOver) {
        const more = Promise.withResolvers<void>()
        wake = more.resolve
        await more.promise
      }
      if (filled > 0) {
        const part = block.subarray(0, filled)
        const rest = spare
        spare = block
        block = rest
        filled = 0
        body.resume()
        yield part
      } else if (failure != null) throw failure
      else return
    }
  } finally {
    body.destroy()
  }
}
