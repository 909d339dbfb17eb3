import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { Credentials } from "./Credentials.ts"
import type { ErrorReason } from "./ErrorReason.ts"
import type { HttpRequest } from "./HttpRequest.ts"
import type { JsonObject } from "./jsonObject.ts"
import type { RequestSpec } from "./RequestSpec.ts"
import type { ResponseHead } from "./ResponseHead.ts"
import type { InstantInput } from "./SnapshotDraft.ts"
import type { SubmittedTask } from "./SubmitOutcome.ts"
import type { SubmitRequest } from "./SubmitOperation.ts"

/** A submit with an unknown outcome. */
export interface LostSubmit {
  /** What was submitted. */
  readonly request: SubmitRequest
  /** When the request was sent. */
  readonly submittedAt: Date
  /** When the outcome became unknown. */
  readonly endedAt: Date
}

/** A task in a list of the vendor. */
export interface ListedTask extends SubmittedTask {
  /** The model, if the vendor lists it. */
  readonly model?: string | null | undefined
  /** The prompt, if the vendor lists it. */
  readonly prompt?: string | null | undefined
  /** When the task was created, if the vendor lists it. */
  readonly createdAt?: InstantInput
  /**
   * The idempotency key that the task was submitted with, if the provider sends it as the caller's own id and the vendor
   * lists it. It decides then, and the other members do not matter.
   */
  readonly idempotencyKey?: string | null | undefined
}

/** What the response to a recover request means. Core compares the tasks with the submit, and never picks one of two. */
export type RecoverOutcome =
  /** The vendor's tasks of the time. `isComplete` is false if the vendor may have further ones, or if one cannot be read. */
  | { readonly _tag: "Tasks"; readonly tasks: ReadonlyArray<ListedTask>; readonly isComplete: boolean }
  /** The vendor did not return a list. */
  | { readonly _tag: "Error"; readonly reason: ErrorReason }

/** How to find the task of a submit whose outcome is unknown. All functions are pure. */
export interface RecoverOperation<Settings = unknown, Body = JsonObject> {
  /** Describes the request. Undefined if the account's settings do not allow it. */
  readonly request: (submit: LostSubmit, settings: Settings) => RequestSpec | undefined
  /** The authentication headers, if they are not those of other requests. @default the spec's `authorize` */
  readonly authorize?:
    | ((
        request: HttpRequest,
        credentials: Credentials,
        settings: Settings
      ) => Readonly<Record<string, string>>)
    | undefined
  /** The schema of a response. @default any JSON object */
  readonly response?: StandardSchemaV1<unknown, Body> | undefined
  /** Decodes a 2xx response that matches `response`. */
  readonly decode: (body: Body, head: ResponseHead, submit: LostSubmit) => RecoverOutcome
  /**
   * Decodes another response that matches `response`, such as the documented "not found" for the caller's own id. Undefined
   * leaves the decision to the spec's `errors` and the HTTP status, which is an error.
   */
  readonly decodeError?:
    | ((body: Body, head: ResponseHead, submit: LostSubmit) => RecoverOutcome | undefined)
    | undefined
}
