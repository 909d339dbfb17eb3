import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import type { TrackerEvent } from "../store/TrackerStore.ts"
import { EventFeed } from "./EventFeed.ts"
import type { EventFeedService } from "./EventFeed.ts"
import { Settings } from "./HttpOptions.ts"
import { openStreams } from "./metrics.ts"
import { Unavailable } from "./problems.ts"
import { TaskActions } from "./TaskActions.ts"
import { eventToJson } from "./taskJson.ts"
import { inputProblem } from "./toProblem.ts"
import { TrackerApi } from "./TrackerApi.ts"

/** The text of events in the stream. Encoded once for all clients. */
const encoded = new WeakMap<TrackerEvent, string>()

const encodeEvent = (event: TrackerEvent): string => {
  const known = encoded.get(event)
  if (known !== undefined) return known
  const text = `id: ${event.seq}\nevent: ${event.type}\ndata: ${JSON.stringify(eventToJson(event))}\n\n`
  encoded.set(event, text)
  return text
}

/** Returns the text that a stream sends next, and its position after that. */
const nextText = (feed: EventFeedService, after: number, ref: string | undefined, heartbeatMs: number) =>
  Effect.gen(function* () {
    let seen = after
    for (;;) {
      // Read before the events: the store has all events up to here, also if none of them is of the task.
      const position = feed.position()
      const events = yield* feed.read(seen, ref)
      const last = events.at(-1)
      if (last !== undefined) return [events.map(encodeEvent).join(""), last.seq] as const
      seen = Math.max(seen, position)
      if (feed.isClosed()) return undefined
      const news = yield* Effect.timeoutOption(feed.changed(seen), heartbeatMs)
      if (news._tag === "None") return [": heartbeat\n\n", seen] as const
    }
  })

/** Handles streams of events. */
export const eventHandlers = HttpApiBuilder.group(TrackerApi, "events", (handlers) =>
  Effect.gen(function* () {
    const feed = yield* EventFeed
    const { maxStreams, heartbeatMs } = yield* Settings
    let open = 0
    return handlers.handle("stream", ({ headers, query }) =>
      Effect.gen(function* () {
        if (open >= maxStreams)
          return yield* new Unavailable({ detail: `${maxStreams} streams of events are open already.` })
        const actions = yield* TaskActions
        const ref =
          query.ref === undefined
            ? undefined
            : (yield* Effect.mapError(actions.resolveRef(query.ref), inputProblem)).ref
        const resumed = headers["last-event-id"] ?? query.after
        const after = resumed === undefined ? feed.position() : Number(resumed)
        // The client reads at its own pace: the next events are read when the last ones have been sent.
        const events = Stream.unfold(after, (seen) => nextText(feed, seen, ref, heartbeatMs))
        const counted = Stream.suspend(() => {
          openStreams(++open)
          return Stream.make("retry: 1000\n\n").pipe(Stream.concat(events))
        }).pipe(Stream.ensuring(Effect.sync(() => openStreams(--open))))
        return HttpServerResponse.stream(Stream.encodeText(counted), {
          contentType: "text/event-stream",
          headers: { "cache-control": "no-store", "x-accel-buffering": "no" }
        })
      })
    )
  })
)
