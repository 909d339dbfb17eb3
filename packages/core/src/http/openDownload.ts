import * as Effect from "effect/Effect"
import type { Dispatcher } from "undici"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import { ChunkBuffer } from "./ChunkBuffer.ts"
import { flattenHeaders } from "./flattenHeaders.ts"
import type { Route } from "./Route.ts"
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
  { dispatcher, isProxied, own }: Route,
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
    const fail = (error: unknown): void => {
      isOver = true
      if (body === undefined) resume(Effect.fail(transportReason(error, request.url.host, isProxied)))
      else body.end(error)
    }
    const options: Dispatcher.DispatchOptions = {
      origin: request.url.origin,
      path: request.url.pathname + request.url.search,
      method: "GET",
      headers: request.headers,
      headersTimeout: request.timeoutMs,
      bodyTimeout: request.timeoutMs
    }
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started
        if (isOver) started.abort(aborted)
      },
      onResponseStart(started, status, headers) {
        const isInformational = status < 200
        if (isInformational) return
        body = new ChunkBuffer(started, { freesChunks: own !== undefined })
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
        fail(error)
      }
    }
    try {
      dispatcher.dispatch(options, handler)
    } catch (error) {
      // The dispatcher of a caller may throw.
      fail(error)
    }
    return Effect.sync(close)
  })
