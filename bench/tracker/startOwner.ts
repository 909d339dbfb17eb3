/** Runs the owner of an account over a transport in this process. */
import type { PollPolicy, SubmitInput } from "@gentask/core"
import { jimmy } from "@gentask/provider-jimmy"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import type { PollMeter } from "../watching/PollMeter.ts"
import { numberedTransport, stubTransport } from "../watching/stubTransport.ts"
import type { TrackerStoreService } from "./trackerInternals.ts"
import { OwnedAccounts, ownAccount, TrackerStore } from "./trackerInternals.ts"

/** How to start the owner. */
export interface OwnerOptions {
  readonly pollPolicy: PollPolicy.PollPolicy
  readonly dir: string
  /** Whether each response has an id of its own. */
  readonly hasRequestIds: boolean
}

/** Starts the owner. The meter observes its polls. */
export const startOwner = (
  store: TrackerStoreService,
  meter: PollMeter,
  { pollPolicy, dir, hasRequestIds }: OwnerOptions
): AsyncDisposable => {
  const owner = ownAccount(
    {
      provider: jimmy({ apiKey: "sk-bench-0123456789", baseUrl: "http://127.0.0.1:1" }),
      owner: "bench",
      place: { dir },
      pollPolicy,
      deliverDue: () => Effect.succeed(0),
      toSubmitInput: (request) => request as SubmitInput
    },
    new OwnedAccounts()
  )
  const layer = Layer.effectDiscard(Effect.forkScoped(owner)).pipe(
    Layer.provide(meter.observed(hasRequestIds ? numberedTransport() : stubTransport)),
    Layer.provide(Layer.succeed(TrackerStore, store))
  )
  const runtime = ManagedRuntime.make(layer)
  void runtime.runPromise(Effect.void)
  return { [Symbol.asyncDispose]: () => runtime.dispose() }
}
