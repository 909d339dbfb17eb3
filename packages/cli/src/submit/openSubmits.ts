import type { ConfigurationError } from "@gentask/core"
import type { SqliteLedger } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { SubmitFlags } from "../commands/submitFlags.ts"
import { requiredLedger } from "../ledger/requiredLedger.ts"
import { tasksLayer } from "../tasks/tasksLayer.ts"
import type { TasksLayer } from "../tasks/tasksLayer.ts"
import { transportLayer } from "../tasks/transportLayer.ts"
import { trackerLayer } from "../tracker/trackerLayer.ts"
import type { TrackerAddress } from "../tracker/TrackerAddress.ts"
import type { UsageError } from "../UsageError.ts"
import { confirmRequests } from "./loadSubmits.ts"
import type { Submits } from "./loadSubmits.ts"

/** The ledger that records the submits of this machine. Undefined if the tracker of another ledger records them. */
export const submitLedger = (
  tracker: TrackerAddress | undefined
): Effect.Effect<SqliteLedger | undefined, UsageError, Scope.Scope> =>
  tracker?.ownsLedger === false
    ? Effect.undefined
    : requiredLedger("A submit must be recorded, so nothing was sent.")

/** Asks the user to confirm submits that need it, and returns the layer that sends them. */
export const openSubmits = Effect.fnUntraced(function* (
  submits: Submits,
  flags: SubmitFlags & { readonly interval?: string | undefined },
  tracker: TrackerAddress | undefined
): Effect.fn.Return<TasksLayer, ConfigurationError | UsageError, Scope.Scope> {
  const ledger = yield* submitLedger(tracker)
  yield* confirmRequests(submits, flags, ledger)
  const transport = yield* transportLayer
  if (tracker !== undefined) return trackerLayer(tracker, transport)
  const { accounts, configuration } = submits
  return tasksLayer({
    accounts: accounts.accounts,
    configuration,
    transport,
    interval: flags.interval,
    ledger
  })
})
