/**
 * A transport through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name. Beside a proxy, it is what any
 * transport of one's own looks like: it keeps the limits, follows no redirect, and ends at once when it is interrupted.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { EnvHttpProxyAgent, request } from "undici"
import type { Dispatcher } from "undici"
import { Transport } from "@gentask/core/effect"
import type { ErrorReason } from "@gentask/core"
import type { DownloadRequest, HttpRequest, RequestLimits, TransportResponse } from "@gentask/core/effect"

const flatten = (headers: Dispatcher.ResponseData["headers"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]]
    )
  )

/** Every fault of the network passes: the task is asked about again. */
const unreachable = ({ host }: URL): ErrorReason => ({
  _tag: "Unreachable",
  message: `The connection to ${host} through the proxy failed`
})

const late = ({ host }: URL): ErrorReason => ({
  _tag: "RequestTimedOut",
  message: `${host} gave no whole answer in time`
})

const read = async (
  answer: Dispatcher.ResponseData,
  maxBytes: number
): Promise<TransportResponse | ErrorReason> => {
  const chunks: Array<Buffer> = []
  let bytes = 0
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) return { _tag: "ResponseTooLarge", message: `It is over ${maxBytes} bytes` }
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString("utf8")
  return { status: answer.statusCode, headers: flatten(answer.headers), text }
}

/** Asks a vendor. */
const send = (dispatcher: Dispatcher, { url, method, headers, body }: HttpRequest, limits: RequestLimits) =>
  Effect.tryPromise({
    try: async (signal) => {
      const answer = await request(url, {
        dispatcher,
        method: method as Dispatcher.HttpMethod,
        headers,
        body: body ?? null,
        signal,
        // Effect's own timeout covers the answer as a whole.
        headersTimeout: 0,
        bodyTimeout: 0
      })
      return read(answer, limits.maxBytes)
    },
    catch: () => unreachable(url)
  }).pipe(
    Effect.timeoutOrElse({ duration: limits.timeoutMs, orElse: () => Effect.fail(late(url)) }),
    Effect.flatMap((answer) => ("_tag" in answer ? Effect.fail(answer) : Effect.succeed(answer)))
  )

/**
 * Opens a link. The proxy resolves its name, so that it is for the proxy to refuse private addresses; links that name
 * one as a number never come here.
 */
const open = (dispatcher: Dispatcher, { url, headers, timeoutMs }: DownloadRequest) =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: (signal) =>
        request(url, { dispatcher, headers, signal, headersTimeout: timeoutMs, bodyTimeout: timeoutMs }),
      catch: () => unreachable(url)
    }),
    // A body that is given up before its end says so by an event, which must find somebody.
    ({ body }) => Effect.sync(() => body.on("error", () => undefined).destroy()),
    { interruptible: true }
  ).pipe(
    Effect.map(({ statusCode, headers, body }) => ({ status: statusCode, headers: flatten(headers), body }))
  )

/** The transport, whose connections are closed with the layer. */
export const layer: Layer.Layer<Transport> = Layer.effect(
  Transport,
  Effect.gen(function* () {
    const dispatcher = yield* Effect.acquireRelease(
      Effect.sync(() => new EnvHttpProxyAgent()),
      (agent) => Effect.promise(() => agent.destroy())
    )
    return Transport.of({
      send: (asked, limits) => send(dispatcher, asked, limits),
      open: (asked) => open(dispatcher, asked)
    })
  })
)
