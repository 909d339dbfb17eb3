import type { SpecProblem } from "../provider/specValidator.ts"
import { GentaskError } from "../task/GentaskError.ts"
import type { InputProblem } from "./InputProblem.ts"

/** What is wrong with the configuration or with the arguments of a call. */
export type ConfigurationErrorReason =
  /** No account of the provider is configured. `known` contains the ids of the configured providers. */
  | { readonly _tag: "UnknownProvider"; readonly provider: string; readonly known: ReadonlyArray<string> }
  /** The provider has no account with the name. `known` contains its configured accounts, such as `jimeng@deepwl`. */
  | {
      readonly _tag: "UnknownAccount"
      readonly provider: string
      readonly account: string
      readonly known: ReadonlyArray<string>
    }
  /** Two accounts have the same name. */
  | { readonly _tag: "DuplicateAccount"; readonly account: string }
  /** The account's name contains characters that a task ref cannot. */
  | { readonly _tag: "InvalidAccountName"; readonly provider: string; readonly account: string }
  /** The provider's spec is invalid, or is built for another version of the contract. */
  | {
      readonly _tag: "UnsupportedProvider"
      readonly provider: string
      readonly problems: ReadonlyArray<SpecProblem>
    }
  /** The account has no API key. `variable` is the environment variable that sets it. */
  | { readonly _tag: "MissingApiKey"; readonly account: string; readonly variable: string }
  /** The API key cannot be sent, or is not in the form that the provider expects. */
  | { readonly _tag: "InvalidApiKey"; readonly account: string }
  /** The account names no endpoint, and the provider has no default one. `known` contains the endpoints' names. */
  | { readonly _tag: "MissingEndpoint"; readonly account: string; readonly known: ReadonlyArray<string> }
  /** The provider has no endpoint with the name. `known` contains the endpoints' names. */
  | {
      readonly _tag: "UnknownEndpoint"
      readonly account: string
      readonly endpoint: string
      readonly known: ReadonlyArray<string>
    }
  /** The base URL is not an https URL of a host and a path. */
  | { readonly _tag: "InvalidBaseUrl"; readonly account: string }
  /** The provider does not accept the settings. `path` is the dotted path of the setting; it may be empty. */
  | { readonly _tag: "InvalidSettings"; readonly account: string; readonly path: string }
  /** The provider does not accept the ref's params. `path` is the name of the param; it may be empty. */
  | { readonly _tag: "InvalidParams"; readonly ref: string; readonly path: string }
  /** The provider cannot have a task with the ref's id. */
  | { readonly _tag: "InvalidTaskId"; readonly ref: string }
  /** The input of a submit is invalid. `problems` has all that is wrong with it. */
  | {
      readonly _tag: "InvalidInput"
      readonly account: string
      readonly model: string
      readonly problems: ReadonlyArray<InputProblem>
    }
  /** The vendor does not offer the operation, or the provider's package does not. */
  | { readonly _tag: "UnsupportedOperation"; readonly account: string; readonly operation: string }
  /** The idempotency key was used for another request. */
  | { readonly _tag: "IdempotencyKeyReused"; readonly account: string; readonly idempotencyKey: string }
  /** The client has no ledger, and does not set `ledger: false`. */
  | { readonly _tag: "MissingLedger" }
  /** A request would send the account's API key to a host that must not receive it. */
  | { readonly _tag: "ForbiddenHost"; readonly account: string; readonly host: string }
  /** An option of the call or of the client is invalid. */
  | { readonly _tag: "InvalidOption"; readonly option: string }

/** The fields of a {@link ConfigurationError}. */
export interface ConfigurationErrorFields {
  /** What is wrong. */
  readonly reason: ConfigurationErrorReason
  /** What is wrong and what to do, in whole sentences. */
  readonly message: string
}

/**
 * gentask is not configured correctly, or was called with an invalid argument. No request was sent.
 *
 * ```ts
 * try {
 *   await gentask.query(ref)
 * } catch (error) {
 *   if (error instanceof ConfigurationError && error.reason._tag === "MissingApiKey")
 *     console.error(`Set ${error.reason.variable}.`)
 * }
 * ```
 */
export class ConfigurationError extends GentaskError {
  /** Always `ConfigurationError`. */
  readonly _tag = "ConfigurationError"
  /** Equal to `_tag`. */
  override readonly name = "ConfigurationError"
  /** Always false: the configuration or the call must be corrected first. */
  readonly isRetryable = false
  /** What is wrong, with the names involved. */
  readonly reason: ConfigurationErrorReason

  constructor({ reason, message }: ConfigurationErrorFields, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
