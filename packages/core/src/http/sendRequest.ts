import * as Effect from "effect/Effect"
import type { Dispatcher } from "undici"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import { flattenHeaders } from "./flattenHeaders.ts"
import type { RequestLimits, TransportResponse } from "./Transport.ts"
import { timeoutReason, transportReason } from "./transportError.ts"

const aborted = new Error("aborted")

/** Node fires a timer with a longer delay at once. */
const maxTimerMs = 2 ** 31 - 1

/** Sends a request with one dispatch, without a stream in between, and reads the complete response. */
export const sendRequest = (
  dispatcher: Dispatcher,
  request: HttpRequest,
  limits: RequestLimits
): Effect.Effect<TransportResponse, ErrorReason> =>
  Effect.callback<TransportResponse, ErrorReason>((resume) => {
    const { host } = request.url
    let controller: Dispatcher.DispatchController | undefined
    let isSettled = false
    let status = 0
    let headers: Record<string, string> = {}
    let received = 0
    const chunks: Array<Buffer> = []
    const settle = (result: Effect.Effect<TransportResponse, ErrorReason>): void => {
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
    const timer = setTimeout(
      () => {
        settle(Effect.fail(timeoutReason(host)))
        abort()
      },
      Math.min(limits.timeoutMs, maxTimerMs)
    )
    dispatcher.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        // The timer covers the response as a whole.
        headersTimeout: 0,
        bodyTimeout: 0
      },
      {
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
          const message = `The response is larger than ${limits.maxBytes} bytes`
          settle(Effect.fail<ErrorReason>({ _tag: "ResponseTooLarge", message, httpStatus: status }))
          abort()
        },
        onResponseEnd() {
          const [first] = chunks
          const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, received)
          settle(Effect.succeed({ status, headers, text: body.toString("utf8") }))
        },
        onResponseError(_, error) {
          settle(Effect.fail(transportReason(error, host)))
        }
      }
    )
    return Effect.sync(abort)
  })
