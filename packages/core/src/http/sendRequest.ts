import type { Readable } from "node:stream"
import * as Effect from "effect/Effect"
import type { Dispatcher } from "undici"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import { acceptEncoding, decodeContent } from "./decodeContent.ts"
import { decodeText } from "./decodeText.ts"
import { deliveryOf } from "./Delivery.ts"
import { flattenHeaders } from "./flattenHeaders.ts"
import { isShorterThanDeclared } from "./isShorterThanDeclared.ts"
import type { Route } from "./Route.ts"
import type { RequestLimits, SendError, SendOptions, TransportResponse } from "./Transport.ts"
import {
  timeoutReason,
  tooLargeReason,
  transportReason,
  truncatedReason,
  unreadablePayloadReason
} from "./transportError.ts"

const aborted = new Error("aborted")

/** Node fires a timer with a longer delay at once. */
const maxTimerMs = 2 ** 31 - 1

type Result = Effect.Effect<TransportResponse, SendError>

const withAcceptEncoding = (headers: HttpRequest["headers"]): HttpRequest["headers"] =>
  headers["accept-encoding"] === undefined ? { ...headers, "accept-encoding": acceptEncoding } : headers

/** Decodes the body of a complete response. */
const decodeBody = (
  { status, headers }: Pick<TransportResponse, "status" | "headers">,
  body: Buffer,
  maxBytes: number,
  { method, url: { host } }: HttpRequest
): Result => {
  // The headers of a response to HEAD describe a body that is not sent.
  if (method === "HEAD") return Effect.succeed({ status, headers, text: "" })
  if (isShorterThanDeclared(status, headers, body.length)) return Effect.fail(truncatedReason(host))
  const toResponse = (decoded: Buffer): TransportResponse => ({
    status,
    headers,
    text: decodeText(decoded, headers["content-type"])
  })
  const contentEncoding = headers["content-encoding"]
  if (contentEncoding === undefined) return Effect.succeed(toResponse(body))
  return Effect.matchEffect(decodeContent(body, contentEncoding, maxBytes), {
    onSuccess: (decoded) => Effect.succeed(toResponse(decoded)),
    onFailure: (error): Result => {
      if (error._tag === "Truncated") return Effect.fail(truncatedReason(host))
      if (error._tag === "TooLarge") return Effect.fail(tooLargeReason(maxBytes, status))
      return Effect.succeed({ status, headers, text: "", bodyError: error.message })
    }
  })
}

/** A payload that could not be read. */
class PayloadError extends Error {}

/** Reads a payload part by part. */
async function* readPayload(payload: Blob, onPart: () => void): AsyncGenerator<Uint8Array, void> {
  try {
    for await (const part of payload.stream()) {
      onPart()
      yield part
    }
  } catch (cause) {
    throw new PayloadError("The payload could not be read", { cause })
  }
}

/** Streams a payload. undici itself would read all of a blob into memory first. */
const streamPayload = (payload: Blob, onPart: () => void): Readable =>
  // undici accepts iterables, but its type does not.
  readPayload(payload, onPart) as unknown as Readable

/** Closes the connection after the response, and avoids HTTP/2, whose requests a server may request to repeat. */
const singleUse: Partial<Dispatcher.DispatchOptions> & { readonly allowH2: boolean } = {
  reset: true,
  allowH2: false
}

/**
 * Sends a request with one dispatch, without a stream in between, and reads the complete response.
 *
 * undici calls `onRequestStart` immediately before it writes the request. A request that has not started is unsent,
 * whatever its error is.
 */
export const sendRequest = (
  { dispatcher, isProxied, own }: Route,
  request: HttpRequest,
  limits: RequestLimits,
  { payload, freshConnection = false, onSend }: SendOptions = {}
): Result =>
  Effect.callback<TransportResponse, SendError>((resume) => {
    const { host } = request.url
    const freshAgent = freshConnection ? own?.makeAgent() : undefined
    let controller: Dispatcher.DispatchController | undefined
    let hasStarted = false
    let isSettled = false
    let status = 0
    let headers: Record<string, string> = {}
    let received = 0
    const chunks: Array<Buffer> = []
    const end = (): void => {
      isSettled = true
      clearTimeout(timer)
      // Not within a callback of the agent's own parser.
      if (freshAgent !== undefined) queueMicrotask(() => void freshAgent.destroy())
    }
    const settle = (result: Result): void => {
      if (isSettled) return
      end()
      resume(result)
    }
    const abort = (): void => {
      end()
      controller?.abort(aborted)
    }
    const fail = (reason: ErrorReason, error?: unknown): void => {
      const isUnsent = !hasStarted && (own !== undefined || deliveryOf(error) === "not-sent")
      settle(Effect.fail({ ...reason, delivery: isUnsent ? "not-sent" : "maybe-sent" }))
    }
    const failWith = (error: unknown): void =>
      fail(
        error instanceof PayloadError
          ? unreadablePayloadReason(host)
          : transportReason(error, host, isProxied),
        error
      )
    const startTimer = (): NodeJS.Timeout =>
      setTimeout(
        () => {
          fail(timeoutReason(host))
          abort()
        },
        Math.min(limits.timeoutMs, maxTimerMs)
      )
    let timer = startTimer()
    const restartTimer = (): void => {
      clearTimeout(timer)
      if (!isSettled) timer = startTimer()
    }
    const requestHeaders = withAcceptEncoding(request.headers)
    const options: Dispatcher.DispatchOptions = {
      origin: request.url.origin,
      path: request.url.pathname + request.url.search,
      method: request.method,
      headers:
        payload === undefined
          ? requestHeaders
          : { ...requestHeaders, "content-length": String(payload.size) },
      body: payload === undefined ? (request.body ?? null) : streamPayload(payload, restartTimer),
      // The timer covers the response as a whole.
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(freshConnection ? singleUse : {})
    }
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started
        if (isSettled) {
          started.abort(aborted)
          return
        }
        hasStarted = true
        onSend?.()
      },
      onResponseStart(_, statusCode, responseHeaders) {
        const isInformational = statusCode < 200
        if (isInformational) return
        status = statusCode
        headers = flattenHeaders(responseHeaders)
      },
      onResponseData(_, chunk) {
        received += chunk.length
        if (received <= limits.maxBytes) {
          chunks.push(chunk)
          return
        }
        fail(tooLargeReason(limits.maxBytes, status))
        abort()
      },
      onResponseEnd() {
        const [first] = chunks
        const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, received)
        if (!isSettled) settle(decodeBody({ status, headers }, body, limits.maxBytes, request))
      },
      onResponseError(_, error) {
        failWith(error)
      }
    }
    try {
      const target = freshAgent ?? dispatcher
      target.dispatch(options, handler)
    } catch (error) {
      // The dispatcher of a caller may throw.
      failWith(error)
    }
    return Effect.sync(abort)
  })
