/** Waiting for one task. */
import * as Effect from "effect/Effect"
import type { SucceededSnapshot } from "../task/TaskSnapshot.ts"
import { withResolvedRef } from "./resolveRef.ts"
import type { ResolveRef } from "./resolveRef.ts"
import type { Poller } from "../polling/Poller.ts"
import type { ResolvedRef } from "../exchange/AccountRegistry.ts"
import { PendingWait } from "./PendingWait.ts"
import type { Settled } from "./PendingWait.ts"
import type { WaitError } from "./WaitError.ts"
import type { RefInput, WaitOptions } from "./OperationOptions.ts"

const toExit = (settled: Settled): Effect.Effect<SucceededSnapshot, WaitError> =>
  settled.ok ? Effect.succeed(settled.snapshot) : Effect.fail(settled.error)

/** Waiting on one poller. */
export const makeWait = (poller: Poller, address: ResolveRef) => {
  const waitOn = (
    addressed: ResolvedRef,
    options: WaitOptions
  ): Effect.Effect<SucceededSnapshot, WaitError> => {
    let isOver = false
    let end: (exit: Effect.Effect<SucceededSnapshot, WaitError>) => void = () => undefined
    const begun = new PendingWait(addressed.query.ref, {
      options,
      onSettled: (_, settled) => end(toExit(settled)),
      onLost: (_, cause) => end(Effect.failCause(cause))
    })
    const ended = Effect.callback<SucceededSnapshot, WaitError>((resume) => {
      end = (exit) => {
        isOver = true
        begun.leave(poller)
        resume(exit)
      }
      begun.task = poller.subscribe(addressed, begun)
      // It may have ended at once, when there was nothing to stop yet.
      if (isOver) begun.leave(poller)
      return Effect.sync(() => begun.leave(poller))
    })
    return options.timeout === undefined
      ? ended
      : Effect.timeoutOrElse(ended, { duration: options.timeout, orElse: () => toExit(begun.late) })
  }

  const wait = (ref: RefInput, options: WaitOptions = {}): Effect.Effect<SucceededSnapshot, WaitError> =>
    withResolvedRef(address, ref, (addressed) => waitOn(addressed, options))

  return wait
}
