import type { PollPolicy, ProviderAccount, SavePlace, SubmitInput } from "@gentask/core"
import type * as Effect from "effect/Effect"
import type { StoreError } from "../store/StoreError.ts"

/** What owning an account needs. */
export interface OwnerOptions {
  /** The configured account. */
  readonly provider: ProviderAccount
  /** Identifies this process to users, such as `host:port`. */
  readonly owner: string
  /** The folder, or the target and the folder of unfinished files. */
  readonly place: SavePlace
  readonly pollPolicy: PollPolicy.PollPolicy
  /** Delivers events to webhooks. Returns how many deliveries were tried. */
  readonly deliverDue: (account: string) => Effect.Effect<number, StoreError>
  /** Where the vendor can send its webhooks. @default none */
  readonly webhookUrl?: string | undefined
  /** Decodes the request of a queued submit. @throws If it is invalid. */
  readonly toSubmitInput: (request: unknown) => SubmitInput
}

/** For how long an owner reserves its account, and how often it extends the reservation, in milliseconds. */
export const reservedForMs = 3000
export const reserveEveryMs = 1000

/** How often an owner with nothing to send shows that it runs, in milliseconds. */
export const reserveIdleEveryMs = 10_000

/** How often the database is read without a hint, in milliseconds. */
export const scanEveryMs = 2000
