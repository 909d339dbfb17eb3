import { setTimeout } from "node:timers/promises"
import { createParser } from "eventsource-parser"
import type { EventJson } from "../api/EventJson.ts"
import type { HttpConnection } from "./HttpConnection.ts"
import { TrackerError } from "./TrackerError.ts"

/** Options of `events`. */
export interface EventOptions {
  /** Starts after this event. 0 for all. @default only new events */
  readonly after?: number | undefined
  /** Only events of this task. @default all tasks */
  readonly ref?: string | undefined
  /** Ends the iteration with the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** An idle server sends a comment every 15 seconds. After this time the connection counts as lost. */
const silenceMs = 45_000
const minDelayMs = 250
const maxDelayMs = 15_000

/** Reads the events of one connection. */
async function* readConnection(
  connection: HttpConnection,
  { after, ref, signal }: EventOptions,
  onOpen: () => void
): AsyncGenerator<EventJson> {
  const silence = new AbortController()
  const timer = globalThis.setTimeout(() => silence.abort(), silenceMs)
  const aborted = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal])
  try {
    const response = await connection.send({
      path: "/v1/events",
      query: { after, ref },
      signal: aborted,
      timeoutMs: null
    })
    onOpen()
    const events: Array<EventJson> = []
    const parser = createParser({ onEvent: ({ data }) => events.push(JSON.parse(data) as EventJson) })
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) {
      timer.refresh()
      parser.feed(decoder.decode(chunk as Uint8Array, { stream: true }))
      yield* events.splice(0)
    }
  } finally {
    clearTimeout(timer)
    silence.abort()
  }
}

/** Iterates over events. After a lost connection, it connects again and continues after the last event. */
export async function* readEvents(
  connection: HttpConnection,
  options: EventOptions
): AsyncGenerator<EventJson> {
  const { signal } = options
  let after = options.after
  let isOpen = false
  let delay = minDelayMs
  for (;;) {
    try {
      const onOpen = (): void => {
        isOpen = true
        delay = minDelayMs
      }
      for await (const event of readConnection(connection, { ...options, after }, onOpen)) {
        after = event.seq
        yield event
      }
    } catch (error) {
      signal?.throwIfAborted()
      // The first connection shows whether the URL and the token are right.
      if (!isOpen || (error instanceof TrackerError && !error.isRetryable)) throw error
    }
    await setTimeout(delay, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      signal?.throwIfAborted()
      throw error
    })
    delay = Math.min(2 * delay, maxDelayMs)
  }
}
