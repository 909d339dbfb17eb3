/** One reader of the store's events, which all streams and long polls of this process share. */
import * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import type { StoreError } from "../store/StoreError.ts"
import { TrackerStore } from "../store/TrackerStore.ts"
import type { TrackerEvent } from "../store/TrackerStore.ts"

const pageSize = 500
/** How many of the newest events stay in memory. Streams that are further behind read the store. */
const maxRecent = 2000
/** How often to look for events if no hint arrives, in milliseconds. */
const scanIntervalMs = 1000

/** A shared view of the store's events. */
export interface EventFeedService {
  /** Returns events after a position, oldest first. Empty if there are none yet. */
  readonly read: (afterSeq: number, ref?: string) => Effect.Effect<ReadonlyArray<TrackerEvent>, StoreError>
  /** The position of the newest event. */
  readonly position: () => number
  /** Waits until there are events after a position, or the feed is closed. */
  readonly changed: (afterSeq: number) => Effect.Effect<void>
  /** Waits for the next hint that something changed in the store. Hints may be missing. */
  readonly hint: Effect.Effect<void>
  /** Waits until there is an event of a task, or the feed is closed. Starts to wait when it is called. */
  readonly nextOf: (ref: string) => { readonly wait: Effect.Effect<void>; readonly stop: () => void }
  readonly isClosed: () => boolean
  /** Ends all waits, so that streams and long polls end. */
  readonly close: Effect.Effect<void>
}

/** A shared view of the store's events. */
export class EventFeed extends Context.Service<EventFeed, EventFeedService>()("@gentask/tracker/EventFeed") {}

const makeEventFeed = Effect.gen(function* () {
  const store = yield* TrackerStore
  let position = yield* store.lastEventSeq
  /** All events after `recentStart` up to `position`. */
  let recent: Array<TrackerEvent> = []
  let recentStart = position
  let isClosed = false
  let changed = Deferred.makeUnsafe<void>()
  let hinted = Deferred.makeUnsafe<void>()
  const waitingFor = new Map<string, Set<Deferred.Deferred<void>>>()
  const wakeUps = yield* Queue.sliding<void>(1)

  const publish = (events: ReadonlyArray<TrackerEvent>): void => {
    recent.push(...events)
    position = events.at(-1)?.seq ?? position
    if (recent.length > 2 * maxRecent) {
      const removed = recent.length - maxRecent
      recentStart = recent[removed - 1]?.seq ?? recentStart
      recent = recent.slice(removed)
    }
    for (const { ref } of events) {
      for (const waiting of waitingFor.get(ref) ?? []) Deferred.doneUnsafe(waiting, Effect.void)
    }
    const previous = changed
    changed = Deferred.makeUnsafe<void>()
    Deferred.doneUnsafe(previous, Effect.void)
  }

  const advance = Effect.gen(function* () {
    for (;;) {
      const events = yield* store.events(position, pageSize)
      if (events.length > 0) publish(events)
      if (events.length < pageSize) return
    }
  })

  const notify = Effect.sync(() => {
    const previous = hinted
    hinted = Deferred.makeUnsafe<void>()
    Deferred.doneUnsafe(previous, Effect.void)
  })

  yield* store.changes.pipe(
    Stream.runForEach(() => Effect.andThen(notify, Queue.offer(wakeUps, undefined))),
    Effect.forkScoped
  )
  yield* Queue.take(wakeUps).pipe(
    Effect.timeoutOption(scanIntervalMs),
    Effect.andThen(advance),
    Effect.catch((error) =>
      Effect.andThen(
        Effect.logWarning(`Events cannot be read: ${error.message}`),
        Effect.sleep(scanIntervalMs)
      )
    ),
    Effect.forever,
    Effect.forkScoped
  )

  /** Returns recent events by binary search, since `seq` may have gaps. */
  const readRecent = (afterSeq: number, ref: string | undefined): ReadonlyArray<TrackerEvent> => {
    let low = 0
    let high = recent.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((recent[middle]?.seq ?? 0) <= afterSeq) low = middle + 1
      else high = middle
    }
    if (ref === undefined) return recent.slice(low, low + pageSize)
    return recent.filter((event, index) => index >= low && event.ref === ref).slice(0, pageSize)
  }

  return EventFeed.of({
    read: (afterSeq, ref) =>
      Effect.suspend(() =>
        afterSeq >= recentStart
          ? Effect.succeed(readRecent(afterSeq, ref))
          : store.events(afterSeq, pageSize, ref)
      ),
    position: () => position,
    changed: (afterSeq) =>
      Effect.suspend(() => (isClosed || position > afterSeq ? Effect.void : Deferred.await(changed))),
    hint: Effect.suspend(() => (isClosed ? Effect.void : Deferred.await(hinted))),
    nextOf: (ref) => {
      const waiting = Deferred.makeUnsafe<void>()
      const all = waitingFor.get(ref) ?? new Set()
      waitingFor.set(ref, all.add(waiting))
      if (isClosed) Deferred.doneUnsafe(waiting, Effect.void)
      return {
        wait: Deferred.await(waiting),
        stop: () => {
          all.delete(waiting)
          if (all.size === 0 && waitingFor.get(ref) === all) waitingFor.delete(ref)
        }
      }
    },
    isClosed: () => isClosed,
    close: Effect.sync(() => {
      isClosed = true
      Deferred.doneUnsafe(changed, Effect.void)
      Deferred.doneUnsafe(hinted, Effect.void)
      for (const waiting of [...waitingFor.values()].flatMap((all) => [...all]))
        Deferred.doneUnsafe(waiting, Effect.void)
    })
  })
})

/** Reads the events of the store once for all clients. */
export const eventFeedLayer: Layer.Layer<EventFeed, StoreError, TrackerStore> = Layer.effect(
  EventFeed,
  makeEventFeed
)
