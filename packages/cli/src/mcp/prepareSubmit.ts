import { ConfigurationError } from "@gentask/core"
import type { SubmitInput } from "@gentask/core"
import type { SqliteLedger } from "@gentask/ledger"
import type { PreparedSubmit } from "@gentask/mcp"
import * as Effect from "effect/Effect"
import { validateAccount } from "../accounts/accountError.ts"
import type { Configuration } from "../config/loadConfiguration.ts"
import { confirmationReasons } from "../submit/confirmSubmits.ts"
import { countNew } from "../submit/loadSubmits.ts"
import { prepareRequests, preview } from "../submit/prepareRequests.ts"
import type { UsageError } from "../UsageError.ts"

/** What a submit is validated with. */
export interface SubmitParts {
  readonly configuration: Configuration
  /** Whether a tracker sends the request, which has the account. */
  readonly isRemote: boolean
  /** What records the submit. Undefined if the tracker of another ledger records it. */
  readonly ledger: SqliteLedger | undefined
}

/** Validates a submit as the commands do, and returns which limits it exceeds. Nothing is sent. */
export const prepareSubmit = Effect.fnUntraced(function* (
  { account, model, input = {}, ...common }: SubmitInput,
  { configuration, isRemote, ledger }: SubmitParts
): Effect.fn.Return<PreparedSubmit, ConfigurationError | UsageError> {
  const draft = { line: undefined, account, model, common, json: input, options: [], problems: [] }
  const { requests } = yield* prepareRequests([draft], configuration, isRemote ? "remote" : "with key")
  const [prepared] = requests
  if (prepared === undefined) return yield* Effect.die(new Error("A draft has no request"))
  // An account that only the tracker has cannot be validated here.
  if (!isRemote || !(validateAccount(prepared.account) instanceof ConfigurationError))
    yield* preview(prepared.account, prepared.request)
  const count = yield* countNew(requests, ledger)
  const exceeded = count === 0 ? [] : yield* confirmationReasons({ count }, configuration.spend, ledger)
  return {
    request: prepared.request,
    warning: prepared.warning,
    isRepeat: count === 0,
    isLimited: configuration.spend.maxSubmitsPerDay !== undefined,
    exceeded
  }
})
