/**
 * A transport that uses the proxy of `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. It also shows what every custom transport
 * must do: keep the limits, return redirects, and abort requests that are interrupted.
 */
import { Readable } from "node:stream"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { EnvHttpProxyAgent, request } from "undici"
import type { Dispatcher } from "undici"
import { Transport } from "@gentask/core/effect"
import type { ErrorReason } from "@gentask/core"
import type {
  DownloadRequest,
  HttpRequest,
  RequestLimits,
  SendOptions,
  TransportResponse
} from "@gentask/core/effect"

const flattenHeaders = (headers: Dispatcher.ResponseData["headers"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]]
    )
  )

/** All network errors are temporary: the task is polled again. */
const unreachable = ({ host }: URL): ErrorReason => ({
  _tag: "Unreachable",
  message: `The connection to ${host} through the proxy failed`
})

const timedOut = ({ host }: URL): ErrorReason => ({
  _tag: "RequestTimedOut",
  message: `${host} did not send a complete response within the time limit`
})

const readBody = async (
  response: Dispatcher.ResponseData,
  maxBytes: number
): Promise<TransportResponse | ErrorReason> => {
  const chunks: Array<Buffer> = []
  let bytes = 0
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) return { _tag: "ResponseTooLarge", message: `The limit is ${maxBytes} bytes` }
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString("utf8")
  return { status: response.statusCode, headers: flattenHeaders(response.headers), text }
}

const send = (
  dispatcher: Dispatcher,
  { url, method, headers, body }: HttpRequest,
  limits: RequestLimits,
  { payload, freshConnection = false, onSend }: SendOptions = {}
) =>
  Effect.tryPromise({
    try: async (signal) => {
      onSend?.()
      const response = await request(url, {
        dispatcher,
        method: method as Dispatcher.HttpMethod,
        headers: payload === undefined ? headers : { ...headers, "content-length": String(payload.size) },
        body: payload === undefined ? (body ?? null) : Readable.fromWeb(payload.stream()),
        // Closes the connection after the response.
        reset: freshConnection,
        signal,
        // The timeout below limits the complete response.
        headersTimeout: 0,
        bodyTimeout: 0
      })
      return readBody(response, limits.maxBytes)
    },
    catch: () => unreachable(url)
  }).pipe(
    Effect.timeoutOrElse({ duration: limits.timeoutMs, orElse: () => Effect.fail(timedOut(url)) }),
    Effect.flatMap((result) => ("_tag" in result ? Effect.fail(result) : Effect.succeed(result)))
  )

/**
 * Opens a link. The proxy resolves its host name, so the proxy must refuse private addresses. gentask itself refuses
 * links whose host is the number of a private address.
 */
const open = (dispatcher: Dispatcher, { url, headers, timeoutMs }: DownloadRequest) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: (signal) =>
        request(url, { dispatcher, headers, signal, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }),
      catch: () => unreachable(url)
    }),
    // Destroying an unfinished body emits an error event, which would crash the process without a listener.
    ({ body }) => Effect.sync(() => body.on("error", () => undefined).destroy()),
    { interruptible: true }
  ).pipe(
    Effect.map(({ statusCode, headers, body }) => ({
      status: statusCode,
      headers: flattenHeaders(headers),
      body
    }))
  )

/** The transport. Its connections are closed with the layer. */
export const layer: Layer.Layer<Transport> = Layer.effect(
  Transport,
  Effect.gen(function* () {
    const dispatcher = yield* Effect.acquireRelease(
      Effect.sync(() => new EnvHttpProxyAgent()),
      (agent) => Effect.promise(() => agent.destroy())
    )
    return Transport.of({
      send: (httpRequest, limits, options) => send(dispatcher, httpRequest, limits, options),
      open: (downloadRequest) => open(dispatcher, downloadRequest)
    })
  })
)
