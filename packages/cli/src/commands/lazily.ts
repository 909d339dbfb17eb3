/** A command's handler, loaded when the command is called: help and usage errors load none. */
import * as Effect from "effect/Effect"
import type { ConfigurationError } from "@gentask/core"
import type { UsageError } from "../UsageError.ts"

/** Does what a command is for, and answers the exit status. */
export type Handler<Input> = (input: Input) => Effect.Effect<number, UsageError | ConfigurationError>

/** Loads a handler, runs it, and keeps its exit status for the end of the process. */
export const lazily =
  <Input>(load: () => Promise<{ readonly handle: Handler<Input> }>) =>
  (input: Input): Effect.Effect<void, UsageError | ConfigurationError> =>
    Effect.promise(load).pipe(
      Effect.flatMap(({ handle }) => handle(input)),
      Effect.map((status) => {
        process.exitCode = status
      })
    )
