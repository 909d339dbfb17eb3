/** Runs single operations of a transport. */
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { Transport } from "@gentask/core/effect"
import type {
  DownloadRequest,
  HttpRequest,
  RequestLimits,
  SendError,
  SendOptions,
  TransportResponse
} from "@gentask/core/effect"
import type { ErrorReason } from "@gentask/core/provider"

type Send = Partial<HttpRequest & RequestLimits>

/** Sends a GET request. Returns the response, or the reason of the failure. */
export const send = (
  layer: Layer.Layer<Transport>,
  url: string | URL,
  { timeoutMs = 10_000, maxBytes = 1_000_000, ...request }: Send = {},
  options: SendOptions = {},
  signal?: AbortSignal
): Promise<TransportResponse | SendError> =>
  Transport.use((transport) =>
    transport.send(
      { method: "GET", url: new URL(url), headers: {}, body: undefined, ...request },
      { timeoutMs, maxBytes },
      options
    )
  ).pipe(
    Effect.match({
      onSuccess: (response): TransportResponse | SendError => response,
      onFailure: (reason) => reason
    }),
    Effect.provide(layer),
    (effect) => Effect.runPromise(effect, { signal })
  )

/** A file that was downloaded completely. */
export interface DownloadedFile {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** Downloads a file. Returns it, or the reason of the failure. Rejects if the body is interrupted. */
export const download = (
  layer: Layer.Layer<Transport>,
  url: string | URL,
  fields: Partial<DownloadRequest> = {}
): Promise<DownloadedFile | ErrorReason> =>
  Transport.use((transport) =>
    Effect.gen(function* () {
      const request = { url: new URL(url), headers: {}, timeoutMs: 10_000, allowPrivate: true, ...fields }
      const { status, headers, body } = yield* transport.open(request)
      const text = yield* Effect.promise(async () => {
        let text = ""
        for await (const part of body) {
          for (const chunk of part instanceof Uint8Array ? [part] : part)
            text += Buffer.from(chunk).toString("latin1")
        }
        return text
      })
      return { status, headers, text }
    }).pipe(Effect.scoped)
  ).pipe(
    Effect.match({ onSuccess: (file): DownloadedFile | ErrorReason => file, onFailure: (reason) => reason }),
    Effect.provide(layer),
    Effect.runPromise
  )
