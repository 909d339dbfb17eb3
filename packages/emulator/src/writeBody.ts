/** Writes bodies with backpressure. */
import type { ServerResponse } from "node:http"
import type { ByteSource } from "./ByteSource.ts"

/** Writes per second of a throttled body. */
const writesPerSecond = 20

/** Whether the connection of a response has closed. */
export const isGone = (response: ServerResponse): boolean => response.destroyed || response.closed

/** Waits, or until the connection closes. No timer remains in that case. */
export const pause = (milliseconds: number, response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer)
      response.off("close", finish)
      resolve()
    }
    const timer = setTimeout(finish, milliseconds)
    response.once("close", finish)
  })

const drain = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const finish = (): void => {
      response.off("drain", finish).off("close", finish)
      resolve()
    }
    response.once("drain", finish).once("close", finish)
  })

const slice = function* (chunks: Iterable<Uint8Array>, size: number): Iterable<Uint8Array> {
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size)
  }
}

/** Writes a body up to `end`, as fast as the client reads it, or at the given rate. */
export const writeBody = async (
  body: ByteSource,
  end: number,
  response: ServerResponse,
  bytesPerSecond?: number
): Promise<void> => {
  if (response.req.method === "HEAD") return
  const chunks = body.read(0, end)
  const size = Math.max(1, Math.floor((bytesPerSecond ?? 0) / writesPerSecond))
  const writes = bytesPerSecond === undefined ? chunks : slice(chunks, size)
  for (const bytes of writes) {
    if (isGone(response)) return
    if (!response.write(bytes)) await drain(response)
    if (bytesPerSecond !== undefined) await pause((bytes.length / bytesPerSecond) * 1000, response)
  }
}
