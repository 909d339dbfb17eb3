import { once } from "node:events"
import { createInterface } from "node:readline"
import type { SqliteLedger } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import type { SpendLimits } from "../config/loadConfiguration.ts"
import { readLedger } from "../ledger/requiredLedger.ts"
import { oneLine } from "../output/sanitize.ts"
import { UsageError } from "../UsageError.ts"

const dayMs = 24 * 60 * 60 * 1000

/** What is about to be submitted. */
export interface PlannedSubmits {
  /** How many requests create a task. */
  readonly count: number
  /** Why they need a confirmation in any case, as a sentence. */
  readonly reason?: string | undefined
  /** Whether the user has confirmed them with `--yes`. */
  readonly yes: boolean
}

const ask = (question: string): Effect.Effect<boolean> =>
  Effect.promise(async () => {
    // Without raw mode, so that Ctrl-C is a signal as anywhere else.
    const lines = createInterface({ input: process.stdin, terminal: false })
    process.stderr.write(`${question} [y/N] `)
    try {
      const [response] = (await Promise.race([once(lines, "line"), once(lines, "close")])) as ReadonlyArray<
        string | undefined
      >
      return /^y(?:es)?$/i.test(response?.trim() ?? "")
    } finally {
      lines.close()
    }
  })

/** Returns why submits need a confirmation, as sentences. Empty if they need none. */
export const confirmationReasons = Effect.fnUntraced(function* (
  { count, reason }: Omit<PlannedSubmits, "yes">,
  { maxSubmitsPerDay, confirm }: SpendLimits,
  ledger: SqliteLedger | undefined
): Effect.fn.Return<ReadonlyArray<string>, UsageError> {
  const reasons = reason === undefined ? [] : [reason]
  if (confirm) reasons.push("spend.confirm is set.")
  if (maxSubmitsPerDay !== undefined && ledger === undefined)
    reasons.push("spend.maxSubmitsPerDay is set, and the submits of a tracker are not counted.")
  if (maxSubmitsPerDay !== undefined && ledger !== undefined) {
    const submitted = yield* readLedger(() => ledger.countSubmits(new Date(Date.now() - dayMs)))
    if (submitted + count > maxSubmitsPerDay)
      reasons.push(
        `${submitted} ${submitted === 1 ? "task was" : "tasks were"} submitted in the last 24 hours, and spend.maxSubmitsPerDay is ${maxSubmitsPerDay}.`
      )
  }
  return reasons
})

/**
 * Asks the user to confirm submits that need it. Without a terminal, they need `--yes`.
 *
 * Fails with a `UsageError` if they are not confirmed. Nothing was sent then.
 */
export const confirmSubmits = Effect.fnUntraced(function* (
  planned: PlannedSubmits,
  limits: SpendLimits,
  ledger: SqliteLedger | undefined
): Effect.fn.Return<void, UsageError> {
  if (planned.yes || planned.count === 0) return
  const reasons = yield* confirmationReasons(planned, limits, ledger)
  if (reasons.length === 0) return
  const why = oneLine(reasons.join(" "))
  const canAsk = process.stdin.isTTY && process.stderr.isTTY
  const what = planned.count === 1 ? "it" : `${planned.count} tasks`
  if (canAsk && (yield* ask(`${why} Submit ${what}?`))) return
  yield* new UsageError({
    message: canAsk ? "Not confirmed. Nothing was sent." : `${why} Add --yes to submit. Nothing was sent.`
  })
})
