/** Sends responses late, slowly, partially, with an incorrect length, or not at all. */
import type { ServerResponse } from "node:http"
import { setImmediate } from "node:timers/promises"
import { toByteSource } from "../ByteSource.ts"
import { headersToSend } from "../WireResponse.ts"
import type { WireResponse } from "../WireResponse.ts"
import { isGone, pause, writeBody } from "../writeBody.ts"
import type { DeliveryMode, StopPoint } from "./DeliveryMode.ts"

/** Milliseconds for the client to read the bytes before a reset, which can overtake them. */
const readingTime = 5

const stopNow = async ({ by, hangFor }: StopPoint, response: ServerResponse): Promise<void> => {
  const { socket } = response
  if (socket === null || isGone(response)) return
  if (by === "end") {
    // Some versions of Node keep a chunk for one tick, and would lose it.
    await setImmediate()
    socket.destroySoon()
  }
  if (by === "reset") socket.resetAndDestroy()
  if (by === "hang" && hangFor !== undefined) {
    await pause(hangFor, response)
    if (!isGone(response)) socket.resetAndDestroy()
  }
}

const writeHead = (
  wireResponse: WireResponse,
  length: number,
  { framing, extraLength = 0 }: DeliveryMode,
  response: ServerResponse
): void => {
  const { status } = wireResponse
  const headers = headersToSend(wireResponse)
  if (framing === "chunked") response.writeHead(status, headers)
  else if (framing === "close") {
    response.useChunkedEncodingByDefault = false
    response.writeHead(status, { ...headers, connection: "close" })
  } else {
    response.writeHead(status, { ...headers, "content-length": Math.max(0, length + extraLength) })
  }
  response.flushHeaders()
}

/** Sends a response in a delivery mode. */
export const sendWithMode = async (
  wireResponse: WireResponse,
  mode: DeliveryMode,
  response: ServerResponse
): Promise<void> => {
  const { stop, extraLength } = mode
  if (mode.delay !== undefined) await pause(mode.delay, response)
  if (isGone(response)) return
  if (stop?.at === "headers") return stopNow(stop, response)
  const body = toByteSource(wireResponse.body)
  const end = stop === undefined ? body.length : Math.min(stop.at ?? Math.floor(body.length / 2), body.length)
  writeHead(wireResponse, body.length, mode, response)
  await writeBody(body, end, response, mode.bytesPerSecond)
  if (isGone(response)) return
  if (stop !== undefined) {
    if (stop.by === "reset") await pause(readingTime, response)
    return stopNow(stop, response)
  }
  const { socket } = response
  response.end()
  if (extraLength !== undefined) socket?.destroySoon()
}
