import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { EndpointTestJson } from "../api/EndpointJson.ts"
import type { StoreError } from "../store/StoreError.ts"
import type { WebhookEndpoint } from "../store/TrackerStore.ts"

/** Why a webhook endpoint was refused, such as a private address. */
export interface InvalidEndpoint {
  readonly _tag: "InvalidEndpoint"
  readonly field: "url" | "events"
  /** What is wrong and what to do. */
  readonly message: string
}

/** What can be changed about a webhook endpoint. */
export interface EndpointChanges {
  readonly url?: string | undefined
  readonly events?: ReadonlyArray<string> | undefined
  readonly isEnabled?: boolean | undefined
}

/** Manages webhook endpoints. Methods with an id return undefined if there is no such endpoint. */
export interface EndpointAdminService {
  /** The endpoints of the user, without those of single submits. */
  readonly list: Effect.Effect<ReadonlyArray<WebhookEndpoint>, StoreError>
  /** Returns an endpoint, also that of a submit. */
  readonly get: (id: string) => Effect.Effect<WebhookEndpoint | undefined, StoreError>
  /** Checks the URL of a webhook, and returns it in its normal form. */
  readonly checkUrl: (url: string) => Effect.Effect<string, InvalidEndpoint>
  /** Creates an endpoint with a new secret. */
  readonly create: (input: {
    readonly url: string
    readonly events: ReadonlyArray<string>
  }) => Effect.Effect<WebhookEndpoint, InvalidEndpoint | StoreError>
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
  readonly test: (id: string) => Effect.Effect<EndpointTestJson | undefined, StoreError>
  /** Makes dead deliveries due again, and returns how many. */
  readonly replay: (id: string) => Effect.Effect<number | undefined, StoreError>
}

/** Manages webhook endpoints. */
export class EndpointAdmin extends Context.Service<EndpointAdmin, EndpointAdminService>()(
  "@gentask/tracker/EndpointAdmin"
) {}
