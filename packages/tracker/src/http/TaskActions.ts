import type { CancelResult, ConfigurationError, InvalidTaskRef, ProviderError } from "@gentask/core"
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { AccountJson } from "../api/AccountJson.ts"
import type { StoreError } from "../store/StoreError.ts"

/** The owner of an account did not send a cancel in time. */
export interface CancelNotSent {
  readonly _tag: "CancelNotSent"
  readonly message: string
}

/** What this process knows about an account that it owns. */
export type AccountStatus = Pick<AccountJson, "budget" | "lastError">

/** What the HTTP API needs of the tracker besides its database. */
export interface TaskActionsService {
  /** Checks a task ref and its account, and returns the ref in its canonical form. */
  readonly resolveRef: (
    ref: string
  ) => Effect.Effect<{ readonly ref: string; readonly account: string }, ConfigurationError | InvalidTaskRef>
  /** Checks the name of an account, and returns it in the form that task refs have. */
  readonly resolveAccount: (account: string) => Effect.Effect<string, ConfigurationError | InvalidTaskRef>
  /** Cancels a task at its vendor. */
  readonly cancel: (
    ref: string
  ) => Effect.Effect<
    CancelResult,
    CancelNotSent | ConfigurationError | InvalidTaskRef | ProviderError | StoreError
  >
  /** Returns the state of an account. Undefined if another process owns it. */
  readonly status: (account: string) => AccountStatus | undefined
}

/** What the HTTP API needs of the tracker besides its database. */
export class TaskActions extends Context.Service<TaskActions, TaskActionsService>()(
  "@gentask/tracker/TaskActions"
) {}
