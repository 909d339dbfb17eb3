/** Submits tasks for a client. Loaded on use: many programs never submit. */
import * as Effect from "effect/Effect"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { AccountRegistry } from "../exchange/AccountRegistry.ts"
import { ClientClosed } from "../exchange/ClientClosed.ts"
import type { Ledger } from "../ledger/Ledger.ts"
import type { InvalidTaskRef } from "../task/InvalidTaskRef.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { SubmitSpans } from "../telemetry/SubmitSpans.ts"
import { abortOf } from "./abortOf.ts"
import { AccountSubmitter } from "./AccountSubmitter.ts"
import type { SubmitterResources } from "./AccountSubmitter.ts"
import { existingIntent } from "./existingIntent.ts"
import { idempotencyKeyOf } from "./intentRecord.ts"
import { isSubmitting, markSubmitting, thisProcessToken } from "./intentOwner.ts"
import { prepareSubmit } from "./prepareSubmit.ts"
import type { PreparedSubmit } from "./prepareSubmit.ts"
import { untilAborted } from "./SubmitAborted.ts"
import type { SubmitAborted } from "./SubmitAborted.ts"
import type { SubmitContext } from "./SubmitContext.ts"
import { LedgerFailed } from "./SubmitError.ts"
import type { SubmitInput, Submitted } from "./SubmitInput.ts"
import { submitTask } from "./submitTask.ts"
import type { SubmitError } from "./submitTask.ts"
import { traceSubmit } from "./traceSubmit.ts"

/** What submitting needs of the client. */
export interface SubmitterOptions extends SubmitterResources {
  readonly registry: AccountRegistry
  /** Undefined if the client keeps no ledger. */
  readonly ledger: Ledger | undefined
  readonly random: () => number
  /** Where the spans of submits are remembered. */
  readonly spans: SubmitSpans
}

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** The submits of a client. */
export class Submitter {
  readonly #options: SubmitterOptions
  readonly #accounts = new Map<string, AccountSubmitter>()
  /** Submits of this client that have not ended, by account and key. */
  readonly #running = new Map<string, Promise<void>>()
  readonly #closing = new AbortController()

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

  /** Aborts all submits. Resolves when their outcomes are recorded. */
  async close(): Promise<void> {
    this.#closing.abort()
    while (this.#running.size > 0) await Promise.all(this.#running.values())
  }

  /** What submitting needs for one account. */
  context(submitter: AccountSubmitter, signal?: AbortSignal): SubmitContext {
    const { ledger, random } = this.#options
    const closing = abortOf(this.#closing.signal)
    return {
      account: submitter.client.account,
      ledger,
      exchange: submitter.exchange,
      taskEnd: submitter.taskEnd,
      aborted: signal === undefined ? closing : Effect.raceFirst(abortOf(signal), closing),
      random,
      owner: thisProcessToken(),
      isSubmitting
    }
  }

  /** Submits a task. */
  submit(
    request: SubmitInput,
    signal?: AbortSignal
  ): Effect.Effect<Submitted, SubmitError | SubmitAborted | InvalidTaskRef | ClientClosed> {
    const submitted = Effect.uninterruptibleMask((restore) =>
      Effect.gen({ self: this }, function* () {
        const submitter = yield* Effect.try({
          // JavaScript may leave out the request.
          try: () => this.account(String((request as SubmitInput | undefined)?.account)),
          catch: (error) => error as ConfigurationError | InvalidTaskRef
        })
        const submit = this.#prepareAndSubmit(submitter, request, signal, restore)
        return yield* traceSubmit(submitter.client.account, request, this.#options.spans, submit)
      })
    )
    return Effect.catchTag(
      submitted,
      "SubmitAborted",
      (aborted): Effect.Effect<never, ClientClosed | SubmitAborted> =>
        this.#closing.signal.aborted && signal?.aborted !== true
          ? Effect.fail(new ClientClosed())
          : Effect.fail(aborted)
    )
  }

  #prepareAndSubmit(
    submitter: AccountSubmitter,
    request: SubmitInput,
    signal: AbortSignal | undefined,
    restore: Restore
  ): Effect.Effect<Submitted, SubmitError | SubmitAborted> {
    return Effect.gen({ self: this }, function* () {
      const context = this.context(submitter, signal)
      const prepare = Effect.tryPromise({
        try: async () => {
          const key = idempotencyKeyOf(request.idempotencyKey)
          return { prepared: await prepareSubmit(context.account, request), key }
        },
        catch: toPrepareError
      })
      const { prepared, key } = yield* restore(untilAborted(context.aborted, prepare))
      const submit = this.#submit(submitter, context, prepared, key, restore)
      return yield* this.#oneAtATime(`${prepared.account} ${key}`, context.aborted, restore, submit)
    })
  }

  /** Runs submits with the same account and key one after another. */
  #oneAtATime<A, E>(
    name: string,
    aborted: Effect.Effect<void>,
    restore: Restore,
    submit: Effect.Effect<A, E>
  ): Effect.Effect<A, E | SubmitAborted> {
    return Effect.gen({ self: this }, function* () {
      for (;;) {
        const previous = this.#running.get(name)
        if (previous === undefined) break
        yield* restore(
          untilAborted(
            aborted,
            Effect.promise(() => previous)
          )
        )
      }
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#running.set(name, promise)
      return yield* Effect.ensuring(
        submit,
        Effect.sync(() => {
          this.#running.delete(name)
          resolve()
        })
      )
    })
  }

  /** Returns the task of an earlier submit with the key, or submits. */
  #submit(
    submitter: AccountSubmitter,
    context: SubmitContext,
    prepared: PreparedSubmit,
    key: string,
    restore: Restore
  ): Effect.Effect<Submitted, SubmitError | SubmitAborted> {
    const { ledger, aborted } = context
    const { account } = prepared
    const { query } = this.#options
    return Effect.gen({ self: this }, function* () {
      let known =
        ledger &&
        (yield* restore(
          untilAborted(
            aborted,
            Effect.tryPromise({
              try: () => ledger.intentByKey(account, key),
              catch: (error) => new LedgerFailed(error)
            })
          )
        ))
      for (;;) {
        if (ledger !== undefined && known !== undefined && known.state !== "rejected") {
          const earlier = yield* existingIntent(context, ledger, known, { prepared, query, restore })
          if (earlier !== undefined) return earlier
        }
        const leave = yield* restore(untilAborted(aborted, submitter.reserve))
        const unmark = markSubmitting({ account, idempotencyKey: key })
        const result = yield* Effect.ensuring(
          Effect.tap(submitTask(context, prepared, key, restore), (ended) =>
            Effect.sync(() => "refs" in ended && submitter.add(ended.refs))
          ),
          Effect.sync(() => {
            unmark()
            leave()
          })
        )
        if (!("existing" in result)) return result
        known = result.existing
      }
    })
  }
}

const toPrepareError = (error: unknown): ConfigurationError =>
  error instanceof ConfigurationError
    ? error
    : new ConfigurationError({
        reason: { _tag: "InvalidOption", option: "request" },
        message: `The submit cannot be prepared: ${error instanceof Error ? error.message : String(error)}`
      })
