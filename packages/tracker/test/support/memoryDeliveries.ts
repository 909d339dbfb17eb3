import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { TrackerStore } from "../../src/store/TrackerStore.ts"
import type {
  Delivery,
  TrackerEvent,
  TrackerStoreService,
  WebhookEndpoint
} from "../../src/store/TrackerStore.ts"

/** A recorded delivery. */
export interface RecordedDelivery {
  readonly id: number
  readonly event: TrackerEvent
  readonly endpointId: string
  state: "due" | "taken" | "delivered" | "waiting" | "dead"
  attempts: number
  lastError: string | null
  /** The delay until the next attempt. */
  retryInMs: number | undefined
}

/** The part of the store that concerns webhooks, in memory. */
export class MemoryDeliveries {
  readonly endpoints = new Map<string, WebhookEndpoint>()
  readonly deliveries: Array<RecordedDelivery> = []

  /** Adds an event, and a delivery to each endpoint. */
  add(event: Pick<TrackerEvent, "id" | "ref"> & Partial<TrackerEvent>): void {
    const seq = this.deliveries.length + 1
    const full: TrackerEvent = { seq, type: "task.ended", at: new Date(0), body: {}, ...event }
    for (const endpointId of this.endpoints.keys()) {
      const id = this.deliveries.length + 1
      this.deliveries.push({
        id,
        event: full,
        endpointId,
        state: "due",
        attempts: 0,
        lastError: null,
        retryInMs: undefined
      })
    }
  }

  /** Makes deliveries that wait for another attempt due. */
  makeDue(): void {
    for (const delivery of this.deliveries) if (delivery.state === "waiting") delivery.state = "due"
  }

  readonly layer: Layer.Layer<TrackerStore> = Layer.sync(TrackerStore, () => {
    const methods: Partial<TrackerStoreService> = {
      takeDeliveries: (_account, limit, _leaseMs, except = []) =>
        Effect.sync(() =>
          this.deliveries
            .filter(({ state, endpointId }) => state === "due" && !except.includes(this.#laneOf(endpointId)))
            .slice(0, limit)
            .flatMap((recorded): ReadonlyArray<Delivery> => {
              const endpoint = this.endpoints.get(recorded.endpointId)
              if (endpoint?.isEnabled !== true) return []
              recorded.state = "taken"
              const { id, event, attempts, lastError } = recorded
              return [{ id, event, endpoint, attempts, lastError }]
            })
        ),
      delivered: (id) => this.#change(id, { state: "delivered" }),
      deliveryFailed: (id, lastError, retryInMs) =>
        Effect.suspend(() =>
          this.#change(id, {
            state: retryInMs === undefined ? "dead" : "waiting",
            attempts: this.#find(id).attempts + 1,
            lastError,
            retryInMs
          })
        ),
      replay: (endpointId) =>
        Effect.sync(() => {
          const dead = this.deliveries.filter(
            (each) => each.endpointId === endpointId && each.state === "dead"
          )
          for (const delivery of dead) Object.assign(delivery, { state: "due", attempts: 0 })
          return dead.length
        }),
      endpoint: (id) => Effect.sync(() => this.endpoints.get(id)),
      endpoints: Effect.sync(() => [...this.endpoints.values()]),
      putEndpoint: (endpoint) => Effect.sync(() => void this.endpoints.set(endpoint.id, endpoint)),
      deleteEndpoint: (id) => Effect.sync(() => this.endpoints.delete(id))
    }
    return TrackerStore.of(methods as TrackerStoreService)
  })

  #laneOf(endpointId: string): string {
    return this.endpoints.get(endpointId)?.lane ?? endpointId
  }

  #find(id: number): RecordedDelivery {
    const found = this.deliveries[id - 1]
    if (found === undefined) throw new Error(`There is no delivery ${id}.`)
    return found
  }

  #change(id: number, fields: Partial<RecordedDelivery>): Effect.Effect<void> {
    return Effect.sync(() => void Object.assign(this.#find(id), fields))
  }
}
