/** Sends answers late, slowly, in part, under a false length, or never. */
import { promisify } from "node:util"
import type { ServerResponse } from "node:http"
import type { ByteSource } from "../ByteSource.ts"
import { sourceOf } from "../ByteSource.ts"
import type { WireAnswer } from "../WireAnswer.ts"
import type { Manner, Stop } from "./Manner.ts"

/** Milliseconds for a client to read what came before a reset, which may overtake it. */
const readingTime = 5

/** Pieces per second of a slow body. */
const ticks = 20

const isOver = (response: ServerResponse): boolean => response.destroyed || response.closed

/** Waits, unless the connection ends before: then no timer is left behind. */
const pause = (milliseconds: number, response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      response.off("close", done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    response.once("close", done)
  })

const drained = (response: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done)
      resolve()
    }
    response.once("drain", done).once("close", done)
  })

const inSlices = function* (chunks: Iterable<Uint8Array>, size: number): Iterable<Uint8Array> {
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += size) yield chunk.subarray(at, at + size)
  }
}

/** Writes a body up to `end`, no faster than the client reads it. */
export const pump = async (
  source: ByteSource,
  end: number,
  response: ServerResponse,
  bytesPerSecond?: number
): Promise<void> => {
  if (response.req.method === "HEAD") return
  const chunks = source.read(0, end)
  const size = Math.max(1, Math.floor((bytesPerSecond ?? 0) / ticks))
  const pieces = bytesPerSecond === undefined ? chunks : inSlices(chunks, size)
  for (const piece of pieces) {
    if (isOver(response)) return
    if (!response.write(piece)) await drained(response)
    if (bytesPerSecond !== undefined) await pause((piece.length / bytesPerSecond) * 1000, response)
  }
}

/** Sends an answer whose body is made while it is sent. */
export const stream = async (
  { status, headers }: WireAnswer,
  source: ByteSource,
  response: ServerResponse
): Promise<void> => {
  response.writeHead(status, { ...headers, "content-length": source.length })
  await pump(source, source.length, response)
  if (!isOver(response)) response.end()
}

const nextTurn = promisify(setImmediate)

const stopNow = async ({ by, hangFor }: Stop, response: ServerResponse): Promise<void> => {
  const { socket } = response
  if (socket === null || isOver(response)) return
  if (by === "end") {
    // Some versions of Node hold a chunk back for a turn, and would lose it.
    await nextTurn()
    socket.destroySoon()
  }
  if (by === "reset") socket.resetAndDestroy()
  if (by === "hang" && hangFor !== undefined) {
    await pause(hangFor, response)
    if (!isOver(response)) socket.resetAndDestroy()
  }
}

const head = (
  answer: WireAnswer,
  length: number,
  { framing, announced }: Manner,
  response: ServerResponse
): void => {
  const { status, headers } = answer
  if (framing === "chunked") response.writeHead(status, headers)
  else if (framing === "close") {
    response.useChunkedEncodingByDefault = false
    response.writeHead(status, { ...headers, connection: "close" })
  } else {
    response.writeHead(status, { ...headers, "content-length": Math.max(0, length + (announced ?? 0)) })
  }
  response.flushHeaders()
}

/** Sends an answer in the manner that its fault asks for. */
export const deliverSpoiled = async (
  answer: WireAnswer,
  manner: Manner,
  response: ServerResponse
): Promise<void> => {
  const { stop, announced } = manner
  if (manner.delay !== undefined) await pause(manner.delay, response)
  if (isOver(response)) return
  if (stop?.at === "headers") return stopNow(stop, response)
  const source = sourceOf(answer.body)
  const end =
    stop === undefined ? source.length : Math.min(stop.at ?? Math.floor(source.length / 2), source.length)
  head(answer, source.length, manner, response)
  await pump(source, end, response, manner.bytesPerSecond)
  if (isOver(response)) return
  if (stop !== undefined) {
    if (stop.by === "reset") await pause(readingTime, response)
    return stopNow(stop, response)
  }
  const { socket } = response
  response.end()
  if (announced !== undefined) socket?.destroySoon()
}
