/** The transport over undici: one dispatch per request, no stream in between. */
import type { IncomingHttpHeaders } from "node:http"
import { lookup } from "node:dns"
import type { LookupFunction } from "node:net"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Agent, Dispatcher } from "undici"
import { isPublic } from "./ip.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import { ChunkBuffer } from "./ChunkBuffer.ts"
import { Transport } from "./Transport.ts"
import type { DownloadResponse, DownloadRequest, RequestLimits, TransportResponse } from "./Transport.ts"

const flatten = (headers: IncomingHttpHeaders): Record<string, string> => {
  const flat: Record<string, string> = {}
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value
  }
  return flat
}

/** Thrown where a name leads to an address that a stranger's link may not reach. */
class PrivateAddress extends Error {
  readonly code = "PRIVATE_ADDRESS"
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : ""

/** Why there is no answer, in words that hold no more than a host's name. */
const toFault = (error: unknown, host: string): ErrorReason => {
  const code = codeOf(error)
  if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") return timedOut(host)
  const message =
    code === "PRIVATE_ADDRESS"
      ? `${host} leads to a private address, which a vendor's link may not reach`
      : code === "ENOTFOUND"
        ? `The name ${host} is not known`
        : code === "ECONNREFUSED"
          ? `${host} refused the connection`
          : `The connection to ${host} failed${code === "" ? "" : ` (${code})`}`
  return { _tag: "Unreachable", message, ...(code === "" ? {} : { code }) }
}

const timedOut = (host: string): ErrorReason => ({
  _tag: "RequestTimedOut",
  message: `${host} gave no whole answer in time`
})

const aborted = new Error("aborted")

/** What a timer of Node can hold, in milliseconds; it takes anything longer for no time at all. */
const longestTimer = 2 ** 31 - 1

const send = (
  agent: Agent,
  request: HttpRequest,
  limits: RequestLimits
): Effect.Effect<TransportResponse, ErrorReason> =>
  Effect.callback<TransportResponse, ErrorReason>((resume) => {
    const host = request.url.host
    let controller: Dispatcher.DispatchController | undefined
    let settled = false
    let status = 0
    let headers: Record<string, string> = {}
    let received = 0
    const chunks: Array<Buffer> = []
    const settle = (result: Effect.Effect<TransportResponse, ErrorReason>): void => {
      if (settled) return
      settled = true
      clearTimeout(timer)
      resume(result)
    }
    const abort = (): void => {
      settled = true
      clearTimeout(timer)
      controller?.abort(aborted)
    }
    const timer = setTimeout(
      () => {
        settle(Effect.fail(timedOut(host)))
        abort()
      },
      Math.min(limits.timeout, longestTimer)
    )
    agent.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        headersTimeout: 0,
        bodyTimeout: 0
      },
      {
        onRequestStart(started) {
          controller = started
          if (settled) started.abort(aborted)
        },
        onResponseStart(_, statusCode, received) {
          // An informational answer is not the answer.
          if (statusCode < 200) return
          status = statusCode
          headers = flatten(received)
        },
        onResponseData(_, chunk) {
          received += chunk.length
          if (received <= limits.maxBytes) {
            chunks.push(chunk)
            return
          }
          const message = `The answer is larger than ${limits.maxBytes} bytes`
          settle(Effect.fail<ErrorReason>({ _tag: "ResponseTooLarge", message, httpStatus: status }))
          abort()
        },
        onResponseEnd() {
          const [first] = chunks
          const body = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, received)
          settle(Effect.succeed({ status, headers, text: body.toString("utf8") }))
        },
        onResponseError(_, error) {
          settle(Effect.fail(toFault(error, host)))
        }
      }
    )
    return Effect.sync(abort)
  })

/** A look-up that gives no private address away, so that no name can lead to one. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, "", 0)
    const list = Array.isArray(addresses) ? addresses : []
    const [first] = list
    if (first === undefined || !list.every(({ address }) => isPublic(address))) {
      return callback(new PrivateAddress(hostname), "", 0)
    }
    if (options.all === true) return callback(null, list)
    return callback(null, first.address, first.family)
  })
}

const open = (agent: Agent, request: DownloadRequest): Effect.Effect<OpenDownload, ErrorReason> =>
  Effect.callback<OpenDownload, ErrorReason>((resume) => {
    let controller: Dispatcher.DispatchController | undefined
    let body: ChunkBuffer | undefined
    let isOver = false
    const close = (): void => {
      if (!isOver) controller?.abort(aborted)
      isOver = true
    }
    agent.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: "GET",
        headers: request.headers,
        headersTimeout: request.timeout,
        bodyTimeout: request.timeout
      },
      {
        onRequestStart(started) {
          controller = started
          if (isOver) started.abort(aborted)
        },
        onResponseStart(started, status, headers) {
          if (status < 200) return
          body = new ChunkBuffer(started)
          resume(Effect.succeed({ status, headers: flatten(headers), body, close }))
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
          if (body === undefined) resume(Effect.fail(toFault(error, request.url.host)))
          else body.end(error)
        }
      }
    )
    return Effect.sync(close)
  })

/** An answer whose body can be given up, which closes its socket. */
type OpenDownload = DownloadResponse & { readonly close: () => void }

const agentOptions = { connections: 128, keepAliveTimeout: 10_000 } as const
const connectTimeout = 10_000

/** Undici agents, closed with the layer: one for vendors, one for strangers' links. */
export const layer: Layer.Layer<Transport> = Layer.effect(
  Transport,
  Effect.gen(function* () {
    // Loaded where it is needed, as it takes longer than all of gentask.
    const undici = yield* Effect.promise(() => import("undici"))
    const acquire = (options: Agent.Options): Effect.Effect<Agent> =>
      Effect.sync(() => new undici.Agent(options))
    const release = (agent: Agent): Effect.Effect<void> => Effect.promise(() => agent.destroy())
    const trusted = yield* Effect.acquireRelease(
      acquire({ ...agentOptions, connect: { timeout: connectTimeout } }),
      release
    )
    const guarded = yield* Effect.acquireRelease(
      acquire({ ...agentOptions, connect: { timeout: connectTimeout, lookup: publicLookup } }),
      release
    )
    return Transport.of({
      send: (request, limits) => send(trusted, request, limits),
      open: (request) =>
        Effect.acquireRelease(
          open(request.allowPrivate ? trusted : guarded, request),
          ({ close }) => Effect.sync(close),
          { interruptible: true }
        )
    })
  })
)
