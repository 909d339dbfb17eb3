import { randomUUID } from "node:crypto"
import { Transport } from "@gentask/core/effect"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { eventTypes } from "../store/Delivery.ts"
import { TrackerStore } from "../store/TrackerStore.ts"
import type { WebhookEndpoint } from "../store/TrackerStore.ts"
import { destinationProblem } from "./destinationProblem.ts"
import type { DestinationRules } from "./destinationProblem.ts"
import { createSecret } from "./secret.ts"
import { sendDelivery } from "./sendDelivery.ts"

/** Why an endpoint was refused, such as a private address. */
export class InvalidEndpoint extends Data.TaggedError("InvalidEndpoint")<{
  readonly field: "url" | "events"
  /** What is wrong and what to do. */
  readonly message: string
}> {}

type EndpointFields = Pick<WebhookEndpoint, "url" | "events" | "isEnabled">

/** Members that are missing or undefined stay as they are. */
type EndpointChanges = { readonly [Name in keyof EndpointFields]?: EndpointFields[Name] | undefined }

const checkUrl = (url: string, rules: DestinationRules): Effect.Effect<string, InvalidEndpoint> => {
  // The normal form may be longer, since it escapes characters.
  const problem = destinationProblem(url, rules) ?? destinationProblem(new URL(url).href, rules)
  return problem === undefined
    ? Effect.succeed(new URL(url).href)
    : Effect.fail(new InvalidEndpoint({ field: "url", message: `Invalid webhook URL: ${problem}.` }))
}

const checkEvents = (
  events: ReadonlyArray<string>
): Effect.Effect<ReadonlyArray<string>, InvalidEndpoint> => {
  const known: ReadonlyArray<string> = eventTypes
  return events.every((type) => known.includes(type))
    ? Effect.succeed([...new Set(events)])
    : Effect.fail(
        new InvalidEndpoint({
          field: "events",
          message: `Invalid event type: expected one of ${known.join(", ")}.`
        })
      )
}

/** Creates the service of the user's endpoints, which is the port `EndpointAdmin` of the HTTP API. */
export const makeWebhookEndpoints = Effect.fnUntraced(function* (rules: DestinationRules) {
  const store = yield* TrackerStore
  const transport = yield* Transport

  return {
    list: store.endpoints,
    get: store.endpoint,
    checkUrl: (url: string) => checkUrl(url, rules),
    create: Effect.fnUntraced(function* ({ url, events }: Omit<EndpointFields, "isEnabled">) {
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
      const current = yield* store.endpoint(id)
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
      const current = yield* store.endpoint(id)
      if (current === undefined) return undefined
      const endpoint = { ...current, secrets: [createSecret(), ...current.secrets.slice(0, 1)] }
      yield* store.putEndpoint(endpoint)
      return endpoint
    }),
    remove: store.deleteEndpoint,
    test: Effect.fnUntraced(function* (id: string) {
      const endpoint = yield* store.endpoint(id)
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
      return (yield* store.endpoint(id)) === undefined ? undefined : yield* store.replay(id)
    })
  }
})
