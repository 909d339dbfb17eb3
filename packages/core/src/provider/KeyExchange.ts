import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { Credentials } from "./Credentials.ts"
import type { ErrorReason } from "./ErrorReason.ts"
import type { RequestSpec } from "./RequestSpec.ts"
import type { ResponseHead } from "./ResponseHead.ts"

/** The result of a key exchange. */
export type KeyExchangeOutcome<Value> =
  /** The value, and how long it is valid, in milliseconds. @default until the vendor rejects it */
  | { readonly _tag: "Exchanged"; readonly value: Value; readonly expiresInMs?: number | undefined }
  /** The vendor refused. */
  | { readonly _tag: "Error"; readonly reason: ErrorReason }

/**
 * A request for a token, or for the public keys of webhooks. Core keeps the result while it is valid, and renews it after
 * nine tenths of its lifetime. All functions are pure.
 */
export interface KeyExchange<Settings, Body, Value> {
  /** Describes the request, including what proves the account's identity. `authorize` is not called for it. */
  readonly request: (credentials: Credentials, settings: Settings) => RequestSpec
  /** The schema of a response. @default any JSON object */
  readonly response?: StandardSchemaV1<unknown, Body> | undefined
  /** Decodes a 2xx response that matches `response`. */
  readonly decode: (body: Body, head: ResponseHead) => KeyExchangeOutcome<Value>
}
