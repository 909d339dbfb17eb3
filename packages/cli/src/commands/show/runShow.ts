import { TaskRef, toJson } from "@gentask/core"
import type { LedgerTaskDetails } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import { readLedger, requiredLedger } from "../../ledger/requiredLedger.ts"
import { formatCost } from "../../output/formatCells.ts"
import { formatSize } from "../../output/formatSize.ts"
import { formatTable } from "../../output/formatTable.ts"
import { formatTask } from "../../output/formatTask.ts"
import { painterFor } from "../../output/paint.ts"
import { errorMessage, jsonLine, oneLine } from "../../output/sanitize.ts"
import { shellQuote } from "../../output/shellCommand.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { findTracker } from "../../tracker/findTracker.ts"
import { UsageError } from "../../UsageError.ts"
import type { Handler } from "../lazyHandler.ts"

export interface ShowInput {
  readonly ref: string
  readonly json: boolean
  readonly server: string | undefined
}

const section = (title: string, rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> =>
  rows.length === 0
    ? []
    : ["", painterFor(process.stdout)("bold", title), ...formatTable(rows).map((row) => `  ${row}`)]

const formatDetails = ({
  task,
  snapshot,
  intent,
  events,
  files
}: LedgerTaskDetails): ReadonlyArray<string> => {
  const { ref, status, model, prompt, cost, addedAt, endedAt } = task
  const about: ReadonlyArray<readonly [string, string | null]> = [
    ["model", model],
    ["prompt", prompt],
    ["cost", formatCost(cost) || null],
    ["recorded", addedAt.toISOString()],
    ["ended", endedAt?.toISOString() ?? null],
    ["idempotency key", intent?.idempotencyKey ?? null],
    ["intent", intent?.id ?? null],
    ["input", intent === null ? null : JSON.stringify(intent.input)]
  ]
  return [
    ...(snapshot === null
      ? [`${oneLine(ref)}  ${status}`]
      : formatTask(snapshot, painterFor(process.stdout), Date.now())),
    ...formatTable(about.flatMap(([name, value]) => (value === null ? [] : [[`  ${name}`, oneLine(value)]]))),
    ...section(
      "EVENTS",
      events.map(({ at, kind, body }) => [
        at.toISOString(),
        kind,
        body === null ? "" : oneLine(JSON.stringify(body))
      ])
    ),
    ...section(
      "FILES",
      files.map(({ path, mediaType, bytes }) => [oneLine(path), mediaType, formatSize(bytes)])
    )
  ]
}

/** Reads everything that the ledger, or a tracker, knows about a task. */
const readDetails = Effect.fnUntraced(function* (ref: string, { server }: ShowInput) {
  const tracker = yield* findTracker({ server })
  if (tracker !== undefined) {
    const { showRemotely } = yield* Effect.promise(() => import("../../tracker/remoteRecords.ts"))
    return { owner: "tracker", details: yield* showRemotely(tracker, ref) }
  }
  const ledger = yield* requiredLedger("No task can be shown.")
  return { owner: "ledger", details: yield* readLedger(() => ledger.show(ref)) }
})

/** Shows a recorded task. */
export const runShow: Handler<ShowInput> = (input) =>
  Effect.gen(function* () {
    const { ref, json } = input
    const canonical = yield* Effect.try({
      try: () => TaskRef.format(TaskRef.parse(ref)),
      catch: (error) => new UsageError({ message: errorMessage(error) })
    })
    const { owner, details } = yield* readDetails(canonical, input)
    if (details === undefined)
      return yield* new UsageError({
        message: `The ${owner} has no task ${ref}. See gentask list, or query it: gentask query ${shellQuote(canonical)}`
      })
    const { intentId: _, ...task } = details.task
    const { snapshot } = details
    process.stdout.write(
      json
        ? `${jsonLine({ ...details, task, snapshot: snapshot === null ? null : toJson(snapshot) })}\n`
        : `${formatDetails(details).join("\n")}\n`
    )
    return exitStatus.success
  }).pipe(Effect.scoped)
