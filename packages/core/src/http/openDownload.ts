import * as Effect from "effect/Effect"
import type { Dispatcher } from "undici"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { ChunkBuffer } from "./ChunkBuffer.ts"
import { flattenHeaders } from "./flattenHeaders.ts"
import type { DownloadRequest, DownloadResponse } from "./Transport.ts"
import { transportReason } from "./transportError.ts"

/** A response that can be closed before its body has been read. */
export interface OpenDownload extends DownloadResponse {
  /** Aborts the request unless its body is complete. */
  readonly close: () => void
}

const aborted = new Error("aborted")

/** Requests a file, and succeeds as soon as the head of the response arrives. The caller must close the download. */
export const openDownload = (
  dispatcher: Dispatcher,
  request: DownloadRequest
): Effect.Effect<OpenDownload, ErrorReason> =>
  Effect.callback<OpenDownload, ErrorReason>((resume) => {
    let controller: Dispatcher.DispatchController | undefined
    let body: ChunkBuffer | undefined
    let isOver = false
    const close = (): void => {
      if (!isOver) controller?.abort(aborted)
      isOver = true
    }
    dispatcher.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: "GET",
        headers: request.headers,
        headersTimeout: request.timeoutMs,
        bodyTimeout: request.timeoutMs
      },
      {
        onRequestStart(started) {
          controller = started
          if (isOver) started.abort(aborted)
        },
        onResponseStart(started, status, headers) {
          const isInformational = status < 200
          if (isInformational) return
          body = new ChunkBuffer(started)
          resume(Effect.succeed({ status, headers: flattenHeaders(headers), body, close }))
        },
        onResponseData(_, chunk) {
          body?.push(chunk)
        },
        onResponseEnd() {
          isOver = true
          body?.end()
        },
        onResponseError(_, error) {
          isOver = true
          if (body === undefined) resume(Effect.fail(transportReason(error, request.url.host)))
          else body.end(error)
        }
      }
    )
    return Effect.sync(close)
  })
