import type { ConfigurationError } from "@gentask/core"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import { CommandStatus } from "../process/CommandStatus.ts"
import type { UsageError } from "../UsageError.ts"

/** Runs a command, and returns its exit status. */
export type Handler<Input> = (input: Input) => Effect.Effect<number, ConfigurationError | UsageError>

/**
 * Loads the handler of a command when the command runs. Help and usage errors load no handler, which keeps start-up
 * fast.
 */
export const lazyHandler = <Input>(load: () => Promise<Handler<Input>>) =>
  Effect.fnUntraced(function* (
    input: Input
  ): Effect.fn.Return<void, ConfigurationError | UsageError, CommandStatus> {
    const handler = yield* Effect.promise(load)
    yield* Ref.set(yield* CommandStatus, yield* handler(input))
  })
