import type { ConfigurationError } from "@gentask/core"
import * as Effect from "effect/Effect"
import * as Ref from "effect/Ref"
import { CommandStatus } from "../process/CommandStatus.ts"
import { isExportRequested } from "@gentask/core/internal"
import { messageLines } from "../output/sanitize.ts"
import type { UsageError } from "../UsageError.ts"

/** Runs a command, and returns its exit status. */
export type Handler<Input> = (input: Input) => Effect.Effect<number, ConfigurationError | UsageError>

/** Exports the spans and metrics of a command if the environment names a collector. */
const withTelemetry = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
  isExportRequested(process.env)
    ? Effect.flatMap(
        Effect.promise(() => import("@gentask/core/internal/telemetry")),
        ({ otlpLayer }) =>
          Effect.provide(
            effect,
            otlpLayer({
              variables: process.env,
              serviceName: "gentask",
              onInvalid: (message) => void process.stderr.write(`gentask: ${messageLines(message)}\n`)
            })
          )
      )
    : effect

/**
 * Loads the handler of a command when the command runs. Help and usage errors load no handler, which keeps start-up
 * fast.
 *
 * @param isTraced Whether the spans and metrics of the command are exported. @default true
 */
export const lazyHandler = <Input>(load: () => Promise<Handler<Input>>, isTraced = true) =>
  Effect.fnUntraced(function* (
    input: Input
  ): Effect.fn.Return<void, ConfigurationError | UsageError, CommandStatus> {
    const handler = yield* Effect.promise(load)
    yield* Ref.set(yield* CommandStatus, yield* isTraced ? withTelemetry(handler(input)) : handler(input))
  })
