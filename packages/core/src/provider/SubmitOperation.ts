import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { CommonInput, CommonInputName } from "./CommonInput.ts"
import type { JsonObject } from "./jsonObject.ts"
import type { ModelTable } from "./ModelSpec.ts"
import type { RateLimit } from "./RateLimit.ts"
import type { RequestSpec } from "./RequestSpec.ts"
import type { ResponseHead } from "./ResponseHead.ts"
import type { SubmitOutcome } from "./SubmitOutcome.ts"

/** Where the vendor sends a notification about the task. */
export interface WebhookTarget {
  /** The https URL to notify. */
  readonly url: string
  /** The secret that the vendor signs its notifications with, if it lets the user choose one. */
  readonly secret?: string | undefined
}

/** A submit as a provider sees it. Files that core uploads are URLs by now. */
export interface SubmitRequest {
  /** The vendor's name of the model. */
  readonly model: string
  /** The vendor's own input: the result of `toInput`, overridden by the input that the user wrote. */
  readonly input: Readonly<Record<string, unknown>>
  /** Identifies the submit. The same each time that it is sent. */
  readonly idempotencyKey: string
  /** Set if the user wants to be notified by the vendor. */
  readonly webhook?: WebhookTarget | undefined
}

/** An idempotency key that the vendor documents. */
export interface Idempotency {
  /** The header of the key, in lower case. @default the provider puts the key into the body itself */
  readonly header?: string | undefined
  /**
   * What a second request with the same key does. `replay` returns the task of the first one, so core sends the request
   * again after an unknown outcome. `reject-duplicate` fails, so core never does.
   */
  readonly kind: "replay" | "reject-duplicate"
  /** The URL of the vendor's documentation of it. */
  readonly docs: string
}

/**
 * How to submit a task. All functions are pure.
 *
 * The order: `toInput` translates the common inputs, the user's own input overrides its members, the model's schema
 * validates the result, core uploads the files in it, and `request` describes the request.
 */
export interface SubmitOperation<Settings = unknown, Body = JsonObject> {
  /** The models that the package knows. Others are passed on, and the vendor judges their input. @default none */
  readonly models?: ModelTable | undefined
  /** The common inputs of models that are not in `models`. Others are rejected before anything is sent. */
  readonly supportedInputs: (model: string) => ReadonlyArray<CommonInputName>
  /**
   * Translates common inputs to the vendor's own. Members that are undefined are left out. A file stays as it is, for core
   * to upload, or becomes an `embedFile`.
   *
   * @throws {Error} If the vendor does not support the input. The message becomes part of an `InvalidInput`.
   */
  readonly toInput: (
    input: CommonInput,
    model: string,
    settings: Settings
  ) => Readonly<Record<string, unknown>>
  /**
   * Describes the request. It has every member of the input.
   *
   * @throws {Error} If the vendor cannot have a model with this name, or has no webhooks and the request has one.
   */
  readonly request: (request: SubmitRequest, settings: Settings) => RequestSpec
  /**
   * The schema of a response: only the fields that are read, nullish, and tolerant of unknown fields.
   *
   * @default any JSON object
   */
  readonly response?: StandardSchemaV1<unknown, Body> | undefined
  /**
   * Decodes a response that matches `response`. Core also calls it for responses with an HTTP error, since a response with
   * a task id means that there is a task; only `accepted` counts then. For a 2xx response, an unknown outcome leaves the
   * decision to the spec's `errors`. If it throws, the outcome is unknown.
   */
  readonly decode: (body: Body, head: ResponseHead, request: SubmitRequest) => SubmitOutcome
  /**
   * Decodes a response with an HTTP error that matches `response`. Undefined leaves the decision to the spec's `errors`, and
   * then to the HTTP status: 400, 401, 402, 403, 404, 422, 429 and most other 4xx are rejections that are not sent again; 5xx
   * is an unknown outcome.
   *
   * @default `errors` and the HTTP status decide
   */
  readonly decodeError?:
    | ((body: Body, head: ResponseHead, request: SubmitRequest) => SubmitOutcome | undefined)
    | undefined
  /**
   * The idempotency key that the vendor documents, or undefined if the account's endpoint has none.
   *
   * @default none: core never repeats an ambiguous request
   */
  readonly idempotency?: ((settings: Settings) => Idempotency | undefined) | undefined
  /** The documented rate limits of submits, per account. They are separate from those of queries. @default no limits */
  readonly rateLimits?: ((settings: Settings) => ReadonlyArray<RateLimit>) | undefined
  /** The documented maximum number of tasks of the account that have not ended. @default no limit */
  readonly maxActiveTasks?: ((settings: Settings) => number | undefined) | undefined
}
