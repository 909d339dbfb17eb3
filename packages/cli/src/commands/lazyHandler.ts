import type { ConfigurationError } from "@gentask/core"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import type { UsageError } from "../UsageError.ts"

/** The exit status of the command that ran. Effect's command line discards what a handler returns. */
export class CommandStatus extends Context.Service<CommandStatus, Ref.Ref<number>>()(
  "@gentask/cli/CommandStatus"
) {}

/** Runs a command, and returns its exit status. */
export type Handler<Input> = (input: Input) => Effect.Effect<number, ConfigurationError | UsageError>

/**
 * Loads the handler of a command when the command runs. Help and usage errors load no handler, which keeps start-up
 * fast.
 */
export const lazyHandler =
  <Input>(load: () => Promise<Handler<Input>>) =>
  (input: Input): Effect.Effect<void, ConfigurationError | UsageError, CommandStatus> =>
    Effect.gen(function* () {
      const handler = yield* Effect.promise(load)
      yield* Ref.set(yield* CommandStatus, yield* handler(input))
    })
