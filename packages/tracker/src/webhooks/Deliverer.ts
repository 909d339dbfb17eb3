import { Transport } from "@gentask/core/effect"
import type { TransportService } from "@gentask/core/effect"
import { attributeNames, metricNames } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Metric from "effect/Metric"
import * as Random from "effect/Random"
import * as Semaphore from "effect/Semaphore"
import type { StoreError } from "../store/StoreError.ts"
import { TrackerStore } from "../store/TrackerStore.ts"
import type { Delivery, TrackerStoreService, WebhookEndpoint } from "../store/TrackerStore.ts"
import type { DestinationRules } from "./destinationProblem.ts"
import { retryDelay } from "./retryDelay.ts"
import { attemptTimeoutMs, sendDelivery } from "./sendDelivery.ts"
import type { AttemptResult } from "./sendDelivery.ts"

/** How many messages of an account are sent to one receiver at the same time. */
const laneWidth = 8

/** How many deliveries are taken at once. */
const batchSize = 32

/**
 * For how long taken deliveries are hidden from other processes, in milliseconds. It covers the longest lane if its
 * endpoint responds to no attempt, and one attempt more.
 */
const leaseMs = (Math.ceil((laneWidth + batchSize) / laneWidth) + 1) * attemptTimeoutMs

/** How long attempts under way may take when the tracker stops, in milliseconds. */
const maxCloseMs = 3000

/** The deliveries of an account to one receiver that this process has taken. */
interface Lane {
  readonly account: string
  readonly name: string
  readonly semaphore: Semaphore.Semaphore
  /** How many deliveries were taken and are not settled. */
  pending: number
}

const attempts = Metric.counter(metricNames.webhookAttempts, {
  description: "Number of attempts to deliver an event to a webhook, by outcome",
  incremental: true,
  attributes: { unit: "{attempt}" }
})

/** Sends the deliveries of accounts. */
export interface DelivererService {
  /**
   * Takes due deliveries of an account and starts to send them, without waiting for their end. A slow endpoint delays no
   * other one: nothing is taken for a receiver while earlier deliveries wait for it. When an endpoint has caught up, its
   * next deliveries are taken without another call.
   *
   * @returns How many deliveries were taken.
   */
  readonly deliverDue: (account: string) => Effect.Effect<number, StoreError>
  /** Succeeds when no delivery is being sent. */
  readonly idle: Effect.Effect<void>
}

const settle = Effect.fnUntraced(function* (
  store: TrackerStoreService,
  { id, attempts, endpoint }: Delivery,
  result: AttemptResult
): Effect.fn.Return<void, StoreError> {
  if (result._tag === "Delivered") yield* store.delivered(id)
  else if (result._tag === "Failed")
    yield* store.deliveryFailed(id, result.message, retryDelay(attempts + 1, yield* Random.next))
  else {
    yield* store.deliveryFailed(id, result.message, undefined)
    // The user may have changed the endpoint since the delivery was taken.
    const current = yield* store.endpoint(endpoint.id)
    if (current !== undefined && current.url === endpoint.url)
      yield* store.putEndpoint({ ...current, isEnabled: false })
  }
})

const deliver = (
  store: TrackerStoreService,
  transport: TransportService,
  delivery: Delivery,
  rules: DestinationRules
): Effect.Effect<void> =>
  sendDelivery(transport, delivery.event, delivery.endpoint, rules).pipe(
    Effect.tap(({ _tag }) =>
      Metric.update(Metric.withAttributes(attempts, { [attributeNames.outcome]: _tag.toLowerCase() }), 1)
    ),
    Effect.flatMap((result) => settle(store, delivery, result)),
    // It is due again after its lease.
    Effect.catch(({ message }) =>
      Effect.logWarning(`The outcome of a webhook could not be recorded: ${message}`)
    )
  )

/**
 * Creates a deliverer. When the scope is closed, it finishes the attempts under way within a short time. Others are due
 * again after their lease.
 */
export const makeDeliverer = Effect.fnUntraced(function* (rules: DestinationRules) {
  const store = yield* TrackerStore
  const transport = yield* Transport
  const fibers = yield* FiberSet.make()
  const lanes = new Map<string, Lane>()
  let isClosing = false

  const laneOf = (account: string, { id, lane: name = id }: WebhookEndpoint): Lane => {
    const key = `${account} ${name}`
    const semaphore = Semaphore.makeUnsafe(laneWidth)
    const lane = lanes.get(key) ?? { account, name, semaphore, pending: 0 }
    lanes.set(key, lane)
    return lane
  }

  const leave = (lane: Lane): Effect.Effect<unknown> => {
    lane.pending -= 1
    if (lane.pending === 0) lanes.delete(`${lane.account} ${lane.name}`)
    if (lane.pending !== laneWidth - 1) return Effect.void
    return FiberSet.run(fibers, Effect.ignore(deliverDue(lane.account)))
  }

  const start = (lane: Lane, delivery: Delivery): Effect.Effect<unknown> => {
    lane.pending += 1
    const sending = deliver(store, transport, delivery, rules)
    return FiberSet.run(
      fibers,
      Effect.ensuring(
        lane.semaphore.withPermit(Effect.suspend(() => (isClosing ? Effect.void : sending))),
        Effect.suspend(() => leave(lane))
      )
    )
  }

  const deliverDue = (account: string): Effect.Effect<number, StoreError> =>
    Effect.gen(function* () {
      if (isClosing) return 0
      const busy = [...lanes.values()].filter((lane) => lane.account === account && lane.pending >= laneWidth)
      const exceptLanes = busy.map(({ name }) => name)
      const taken = yield* store.takeDeliveries(account, batchSize, leaseMs, exceptLanes)
      for (const delivery of taken) yield* start(laneOf(account, delivery.endpoint), delivery)
      return taken.length
    })

  const idle = FiberSet.awaitEmpty(fibers)
  yield* Effect.addFinalizer(() => {
    isClosing = true
    return Effect.timeoutOption(idle, maxCloseMs)
  })
  return { deliverDue, idle } satisfies DelivererService
})
