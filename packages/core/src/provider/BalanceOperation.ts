import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { Amount } from "../task/Amount.ts"
import type { ErrorReason } from "./ErrorReason.ts"
import type { JsonObject } from "./jsonObject.ts"
import type { RequestSpec } from "./RequestSpec.ts"
import type { ResponseHead } from "./ResponseHead.ts"

/** What the response to a balance request means. */
export type BalanceOutcome =
  /** What the account can still spend, and what it has spent so far. Null if the vendor does not report it. */
  | { readonly _tag: "Balance"; readonly available: Amount | null; readonly used: Amount | null }
  /** The vendor did not return the balance. */
  | { readonly _tag: "Error"; readonly reason: ErrorReason }

/** How to query the credit of an account. All functions are pure. */
export interface BalanceOperation<Settings = unknown, Body = JsonObject> {
  /** Describes the request. Undefined if the account's endpoint does not report the balance. */
  readonly request: (settings: Settings) => RequestSpec | undefined
  /** The schema of a response. @default any JSON object */
  readonly response?: StandardSchemaV1<unknown, Body> | undefined
  /** Decodes a 2xx response that matches `response`. */
  readonly decode: (body: Body, head: ResponseHead) => BalanceOutcome
}
