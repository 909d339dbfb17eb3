/** Submits tasks for a client. Loaded on use: many programs never submit. */
import * as Effect from "effect/Effect"
import type { AccountRegistry } from "../exchange/AccountRegistry.ts"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { Intent, Ledger } from "../ledger/Ledger.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
import { abortOf } from "./abortOf.ts"
import { AccountSubmitter } from "./AccountSubmitter.ts"
import type { SubmitterResources } from "./AccountSubmitter.ts"
import { existingIntent } from "./existingIntent.ts"
import { idempotencyKeyOf } from "./intentRecord.ts"
import { prepareSubmit } from "./prepareSubmit.ts"
import { isProcessAlive, thisProcessToken } from "./processToken.ts"
import type { SubmitContext } from "./SubmitContext.ts"
import { LedgerFailed } from "./SubmitError.ts"
import type { SubmitInput, Submitted } from "./SubmitInput.ts"
import { submitTask } from "./submitTask.ts"
import type { SubmitAborted, SubmitError } from "./submitTask.ts"

/** What submitting needs of the client. */
export interface SubmitterOptions extends SubmitterResources {
  readonly registry: AccountRegistry
  /** Undefined if the client keeps no ledger. */
  readonly ledger: Ledger | undefined
  readonly random: () => number
  /** Returns the latest snapshot of a task. */
  readonly query: (ref: string) => Effect.Effect<TaskSnapshot, unknown>
}

/** How long to wait for a task of the account to end before a submit above the documented maximum, in milliseconds. */
const maxActiveWaitMs = 30 * 60_000

/** The submits of a client. */
export class Submitter {
  readonly #options: SubmitterOptions
  readonly #accounts = new Map<string, AccountSubmitter>()
  /** Submits of this client that have not settled, by account and key. */
  readonly #running = new Map<string, Promise<void>>()

  constructor(options: SubmitterOptions) {
    this.#options = options
  }

  /** Returns the submits of an account. @throws {ConfigurationError | InvalidTaskRef} If the account is invalid. */
  account(name: string): AccountSubmitter {
    const client = this.#options.registry.account(name)
    const key = `${client.account.spec.id} ${client.account.name}`
    const known = this.#accounts.get(key)
    if (known !== undefined) return known
    const submitter = new AccountSubmitter(client, this.#options)
    this.#accounts.set(key, submitter)
    return submitter
  }

  /** Notices what a query reported about a task. */
  observe(snapshot: TaskSnapshot): void {
    this.#accounts.get(`${snapshot.provider} ${snapshot.account}`)?.observe(snapshot)
  }

  /** What submitting needs for one account. */
  context(submitter: AccountSubmitter, signal?: AbortSignal): SubmitContext {
    const { ledger, random } = this.#options
    return {
      account: submitter.client.account,
      ledger,
      exchange: submitter.exchange,
      taskEnd: submitter.taskEnd,
      aborted: abortOf(signal),
      random,
      owner: thisProcessToken(),
      isOwnerAlive: ({ owner }: Intent) => isProcessAlive(owner)
    }
  }

  /** Submits a task. */
  submit(
    request: SubmitInput,
    signal?: AbortSignal
  ): Effect.Effect<Submitted, SubmitError | SubmitAborted | InvalidTaskRef> {
    return Effect.uninterruptibleMask((restore) =>
      Effect.gen({ self: this }, function* () {
        const submitter = yield* Effect.try({
          try: () => this.account(String(request.account)),
          catch: (error) => error as ConfigurationError | InvalidTaskRef
        })
        const context = this.context(submitter, signal)
        const prepared = yield* restore(
          Effect.tryPromise({
            try: () => {
              // Before the files are uploaded.
              idempotencyKeyOf(request.idempotencyKey)
              return prepareSubmit(context.account, request)
            },
            catch: (error) => toPrepareError(error)
          })
        )
        const { ledger } = context
        const key = request.idempotencyKey
        const running = `${prepared.account} ${key}`
        for (;;) {
          const previous = key === undefined ? undefined : this.#running.get(running)
          if (previous === undefined) break
          yield* restore(Effect.promise(() => previous))
        }
        let done = (): void => undefined
        if (key !== undefined) this.#running.set(running, new Promise<void>((resolve) => (done = resolve)))
        const finished = Effect.sync(() => {
          this.#running.delete(running)
          done()
        })
        return yield* Effect.ensuring(
          Effect.gen({ self: this }, function* () {
            const known =
              key === undefined || ledger === undefined
                ? undefined
                : yield* Effect.tryPromise({
                    try: () => ledger.intentByKey(prepared.account, key),
                    catch: (error) => new LedgerFailed(error)
                  })
            const existing = { prepared, query: this.#options.query, restore }
            if (known !== undefined && known.state !== "rejected")
              return yield* existingIntent(context, known, existing)
            yield* restore(this.#waitForCapacity(submitter, context))
            const result = yield* submitTask(context, prepared, key, restore)
            if ("existing" in result) return yield* existingIntent(context, result.existing, existing)
            submitter.add(result.refs)
            return result
          }),
          finished
        )
      })
    )
  }

  /** Waits until the account has fewer active tasks than the vendor documents as its maximum. */
  #waitForCapacity(submitter: AccountSubmitter, { account, aborted }: SubmitContext): Effect.Effect<void> {
    const max = account.spec.submit?.maxActiveTasks?.(account.settings)
    if (max === undefined) return Effect.void
    const free: Effect.Effect<void> = Effect.suspend(() =>
      submitter.activeTasks < max ? Effect.void : Effect.andThen(submitter.taskEnd, free)
    )
    return Effect.raceFirst(Effect.raceFirst(free, Effect.sleep(maxActiveWaitMs)), aborted)
  }
}

const toPrepareError = (error: unknown): ConfigurationError =>
  error instanceof ConfigurationError
    ? error
    : new ConfigurationError({
        reason: { _tag: "InvalidOption", option: "request" },
        message: `The submit cannot be prepared: ${error instanceof Error ? error.message : String(error)}`
      })
