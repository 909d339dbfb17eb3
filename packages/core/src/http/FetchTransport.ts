/** A transport on `fetch`, for other runtimes than Node. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import { decodeText } from "./decodeText.ts"
import { deliveryOf } from "./Delivery.ts"
import { isShorterThanDeclared } from "./isShorterThanDeclared.ts"
import { privateHostReason } from "./privateHostReason.ts"
import { Transport } from "./Transport.ts"
import type {
  DownloadRequest,
  DownloadResponse,
  RequestLimits,
  SendError,
  SendOptions,
  TransportResponse
} from "./Transport.ts"
import { timeoutReason, tooLargeReason, transportReason, truncatedReason } from "./transportError.ts"

/** The type of `fetch`. */
type Fetch = typeof globalThis.fetch

/** Runtimes fire a timer with a longer delay at once. */
const maxTimerMs = 2 ** 31 - 1

/** Maps an error of `fetch`, whose cause is that of the connection. */
const fetchReason = (error: unknown, host: string): ErrorReason => {
  if (error instanceof Error && error.name === "TimeoutError") return timeoutReason(host)
  return transportReason(error instanceof Error ? (error.cause ?? error) : error, host)
}

const headersOf = (response: Response): Record<string, string> => Object.fromEntries(response.headers)

/** The content codings that `fetch` decodes in all runtimes. */
const isDecoded = (contentEncoding: string): boolean =>
  /^\s*(?:(?:x-)?gzip|deflate|br)\s*(?:,\s*(?:(?:x-)?gzip|deflate|br)\s*)*$/i.test(contentEncoding)

/** Without the headers that describe the encoded body, if the runtime has decoded it. */
const decodedHeaders = (response: Response): Record<string, string> => {
  const headers = headersOf(response)
  const { "content-encoding": coding, "content-length": _, ...others } = headers
  return coding !== undefined && isDecoded(coding) ? others : headers
}

/** Reads a body. Returns undefined if it is larger than the limit. */
const readAll = async (response: Response, maxBytes: number): Promise<Buffer | undefined> => {
  const chunks: Array<Uint8Array> = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

/** The error of a connection, which `fetch` reports as a cause. */
const sendError = (error: unknown, host: string): SendError => ({
  ...fetchReason(error, host),
  delivery: deliveryOf(error instanceof Error ? error.cause : undefined)
})

/**
 * Sends a request. `fetch` has no way to open a new connection, and does not report when it sends the first byte: so
 * `onSend` is called before it connects.
 */
const send = (
  fetch: Fetch,
  { method, url, headers, body }: HttpRequest,
  { timeoutMs, maxBytes }: RequestLimits,
  { payload, allowPrivate = true, onSend }: SendOptions = {}
): Effect.Effect<TransportResponse, SendError> =>
  Effect.suspend((): Effect.Effect<TransportResponse, SendError> => {
    const privateHost = privateHostReason({ url, allowPrivate })
    if (privateHost !== undefined) return Effect.fail({ ...privateHost, delivery: "not-sent" })
    return Effect.tryPromise({
      try: async (interruption) => {
        onSend?.()
        const timeout = AbortSignal.timeout(Math.min(timeoutMs, maxTimerMs))
        const signal = AbortSignal.any([interruption, timeout])
        const options = {
          method,
          headers,
          body: payload ?? body ?? null,
          redirect: "manual",
          signal
        } as const
        const response = await fetch(url, options)
        return { response, bytes: await readAll(response, maxBytes) }
      },
      catch: (error) => sendError(error, url.host)
    }).pipe(
      Effect.flatMap(({ response, bytes }): Effect.Effect<TransportResponse, SendError> => {
        const { status } = response
        const headers = headersOf(response)
        if (bytes === undefined) return Effect.fail(tooLargeReason(maxBytes, status))
        if (method !== "HEAD" && isShorterThanDeclared(status, headers, bytes.length))
          return Effect.fail(truncatedReason(url.host))
        return Effect.succeed({ status, headers, text: decodeText(bytes, headers["content-type"]) })
      })
    )
  })

/** Reads a body chunk by chunk. Aborts the request if nothing arrives for too long. */
async function* readChunks(
  response: Response,
  controller: AbortController,
  timeoutMs: number
): AsyncGenerator<Uint8Array, void> {
  if (response.body === null) return
  const reader = response.body.getReader()
  for (;;) {
    const timer = startTimer(controller, timeoutMs)
    const { done, value } = await reader.read().finally(() => clearTimeout(timer))
    if (done) return
    yield value
  }
}

const startTimer = (controller: AbortController, timeoutMs: number): NodeJS.Timeout =>
  setTimeout(
    () => controller.abort(new DOMException("The response did not arrive in time", "TimeoutError")),
    Math.min(timeoutMs, maxTimerMs)
  )

const open = (
  fetch: Fetch,
  request: DownloadRequest
): Effect.Effect<DownloadResponse, ErrorReason, Scope.Scope> =>
  Effect.gen(function* () {
    const privateHost = privateHostReason(request)
    if (privateHost !== undefined) return yield* Effect.fail(privateHost)
    const { url, headers, timeoutMs } = request
    const controller = yield* Effect.acquireRelease(
      Effect.sync(() => new AbortController()),
      (controller) => Effect.sync(() => controller.abort())
    )
    const response = yield* Effect.tryPromise({
      try: async () => {
        const timer = startTimer(controller, timeoutMs)
        try {
          return await fetch(url, { headers, redirect: "manual", signal: controller.signal })
        } finally {
          clearTimeout(timer)
        }
      },
      catch: (error) => fetchReason(error, url.host)
    })
    const body = readChunks(response, controller, timeoutMs)
    return { status: response.status, headers: decodedHeaders(response), body }
  })

/**
 * A transport on `fetch`, for runtimes in which undici does not work.
 *
 * ```ts
 * Tasks.layer({ providers, transport: FetchTransport.layer() })
 * ```
 *
 * The runtime must return redirects for `redirect: "manual"`, as Node, Deno, Bun and Workers do. It decodes content codings
 * itself. Names are resolved by the runtime. So links to files are refused if their host is a private IP address, but not
 * if it is a name that resolves to one.
 *
 * @param fetch Sends the requests. Defaults to `globalThis.fetch`.
 */
export const layer = (fetch: Fetch = globalThis.fetch): Layer.Layer<Transport> =>
  Layer.succeed(Transport, {
    send: (request, limits, options) => send(fetch, request, limits, options),
    open: (request) => open(fetch, request)
  })
