import type { ConfigurationError } from "@gentask/core"
import { accountName, errorToJson } from "@gentask/core/internal"
import type { SqliteLedger } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import type { SubmitFlags } from "../commands/submitFlags.ts"
import { loadConfiguration } from "../config/loadConfiguration.ts"
import type { Configuration } from "../config/loadConfiguration.ts"
import { readLedger } from "../ledger/requiredLedger.ts"
import { jsonLine } from "../output/sanitize.ts"
import type { TrackerAddress } from "../tracker/TrackerAddress.ts"
import { UsageError } from "../UsageError.ts"
import { confirmSubmits } from "./confirmSubmits.ts"
import { draftFromFlags } from "./draftFromFlags.ts"
import { formatPreview } from "./formatPreview.ts"
import { prepareRequests, preview } from "./prepareRequests.ts"
import type { PreparedRequest, PreparedRequests } from "./prepareRequests.ts"
import { readBatch } from "./readBatch.ts"
import type { RequestDraft } from "./RequestDraft.ts"

/** The requests of a command that submits. */
export interface Submits extends PreparedRequests {
  readonly configuration: Configuration
}

const readDrafts = Effect.fnUntraced(function* (
  flags: SubmitFlags,
  command: string
): Effect.fn.Return<ReadonlyArray<RequestDraft>, UsageError> {
  const { account, model, batch } = flags
  if (batch !== undefined) return yield* readBatch(batch, flags)
  if (account === undefined || model === undefined)
    return yield* new UsageError({
      message: `Missing required argument: ${account === undefined ? "account" : "model"}. See gentask ${command} --help.`
    })
  return [yield* draftFromFlags({ ...flags, account, model })]
})

/** With `--json`, an invalid request is also an object on the standard output. */
const printError = ({ account, model, json, batch }: SubmitFlags, error: ConfigurationError | UsageError) =>
  Effect.sync(() => {
    if (!json || batch !== undefined || error._tag === "UsageError") return
    const ids = { account, model, idempotencyKey: null, intent: null }
    process.stdout.write(`${jsonLine({ ...ids, error: errorToJson(error) })}\n`)
  })

/**
 * Reads and validates the requests of a command. Nothing is sent.
 *
 * @param tracker The tracker that will send them. It has the API keys then.
 */
export const loadSubmits = (
  flags: SubmitFlags,
  command: string,
  tracker?: TrackerAddress
): Effect.Effect<Submits, ConfigurationError | UsageError> =>
  Effect.gen(function* () {
    const configuration = yield* loadConfiguration(process.env, process.cwd())
    const drafts = yield* readDrafts(flags, command)
    const prepared = yield* prepareRequests(
      drafts,
      configuration,
      tracker === undefined ? (flags.dryRun ? "without key" : "with key") : "remote"
    )
    return { ...prepared, configuration }
  }).pipe(Effect.tapError((error) => printError(flags, error)))

/** Prints the requests, and sends nothing. */
export const printPreviews = (
  { requests }: Submits,
  json: boolean
): Effect.Effect<void, ConfigurationError> =>
  Effect.forEach(
    requests,
    ({ account, request, line }, index) =>
      Effect.map(preview(account, request), (described) => {
        const lines = formatPreview(described, line, json)
        process.stdout.write(`${index > 0 && !json ? "\n" : ""}${lines.join("\n")}\n`)
      }),
    { discard: true }
  )

/** Returns how many requests have no task yet, as far as is recorded. */
export const countNew = (
  requests: ReadonlyArray<PreparedRequest>,
  ledger: SqliteLedger | undefined
): Effect.Effect<number, UsageError> => {
  if (ledger === undefined) return Effect.succeed(requests.length)
  return readLedger(async () => {
    let count = 0
    for (const { account, request } of requests) {
      const { idempotencyKey: key } = request
      const known = key === undefined ? undefined : await ledger.intentByKey(accountName(account), key)
      if (known === undefined || known.state === "rejected") count += 1
    }
    return count
  })
}

/** Asks the user to confirm what needs it: a batch, and what is above a limit of the configuration. */
export const confirmRequests = Effect.fnUntraced(function* (
  { requests, configuration }: Submits,
  { batch, yes }: SubmitFlags,
  ledger: SqliteLedger | undefined
): Effect.fn.Return<void, UsageError> {
  const count = yield* countNew(requests, ledger)
  const reason =
    batch === undefined
      ? undefined
      : `The batch has ${count === 1 ? "1 request that creates" : `${count} requests that create`} a task.`
  yield* confirmSubmits({ count, reason, yes }, configuration.spend, ledger)
})
