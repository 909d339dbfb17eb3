import type { SqliteLedger } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { errorMessage } from "../output/sanitize.ts"
import { UsageError } from "../UsageError.ts"
import { openUserLedger } from "./openUserLedger.ts"

/**
 * Opens the user's ledger for a command that cannot work without it. It is closed with the scope.
 *
 * @param consequence What the command does not do, as a sentence.
 */
export const requiredLedger = (consequence: string): Effect.Effect<SqliteLedger, UsageError, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: openUserLedger,
      catch: (error) => new UsageError({ message: `${errorMessage(error)}. ${consequence}` })
    }),
    (ledger) => Effect.promise(() => ledger.close())
  )

/** Reads the ledger. */
export const readLedger = <A>(read: () => Promise<A>): Effect.Effect<A, UsageError> =>
  Effect.tryPromise({
    try: read,
    catch: (error) => new UsageError({ message: `${errorMessage(error)}.` })
  })
