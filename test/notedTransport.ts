/** The real transport, and a note of each exchange as the client's side of it sees it. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { Transport, UndiciTransport } from "@gentask/core/effect"

/** One exchange. Instants are milliseconds of `performance.now()`. */
export interface Exchanged {
  /** The vendor's path, which tells the vendors of one host apart. */
  readonly path: string
  readonly startedAt: number
  readonly endedAt: number
  /** How long a 429 asked to wait, in milliseconds; undefined where the answer was none or asked for nothing. */
  readonly retryAfter: number | undefined
}

const askedFor = (
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

/** A transport that notes, and its notes. */
export const noteTransport = () => {
  const exchanges: Array<Exchanged> = []
  const layer = Layer.provide(
    Layer.effect(
      Transport,
      Effect.map(Transport, (transport) =>
        Transport.of({
          ...transport,
          send: (request, limits) =>
            Effect.suspend(() => {
              const startedAt = performance.now()
              const path = request.url.pathname.split("/").slice(0, 4).join("/")
              return Effect.tap(transport.send(request, limits), ({ status, headers, text }) =>
                Effect.sync(() => {
                  const endedAt = performance.now()
                  exchanges.push({ path, startedAt, endedAt, retryAfter: askedFor(status, headers, text) })
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

/** The exchanges that started while a 429 before them still asked to wait. A timer may ring a little early. */
export const undercuts = (exchanges: ReadonlyArray<Exchanged>): ReadonlyArray<Exchanged> => {
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
