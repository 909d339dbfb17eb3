/** Runs the owner of an account in this process. */
import { PollPolicy } from "@gentask/core"
import type { ProviderAccount, SubmitInput } from "@gentask/core"
import { UndiciTransport } from "@gentask/core/effect"
import { accountName } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { ownAccount } from "../../src/owner/ownAccount.ts"
import { TrackerAccounts, trackerAccountsLayer } from "../../src/owner/TrackerAccounts.ts"
import { TrackerStore } from "../../src/store/TrackerStore.ts"
import type { TrackerStoreService } from "../../src/store/TrackerStore.ts"

export interface OwnerFixture extends AsyncDisposable {
  readonly accounts: TrackerAccounts["Service"]
  readonly close: () => Promise<void>
}

/** Starts the owners of accounts. */
export const startOwners = async (
  store: TrackerStoreService,
  providers: ReadonlyArray<ProviderAccount>,
  dir: string,
  pollPolicy: PollPolicy.PollPolicy = PollPolicy.fixed(100),
  webhookUrl?: string
): Promise<OwnerFixture> => {
  const owners = Layer.effectDiscard(
    Effect.gen(function* () {
      const { owned } = yield* TrackerAccounts
      yield* Effect.forkScoped(
        Effect.forEach(
          providers,
          (provider) =>
            ownAccount(
              {
                provider,
                owner: `test ${accountName(provider)}`,
                place: { dir },
                pollPolicy,
                webhookUrl,
                deliverDue: () => Effect.succeed(0),
                toSubmitInput: (request) => request as SubmitInput
              },
              owned
            ),
          { concurrency: "unbounded", discard: true }
        )
      )
    })
  )
  const layer = owners.pipe(
    Layer.provideMerge(trackerAccountsLayer(providers)),
    Layer.provideMerge(UndiciTransport.layer),
    Layer.provideMerge(Layer.succeed(TrackerStore, store))
  )
  const runtime = ManagedRuntime.make(layer)
  const accounts = await runtime.runPromise(TrackerAccounts)
  const close = (): Promise<void> => runtime.dispose()
  return { accounts, close, [Symbol.asyncDispose]: close }
}
