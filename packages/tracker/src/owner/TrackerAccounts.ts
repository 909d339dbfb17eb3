import type {
  CancelResult,
  IncomingWebhook,
  InvalidTaskRef,
  InvalidWebhook,
  ProviderAccount,
  ProviderError,
  ReceivedWebhook
} from "@gentask/core"
import { ClientClosed, ConfigurationError, TaskRef } from "@gentask/core"
import { accountName, taskAccount } from "@gentask/core/internal"
import { makeEngine, vendorAccountKey } from "@gentask/core/internal/engine"
import type { AccountClient } from "@gentask/core/internal/engine"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type { StoreError } from "../store/StoreError.ts"
import { TrackerStore } from "../store/TrackerStore.ts"
import { cancelByOwner } from "./cancelByOwner.ts"
import type { CancelNotSent } from "./cancelByOwner.ts"
import { OwnedAccounts } from "./OwnedAccounts.ts"
import type { OwnedStatus } from "./OwnedAccounts.ts"
import { RemoteWakes } from "./RemoteWakes.ts"

/** A ref in its canonical form, and its account. */
export interface KnownRef {
  readonly ref: string
  readonly account: string
}

type WebhookOf = Pick<NonNullable<AccountClient["account"]["spec"]["webhook"]>, "verify" | "keys">

/** The configured accounts, and what can be done with them from any process. */
export interface TrackerAccountsService {
  /** The names of all accounts, as in task refs. */
  readonly names: ReadonlyArray<string>
  /** The accounts that this process owns. */
  readonly owned: OwnedAccounts
  /** Checks a task ref and its account, and returns the ref in its canonical form. */
  readonly resolveRef: (ref: string) => Effect.Effect<KnownRef, ConfigurationError | InvalidTaskRef>
  /** Checks the name of an account, and returns it in the form that task refs have. */
  readonly resolveAccount: (account: string) => Effect.Effect<string, ConfigurationError | InvalidTaskRef>
  /** Cancels a task at its vendor, and polls it. The process that owns the account sends the request. */
  readonly cancel: (
    ref: string
  ) => Effect.Effect<
    CancelResult,
    CancelNotSent | ConfigurationError | InvalidTaskRef | ProviderError | StoreError
  >
  /** Polls a task soon, in the process that owns its account. */
  readonly wake: (ref: string) => Effect.Effect<void, StoreError>
  /** Returns how an account reads webhooks. Undefined if its vendor sends none. */
  readonly webhookOf: (account: string) => WebhookOf | undefined
  /** Verifies a webhook of a vendor, and polls its tasks soon, in the process that owns the account. */
  readonly receiveWebhook: (
    account: string,
    webhook: IncomingWebhook
  ) => Effect.Effect<
    ReceivedWebhook,
    ConfigurationError | InvalidTaskRef | InvalidWebhook | ProviderError | StoreError
  >
  /** Returns the state of an account. Undefined if another process owns it. */
  readonly status: (account: string) => OwnedStatus | undefined
}

/** The configured accounts. */
export class TrackerAccounts extends Context.Service<TrackerAccounts, TrackerAccountsService>()(
  "@gentask/tracker/TrackerAccounts"
) {}

/** The vendor counts the requests of a key together, and two owners cannot share a budget. */
const checkKeys = (clients: ReadonlyArray<AccountClient>): void => {
  const names = new Map<string, string>()
  for (const client of clients) {
    if (client.account.rateLimits.length === 0) continue
    const key = vendorAccountKey(client.account)
    const account = nameOf(client)
    const other = names.get(key)
    if (other !== undefined)
      throw new ConfigurationError({
        reason: { _tag: "DuplicateAccount", account },
        message: `${other} and ${account} have the same API key, and thus one rate limit, which the tracker can keep for one account only. Remove one of them.`
      })
    names.set(key, account)
  }
}

const nameOf = ({ account }: AccountClient): string =>
  taskAccount({ provider: account.spec.id, account: account.name })

const makeTrackerAccounts = Effect.fnUntraced(function* (providers: ReadonlyArray<ProviderAccount>) {
  const store = yield* TrackerStore
  const owned = new OwnedAccounts()
  const remote = new RemoteWakes(store.wake, yield* Effect.scope)
  // Resolves refs, and verifies webhooks of accounts that other processes own.
  const engine = yield* makeEngine({ providers, ledger: false })
  const { registry } = engine
  const clients = yield* Effect.try({
    try: () => {
      const all = providers.map((provider) => registry.account(accountName(provider)))
      checkKeys(all)
      return all
    },
    catch: (error) => error as ConfigurationError
  })

  const resolveRef = (input: string): Effect.Effect<KnownRef, ConfigurationError | InvalidTaskRef> =>
    registry.with(input, ({ client }) => {
      // An endpoint's name can stand for the account, but each task needs one ref.
      const parsed = TaskRef.parse(input)
      const { name, spec } = client.account
      const account = name === spec.id ? undefined : name
      return Effect.succeed({ ref: TaskRef.format({ ...parsed, account }), account: nameOf(client) })
    })

  const canCancel = (account: string): boolean => registry.account(account).account.spec.cancel !== undefined

  const wake = (ref: string): Effect.Effect<void, StoreError> =>
    Effect.matchEffect(resolveRef(ref), {
      onFailure: () => Effect.void,
      onSuccess: (known) => {
        const account = owned.get(known.account)
        return account === undefined ? remote.wake(known.ref) : Effect.sync(() => account.wake(known.ref))
      }
    })

  yield* store.changes.pipe(
    Stream.runForEach((hint) =>
      Effect.sync(() => {
        // A ref has a colon, and an account has none.
        const account = hint.split(":", 1)[0] ?? hint
        if (account === hint) owned.get(account)?.onHint()
        else owned.get(account)?.wake(hint)
      })
    ),
    Effect.forkScoped
  )

  return TrackerAccounts.of({
    names: clients.map(nameOf),
    owned,
    resolveRef,
    resolveAccount: (name) =>
      Effect.try({
        try: () => nameOf(registry.account(name)),
        catch: (error) => error as ConfigurationError | InvalidTaskRef
      }),
    cancel: (input) =>
      Effect.flatMap(resolveRef(input), (known) => {
        const { ref, account } = known
        const local = owned.get(account)?.engine
        const byOwner = cancelByOwner(store, known)
        if (local === undefined && canCancel(account)) return byOwner
        // Where the vendor cannot cancel, nothing is sent.
        return Effect.tap((local ?? engine).cancel(ref), () => Effect.ignore(wake(ref))).pipe(
          // The account moves to another process now.
          Effect.catchIf(
            (error) => error instanceof ClientClosed,
            () => byOwner
          )
        )
      }),
    wake,
    webhookOf: (account) => registry.account(account).account.spec.webhook,
    receiveWebhook: (account, webhook) =>
      Effect.tap((owned.get(account)?.engine ?? engine).receiveWebhook(account, webhook), ({ refs }) =>
        // An owner polls what it tracks already. It may not have read a new task yet.
        Effect.forEach(refs, wake, { discard: true })
      ),
    status: (account) => owned.get(account)?.status()
  })
})

/** Checks the accounts. Fails with a `ConfigurationError` if one is invalid. */
export const trackerAccountsLayer = (providers: ReadonlyArray<ProviderAccount>) =>
  Layer.effect(TrackerAccounts, makeTrackerAccounts(providers))
