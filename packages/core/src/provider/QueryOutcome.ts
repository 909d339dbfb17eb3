import type { StandardSchemaV1 } from "@standard-schema/spec"
import type { ErrorReason } from "./ErrorReason.ts"
import type { JsonObject } from "./jsonObject.ts"
import type { RequestSpec } from "./RequestSpec.ts"
import type { ResponseHead } from "./ResponseHead.ts"
import type { SnapshotDraft } from "./SnapshotDraft.ts"

/** A further request that the vendor needs before the task's state is known, and how to decode its response. */
export interface FollowUp<Body = unknown> {
  /** The request. Core sends it with the account's credentials. */
  readonly request: RequestSpec
  /** The schema of a 2xx response. @default any JSON object */
  readonly response?: StandardSchemaV1<unknown, Body> | undefined
  /** Decodes a 2xx response that matches `response`. */
  readonly decode: (body: Body, head: ResponseHead) => QueryOutcome
  /** Decodes another response that matches `response`. Undefined leaves the decision to the spec's `errors`. */
  readonly decodeError?: ((body: Body, head: ResponseHead) => QueryOutcome | undefined) | undefined
}

/** What a response means: a snapshot of the task, an error, or a further request. */
export type QueryOutcome =
  | { readonly _tag: "Snapshot"; readonly draft: SnapshotDraft }
  | { readonly _tag: "Error"; readonly reason: ErrorReason }
  // oxlint-disable-next-line typescript/no-explicit-any -- only the follow-up itself knows the type of its body
  | { readonly _tag: "FollowUp"; readonly followUp: FollowUp<any> }

/**
 * The response reports the state of the task.
 *
 * ```ts
 * return snapshot({ rawStatus: body.status, outputs: [{ kind: "image", url: body.url }] })
 * ```
 *
 * @param draft What the response says.
 */
export const snapshot = (draft: SnapshotDraft): QueryOutcome => ({ _tag: "Snapshot", draft })

/**
 * The response does not report the state of the task. A failed task is not an error: use {@link snapshot}.
 *
 * ```ts
 * return queryError({ _tag: "RateLimited", retryAfterMs: body.retry_after * 1000 })
 * ```
 *
 * @param reason Why. See {@link errorFromStatus} and {@link errorFromCode}.
 */
export const queryError = (reason: ErrorReason): QueryOutcome => ({ _tag: "Error", reason })

/**
 * The vendor needs a further request before the state of the task is known. A query may need up to three.
 *
 * ```ts
 * return followUp({
 *   request: { method: "GET", path: "/files", query: { id: body.file_id } },
 *   response: fileResponse,
 *   decode: (file) => snapshot({ rawStatus: body.status, outputs: [{ kind: "video", url: file.url }] })
 * })
 * ```
 *
 * @param request The request, and how to decode its response.
 */
export const followUp = <Body = JsonObject>(request: FollowUp<Body>): QueryOutcome => ({
  _tag: "FollowUp",
  followUp: request
})
