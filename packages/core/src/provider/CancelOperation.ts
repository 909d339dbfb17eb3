import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { ErrorReason } from "./ErrorReason.ts"
import type { JsonObject } from "./jsonObject.ts"
import type { RequestSpec } from "./RequestSpec.ts"
import type { ResponseHead } from "./ResponseHead.ts"
import type { TaskKey } from "./TaskKey.ts"

/** What the response to a cancel means. */
export type CancelOutcome =
  /** The task is canceled. */
  | { readonly _tag: "Canceled" }
  /** The vendor will cancel the task. Its status says when it has. */
  | { readonly _tag: "CancelRequested" }
  /** The task has ended, or can no longer be canceled. */
  | { readonly _tag: "TooLate"; readonly message?: string | null | undefined }
  /** The vendor did not cancel the task. */
  | { readonly _tag: "Error"; readonly reason: ErrorReason }

/** How to cancel a task. All functions are pure. */
export interface CancelOperation<Settings = unknown, Params = unknown, Body = JsonObject> {
  /**
   * Describes the request.
   *
   * @throws {Error} If the vendor cannot cancel this task. The message becomes part of a `ConfigurationError`.
   */
  readonly request: (task: TaskKey<Params>, settings: Settings) => RequestSpec
  /** The schema of a response. @default any JSON object, and without `decode` any response */
  readonly response?: StandardSchemaV1<unknown, Body> | undefined
  /** Decodes a 2xx response that matches `response`. @default `CancelRequested` */
  readonly decode?: ((body: Body, head: ResponseHead, task: TaskKey<Params>) => CancelOutcome) | undefined
  /** Decodes another response that matches `response`. Undefined leaves the decision to the spec's `errors`. */
  readonly decodeError?:
    | ((body: Body, head: ResponseHead, task: TaskKey<Params>) => CancelOutcome | undefined)
    | undefined
  /**
   * Whether the same request deletes the results of a task that has ended. Core then queries the task first, and does not
   * send the request if it has ended. After `Canceled`, core records the end of the task, since the vendor may not know
   * the task anymore.
   *
   * @default false
   */
  readonly deletesResults?: boolean | undefined
}
