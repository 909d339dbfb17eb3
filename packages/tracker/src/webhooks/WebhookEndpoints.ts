import { randomUUID } from "node:crypto"
import { Transport } from "@gentask/core/effect"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type { StoreError } from "../store/StoreError.ts"
import { TrackerStore } from "../store/TrackerStore.ts"
import type { WebhookEndpoint } from "../store/TrackerStore.ts"
import { destinationProblem } from "./destinationProblem.ts"
import type { DestinationRules } from "./destinationProblem.ts"
import { createSecret } from "./secret.ts"
import { sendDelivery } from "./sendDelivery.ts"

/** The types of events that endpoints can receive. */
export const webhookEventTypes = [
  "task.added",
  "task.status",
  "task.ended",
  "task.saved",
  "task.save-failed"
] as const

/** Why an endpoint was refused, such as a private address. */
export class InvalidEndpoint extends Data.TaggedError("InvalidEndpoint")<{
  readonly field: "url" | "events"
  /** What is wrong and what to do. */
  readonly message: string
}> {}

/** The fields of a new endpoint. */
export interface NewEndpoint {
  readonly url: string
  /** Types of events. Empty for all. */
  readonly events: ReadonlyArray<string>
}

/** Changes of an endpoint. */
export interface EndpointChanges {
  readonly url?: string | undefined
  readonly events?: ReadonlyArray<string> | undefined
  readonly isEnabled?: boolean | undefined
}

/** The result of a test. */
export interface EndpointTest {
  /** Whether the endpoint returned a status of 2xx. */
  readonly isDelivered: boolean
  /** The HTTP status. Null if there was no response. */
  readonly status: number | null
  readonly error: string | null
}

/** Manages the user's endpoints. Methods with an id return undefined if there is no such endpoint. */
export interface WebhookEndpointsService {
  readonly list: Effect.Effect<ReadonlyArray<WebhookEndpoint>, StoreError>
  /** Creates an endpoint with a new secret. */
  readonly create: (endpoint: NewEndpoint) => Effect.Effect<WebhookEndpoint, InvalidEndpoint | StoreError>
  readonly update: (
    id: string,
    changes: EndpointChanges
  ) => Effect.Effect<WebhookEndpoint | undefined, InvalidEndpoint | StoreError>
  /**
   * Adds a new secret, and removes all but the previous one. Until the next rotation, messages are signed with both. After
   * two rotations, a secret that has leaked is not used any more.
   */
  readonly rotate: (id: string) => Effect.Effect<WebhookEndpoint | undefined, StoreError>
  readonly remove: (id: string) => Effect.Effect<boolean, StoreError>
  /** Sends one message of the type `test`, without retries, also to a disabled endpoint. */
  readonly test: (id: string) => Effect.Effect<EndpointTest | undefined, StoreError>
  /** Makes dead deliveries due again, and returns how many. */
  readonly replay: (id: string) => Effect.Effect<number | undefined, StoreError>
}

const checkUrl = (url: string, rules: DestinationRules): Effect.Effect<string, InvalidEndpoint> => {
  const problem = destinationProblem(url, rules)
  return problem === undefined
    ? Effect.succeed(new URL(url).href)
    : Effect.fail(new InvalidEndpoint({ field: "url", message: `Invalid webhook URL: ${problem}.` }))
}

const checkEvents = (
  events: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>, InvalidEndpoint> => {
  const known: ReadonlyArray<string> = webhookEventTypes
  return events.every((type) => known.includes(type))
    ? Effect.succeed([...new Set(events)])
    : Effect.fail(
        new InvalidEndpoint({
          field: "events",
          message: `Invalid event type: expected one of ${known.join(", ")}.`
        })
      )
}

/** Creates the service of the user's endpoints. */
export const makeWebhookEndpoints = Effect.fnUntraced(function* (rules: DestinationRules) {
  const store = yield* TrackerStore
  const transport = yield* Transport

  const find = (id: string): Effect.Effect<WebhookEndpoint | undefined, StoreError> =>
    Effect.map(store.endpoints, (endpoints) => endpoints.find((each) => each.id === id))

  return {
    list: store.endpoints,
    create: Effect.fnUntraced(function* ({ url, events }: NewEndpoint) {
      const endpoint: WebhookEndpoint = {
        id: `we_${randomUUID()}`,
        url: yield* checkUrl(url, rules),
        events: yield* checkEvents(events),
        secrets: [createSecret()],
        isEnabled: true,
        createdAt: new Date(yield* Clock.currentTimeMillis)
      }
      yield* store.putEndpoint(endpoint)
      return endpoint
    }),
    update: Effect.fnUntraced(function* (id: string, changes: EndpointChanges) {
      const current = yield* find(id)
      if (current === undefined) return undefined
      const endpoint: WebhookEndpoint = {
        ...current,
        url: changes.url === undefined ? current.url : yield* checkUrl(changes.url, rules),
        events: changes.events === undefined ? current.events : yield* checkEvents(changes.events),
        isEnabled: changes.isEnabled ?? current.isEnabled
      }
      yield* store.putEndpoint(endpoint)
      return endpoint
    }),
    rotate: Effect.fnUntraced(function* (id: string) {
      const current = yield* find(id)
      if (current === undefined) return undefined
      const endpoint = { ...current, secrets: [createSecret(), ...current.secrets.slice(0, 1)] }
      yield* store.putEndpoint(endpoint)
      return endpoint
    }),
    remove: store.deleteEndpoint,
    test: Effect.fnUntraced(function* (id: string): Effect.fn.Return<EndpointTest | undefined, StoreError> {
      const endpoint = yield* find(id)
      if (endpoint === undefined) return undefined
      const event = {
        id: `test/${randomUUID()}`,
        type: "test",
        at: new Date(yield* Clock.currentTimeMillis),
        ref: null,
        body: { message: "This is a test. No task has changed." }
      } as const
      const result = yield* sendDelivery(transport, event, endpoint, rules)
      return result._tag === "Delivered"
        ? { isDelivered: true, status: result.httpStatus, error: null }
        : { isDelivered: false, status: result.httpStatus ?? null, error: result.message }
    }),
    replay: Effect.fnUntraced(function* (id: string) {
      return (yield* find(id)) === undefined ? undefined : yield* store.replay(id)
    })
  } satisfies WebhookEndpointsService
})
