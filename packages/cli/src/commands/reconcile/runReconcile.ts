import type { Intent, Reconciled } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import type { SqliteLedger } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import { loadAccounts } from "../../accounts/loadAccounts.ts"
import type { AccountTarget } from "../../accounts/loadAccounts.ts"
import { parseAccount } from "../../accounts/parseAccount.ts"
import { loadConfiguration } from "../../config/loadConfiguration.ts"
import { readLedger, requiredLedger } from "../../ledger/requiredLedger.ts"
import { jsonLine, oneLine } from "../../output/sanitize.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { tasksLayer } from "../../tasks/tasksLayer.ts"
import { transportLayer } from "../../tasks/transportLayer.ts"
import { UsageError } from "../../UsageError.ts"
import type { Handler } from "../lazyHandler.ts"

export interface ReconcileInput {
  readonly intent: string | undefined
  readonly json: boolean
}

const intentsOf = Effect.fnUntraced(function* (
  ledger: SqliteLedger,
  id: string | undefined
): Effect.fn.Return<ReadonlyArray<Intent>, UsageError> {
  if (id === undefined) return yield* readLedger(() => ledger.intents({ states: ["pending", "unknown"] }))
  const intent = yield* readLedger(() => ledger.intent(id))
  if (intent === undefined)
    return yield* new UsageError({
      message: `The ledger has no intent ${id}. Run gentask reconcile without an id to list all without an outcome.`
    })
  return [intent]
})

/** The account cannot be used, so the vendor cannot be queried. */
const unresolved = (intent: Intent, message: string): Reconciled => {
  const { id, account, model, idempotencyKey } = intent
  return { intent: id, account, model, idempotencyKey, result: "unknown", refs: [], message }
}

const isResolved = ({ result }: Reconciled): boolean => result === "accepted" || result === "no-task"

const formatReconciled = ({ intent, account, model, result, refs, message }: Reconciled) => [
  `${intent}  ${oneLine(account)} ${oneLine(model)}  ${result}  ${oneLine(message)}`,
  ...refs.map((ref) => `  ${oneLine(ref)}`)
]

/** Reconciles submits without a known outcome. */
export const runReconcile: Handler<ReconcileInput> = ({ intent: id, json }) =>
  Effect.gen(function* () {
    const ledger = yield* requiredLedger("Nothing can be reconciled.")
    const intents = yield* intentsOf(ledger, id)
    if (intents.length === 0) {
      process.stderr.write("Every recorded submit has a known outcome.\n")
      return exitStatus.success
    }
    const configuration = yield* loadConfiguration(process.env, process.cwd())
    const targets = new Map<string, AccountTarget>()
    for (const { account } of intents) targets.set(account, yield* parseAccount(account))
    const { accounts, errorOf } = yield* loadAccounts([...targets.values()], configuration)
    let isDone = true

    const reconcileOne = (intent: Intent): Effect.Effect<Reconciled, never, Tasks> => {
      const target = targets.get(intent.account)
      const error = target === undefined ? undefined : errorOf(target)
      if (error !== undefined) return Effect.succeed(unresolved(intent, error.message))
      return Effect.match(
        Tasks.use(({ reconcile }) => reconcile(intent.id)),
        {
          onSuccess: ([result]) => result ?? unresolved(intent, "The ledger no longer has the intent."),
          onFailure: (failure) =>
            unresolved(intent, failure._tag === "SubmitAborted" ? "It was aborted." : failure.message)
        }
      )
    }

    const layer = tasksLayer({ accounts, configuration, transport: yield* transportLayer, ledger })
    yield* Effect.forEach(
      intents,
      (intent) =>
        Effect.map(reconcileOne(intent), (result) => {
          if (!isResolved(result)) isDone = false
          const lines = json ? [jsonLine(result)] : formatReconciled(result)
          process.stdout.write(`${lines.join("\n")}\n`)
        }),
      { discard: true }
    ).pipe(Effect.provide(layer(() => undefined)))
    return isDone ? exitStatus.success : exitStatus.outcomeUnknown
  }).pipe(Effect.scoped)
