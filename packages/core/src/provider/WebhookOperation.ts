import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { JsonObject } from "./jsonObject.ts"
import type { KeyExchange } from "./KeyExchange.ts"
import type { SubmittedTask } from "./SubmitOutcome.ts"

/** An HTTP request that the vendor sent. */
export interface WebhookRequest {
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The exact text of the body. */
  readonly text: string
  /** When it was received. */
  readonly receivedAt: Date
}

/** What can verify a webhook request. */
export interface WebhookCredentials {
  /** The secret that the user shares with the vendor. */
  readonly secret?: string | undefined
  /** The keys that the operation's `keys` returned. */
  readonly keys?: unknown
}

/** What a webhook request means. It never decides about a task: core queries the task. */
export type WebhookOutcome =
  /** The task has changed. */
  | { readonly _tag: "TaskUpdated"; readonly task: SubmittedTask }
  /** The vendor tests the address, and expects this JSON value as the response. */
  | { readonly _tag: "Respond"; readonly body: unknown }
  /** The request is not about a task. */
  | { readonly _tag: "Ignored" }

/** How to read the webhook requests of a vendor. All functions are pure. */
export interface WebhookOperation<Settings = unknown, Body = JsonObject> {
  /** How to get the vendor's public keys. @default no keys */
  // oxlint-disable-next-line typescript/no-explicit-any -- only the key exchange itself knows the type of its body
  readonly keys?: KeyExchange<Settings, any, unknown> | undefined
  /** Checks whether the vendor sent the request. @default the vendor signs nothing */
  readonly verify?: ((request: WebhookRequest, credentials: WebhookCredentials) => boolean) | undefined
  /** The schema of the body. @default any JSON object */
  readonly response?: StandardSchemaV1<unknown, Body> | undefined
  /** Decodes a body that matches `response`. */
  readonly decode: (body: Body, request: WebhookRequest) => WebhookOutcome
}
