/** A transport that records each exchange as the client sees it. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Transport, UndiciTransport } from "@gentask/core/effect"

/** A request and its response. Instants are milliseconds of `performance.now()`. */
export interface RecordedExchange {
  /** The first part of the path, which differs from vendor to vendor. */
  readonly path: string
  readonly startedAt: number
  readonly endedAt: number
  /** The delay that a 429 requests, in milliseconds; undefined for other responses and for a 429 without a delay. */
  readonly retryAfter: number | undefined
}

const readRetryAfter = (
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string
): number | undefined => {
  if (status !== 429) return undefined
  const header = headers["retry-after"]
  if (header === undefined) {
    const inBody = /"retryAfter":\s*(\d+)/.exec(text)?.[1]
    return inBody === undefined ? undefined : Number(inBody) * 1000
  }
  return /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
}

/** Returns a transport over undici, and the list to which it adds each exchange. */
export const makeRecordingTransport = () => {
  const exchanges: Array<RecordedExchange> = []
  const layer = Layer.provide(
    Layer.effect(
      Transport,
      Effect.map(Transport, (transport) =>
        Transport.of({
          ...transport,
          send: (request, limits, options) =>
            Effect.suspend(() => {
              const startedAt = performance.now()
              const path = request.url.pathname.split("/").slice(0, 4).join("/")
              return Effect.tap(transport.send(request, limits, options), ({ status, headers, text }) =>
                Effect.sync(() => {
                  const endedAt = performance.now()
                  exchanges.push({
                    path,
                    startedAt,
                    endedAt,
                    retryAfter: readRetryAfter(status, headers, text)
                  })
                })
              )
            })
        })
      )
    ),
    UndiciTransport.layer
  )
  return { exchanges, layer }
}

/** Returns the exchanges that started before the delay of an earlier 429 had passed. Timers may fire 2 ms early. */
export const earlyRequests = (
  exchanges: ReadonlyArray<RecordedExchange>
): ReadonlyArray<RecordedExchange> => {
  const pauses = exchanges.filter(({ retryAfter }) => retryAfter !== undefined)
  return exchanges.filter(({ path, startedAt }) =>
    pauses.some(
      (pause) =>
        pause.path === path &&
        startedAt > pause.endedAt &&
        startedAt < pause.endedAt + (pause.retryAfter ?? 0) - 2
    )
  )
}
