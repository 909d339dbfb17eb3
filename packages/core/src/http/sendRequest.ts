import * as Effect from "effect/Effect"
import type { Dispatcher } from "undici"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import { acceptEncoding, decodeContent } from "./decodeContent.ts"
import { decodeText } from "./decodeText.ts"
import { flattenHeaders } from "./flattenHeaders.ts"
import { isShorterThanDeclared } from "./isShorterThanDeclared.ts"
import type { Route } from "./Route.ts"
import type { RequestLimits, TransportResponse } from "./Transport.ts"
import { timeoutReason, tooLargeReason, transportReason, truncatedReason } from "./transportError.ts"

const aborted = new Error("aborted")

/** Node fires a timer with a longer delay at once. */
const maxTimerMs = 2 ** 31 - 1

type Result = Effect.Effect<TransportResponse, ErrorReason>

const withAcceptEncoding = (headers: HttpRequest["headers"]): HttpRequest["headers"] =>
  headers["accept-encoding"] === undefined ? { ...headers, "accept-encoding": acceptEncoding } : headers

/** Decodes the body of a complete response. */
const decodeBody = (
  { status, headers }: Pick<TransportResponse, "status" | "headers">,
  body: Buffer,
  maxBytes: number,
  host: string
): Result => {
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

/** Sends a request with one dispatch, without a stream in between, and reads the complete response. */
export const sendRequest = (
  { dispatcher, isProxied }: Route,
  request: HttpRequest,
  limits: RequestLimits
): Result =>
  Effect.callback<TransportResponse, ErrorReason>((resume) => {
    const { host } = request.url
    let controller: Dispatcher.DispatchController | undefined
    let isSettled = false
    let status = 0
    let headers: Record<string, string> = {}
    let received = 0
    const chunks: Array<Buffer> = []
    const settle = (result: Result): void => {
      if (isSettled) return
      isSettled = true
      clearTimeout(timer)
      resume(result)
    }
    const abort = (): void => {
      isSettled = true
      clearTimeout(timer)
      controller?.abort(aborted)
    }
    const fail = (error: unknown): void => settle(Effect.fail(transportReason(error, host, isProxied)))
    const timer = setTimeout(
      () => {
        settle(Effect.fail(timeoutReason(host)))
        abort()
      },
      Math.min(limits.timeoutMs, maxTimerMs)
    )
    const options: Dispatcher.DispatchOptions = {
      origin: request.url.origin,
      path: request.url.pathname + request.url.search,
      method: request.method,
      headers: withAcceptEncoding(request.headers),
      body: request.body ?? null,
      // The timer covers the response as a whole.
      headersTimeout: 0,
      bodyTimeout: 0
    }
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started
        if (isSettled) started.abort(aborted)
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
        settle(Effect.fail(tooLargeReason(limits.maxBytes, status)))
        abort()
      },
      onResponseEnd() {
        const [first] = chunks
        const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, received)
        if (!isSettled) settle(decodeBody({ status, headers }, body, limits.maxBytes, host))
      },
      onResponseError(_, error) {
        fail(error)
      }
    }
    try {
      dispatcher.dispatch(options, handler)
    } catch (error) {
      // The dispatcher of a caller may throw.
      fail(error)
    }
    return Effect.sync(abort)
  })
