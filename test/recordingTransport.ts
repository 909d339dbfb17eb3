/** A transport that records each exchange as the client sees it. */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { moduleNames } from "@gentask/emulator"
import { Transport, UndiciTransport } from "@gentask/core/effect"
import type { TransportResponse } from "@gentask/core/effect"
import { observedFaults, requiredDelay } from "./observedFaults.ts"
import type { ObservedResponse } from "./observedFaults.ts"

/** A request and its response. Instants are milliseconds of `performance.now()`. */
export interface RecordedExchange {
  /** The first part of the path, which differs from vendor to vendor. */
  readonly path: string
  readonly startedAt: number
  readonly endedAt: number
  /** The delay that a 429 requests, in milliseconds; undefined for other responses and for a 429 without a delay. */
  readonly retryAfter: number | undefined
}

const modules: ReadonlySet<string> = new Set(moduleNames)

const vendorPath = ({ pathname }: URL): string => {
  const segments = pathname.split("/")
  return segments.slice(0, modules.has(segments[1] ?? "") ? 2 : 4).join("/")
}

const readRetryAfter = (response: TransportResponse): number | undefined => {
  if (response.status !== 429) return undefined
  if (response.headers["retry-after"] !== undefined) return requiredDelay(response)
  const inBody = /"retryAfter":\s*(\d+)/.exec(response.text)?.[1]
  return inBody === undefined ? undefined : Number(inBody) * 1000
}

/**
 * Returns a transport over undici, the list to which it adds each exchange of a query, and how often queries and
 * downloads showed each fault.
 */
export const makeRecordingTransport = () => {
  const exchanges: Array<RecordedExchange> = []
  const faults = { queries: new Map<string, number>(), media: new Map<string, number>() }
  const count = (counts: Map<string, number>, response: ObservedResponse): void => {
    for (const fault of observedFaults(response)) counts.set(fault, (counts.get(fault) ?? 0) + 1)
  }
  const layer = Layer.provide(
    Layer.effect(
      Transport,
      Effect.map(Transport, (transport) =>
        Transport.of({
          open: (request) =>
            Effect.tap(transport.open(request), (response) =>
              Effect.sync(() => count(faults.media, response))
            ),
          send: (request, limits, options) =>
            Effect.suspend(() => {
              const startedAt = performance.now()
              const path = vendorPath(request.url)
              return Effect.tap(transport.send(request, limits, options), (response) =>
                Effect.sync(() => {
                  const endedAt = performance.now()
                  exchanges.push({ path, startedAt, endedAt, retryAfter: readRetryAfter(response) })
                  count(faults.queries, response)
                })
              )
            })
        })
      )
    ),
    UndiciTransport.layer
  )
  return { exchanges, faults, layer }
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
