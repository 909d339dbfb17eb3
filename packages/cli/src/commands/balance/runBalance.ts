import type { Balance, ProviderAccount } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import { accountName, errorToJson } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import { accountsWithKeys } from "../../accounts/listAccounts.ts"
import { loadAccounts } from "../../accounts/loadAccounts.ts"
import { parseAccount } from "../../accounts/parseAccount.ts"
import { loadConfiguration } from "../../config/loadConfiguration.ts"
import type { Configuration } from "../../config/loadConfiguration.ts"
import { formatCost } from "../../output/formatCells.ts"
import { jsonLine, oneLine } from "../../output/sanitize.ts"
import { exitStatus, exitStatusOf } from "../../process/exitStatus.ts"
import { tasksLayer } from "../../tasks/tasksLayer.ts"
import { transportLayer } from "../../tasks/transportLayer.ts"
import type { Handler } from "../lazyHandler.ts"

export interface BalanceInput {
  readonly account: string | undefined
  readonly json: boolean
}

const namedAccount = Effect.fnUntraced(function* (name: string, configuration: Configuration) {
  const target = yield* parseAccount(name)
  const accounts = yield* loadAccounts([target], configuration)
  return [yield* accounts.require(target)]
})

const formatBalance = ({ account, available, used }: Balance): string =>
  [
    oneLine(account),
    available === null ? "" : `${oneLine(formatCost(available))} available`,
    used === null ? "" : `${oneLine(formatCost(used))} used`
  ]
    .filter(Boolean)
    .join("  ")

/** Queries the credit of one account, or of all with an API key. */
export const runBalance: Handler<BalanceInput> = Effect.fnUntraced(function* ({
  account,
  json
}: BalanceInput) {
  const configuration = yield* loadConfiguration(process.env, process.cwd())
  const accounts =
    account === undefined
      ? yield* accountsWithKeys(configuration)
      : yield* namedAccount(account, configuration)
  if (accounts.length === 0) {
    process.stderr.write("No account has an API key. See gentask providers.\n")
    return exitStatus.success
  }
  let status: number = exitStatus.success

  const queryOne = (each: ProviderAccount): Effect.Effect<void, never, Tasks> => {
    const name = accountName(each)
    return Effect.match(
      Tasks.use(({ balance }) => balance(name)),
      {
        onSuccess: (balance) =>
          void process.stdout.write(`${json ? jsonLine(balance) : formatBalance(balance)}\n`),
        onFailure: (error) => {
          const isUnsupported =
            error._tag === "ConfigurationError" && error.reason._tag === "UnsupportedOperation"
          // A list of all accounts also has those whose vendors do not report it.
          if (account !== undefined || !isUnsupported) status = Math.max(status, exitStatusOf(error))
          if (json)
            process.stdout.write(
              `${jsonLine({ account: name, available: null, used: null, error: errorToJson(error) })}\n`
            )
          const message = oneLine(error.message)
          process.stderr.write(`${message.startsWith(`${name}: `) ? message : `${name}: ${message}`}\n`)
        }
      }
    )
  }

  const layer = tasksLayer({ accounts, configuration, transport: yield* transportLayer })
  yield* Effect.forEach(accounts, queryOne, { concurrency: "unbounded", discard: true }).pipe(
    Effect.provide(layer(() => undefined))
  )
  return status
})
