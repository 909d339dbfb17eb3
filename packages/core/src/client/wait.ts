import * as Effect from "effect/Effect"
import type { AccountRegistry, ResolvedRef } from "../exchange/AccountRegistry.ts"
import type { Poller } from "../polling/Poller.ts"
import type { SucceededSnapshot } from "../task/TaskSnapshot.ts"
import type { RefInput, WaitOptions } from "./OperationOptions.ts"
import { PendingWait } from "./PendingWait.ts"
import type { Settled } from "./PendingWait.ts"
import { timeoutMs } from "../account/durationOption.ts"
import type { WaitError } from "./WaitError.ts"

const toEffect = (settled: Settled): Effect.Effect<SucceededSnapshot, WaitError> =>
  settled.ok ? Effect.succeed(settled.snapshot) : Effect.fail(settled.error)

const waitFor = (
  poller: Poller,
  resolved: ResolvedRef,
  options: WaitOptions
): Effect.Effect<SucceededSnapshot, WaitError> => {
  let pending: PendingWait | undefined
  const ended = Effect.callback<SucceededSnapshot, WaitError>((resume) => {
    const wait = poller.subscribe(resolved, (task) => {
      pending = new PendingWait(task, {
        options,
        onSettled: (_, settled) => resume(toEffect(settled)),
        onDefect: (self, cause) => {
          poller.unsubscribe(self.task, self)
          resume(Effect.failCause(cause))
        }
      })
      return pending
    })
    return Effect.sync(() => poller.unsubscribe(wait.task, wait))
  })
  const { timeout } = options
  if (timeout === undefined) return ended
  return Effect.flatMap(timeoutMs(timeout), (duration) =>
    Effect.timeoutOrElse(ended, {
      duration,
      orElse: () => (pending === undefined ? ended : toEffect(pending.timedOut))
    })
  )
}

/** Returns the operation `wait` of a client. */
export const makeWait =
  (poller: Poller, registry: AccountRegistry) =>
  (ref: RefInput, options: WaitOptions = {}): Effect.Effect<SucceededSnapshot, WaitError> =>
    registry.with(ref, (resolved) => waitFor(poller, resolved, options))
