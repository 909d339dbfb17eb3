import type { AccountClient, EngineService } from "@gentask/core/internal/engine"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** The state of an account that this process owns. */
export interface OwnedStatus {
  readonly budget: {
    /** How many requests the vendor allows in a window. Null without a limit. */
    readonly limit: number | null
    /** The length of the window in milliseconds. */
    readonly windowMs: number | null
    /** How many requests were sent in the current window. */
    readonly spent: number
    /** For how long the vendor has paused the account, in milliseconds. */
    readonly pausedForMs: number
  }
  /** The error of the last poll. Null if it succeeded. */
  readonly lastError: { readonly message: string; readonly at: string } | null
}

/** An account that this process owns. */
export interface OwnedAccount {
  readonly engine: EngineService
  readonly client: AccountClient
  /** Reads the database soon. */
  readonly onHint: () => void
  /** Polls a task soon. */
  readonly wake: (ref: string) => void
  readonly status: () => OwnedStatus
}

/** The accounts that this process owns now. */
export class OwnedAccounts {
  readonly #accounts = new Map<string, OwnedAccount>()

  get(account: string): OwnedAccount | undefined {
    return this.#accounts.get(account)
  }

  /** Adds an account until the scope is closed. */
  add(account: string, owned: OwnedAccount): Effect.Effect<void, never, Scope.Scope> {
    return Effect.acquireRelease(
      Effect.sync(() => void this.#accounts.set(account, owned)),
      () => Effect.sync(() => void this.#accounts.delete(account))
    )
  }
}
