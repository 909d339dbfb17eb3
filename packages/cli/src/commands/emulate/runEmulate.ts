/** Runs the emulator until the process is told to end. */
import { TaskRef } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import type { Emulator, TaskScript } from "@gentask/emulator"
import * as Effect from "effect/Effect"
import { shellQuote } from "../commandLine.ts"
import type { Handler } from "../commands/lazily.ts"
import type { EmulateInput } from "../commands/emulate.ts"
import { emulatedVariables } from "../emulation.ts"
import { oneLine } from "../output/sanitise.ts"
import { formatTable } from "../output/table.ts"
import { UsageError } from "../UsageError.ts"

const slow = 60_000

interface Example {
  readonly account?: string
  readonly hints?: Readonly<Record<string, string>>
  readonly what: string
  readonly script: TaskScript
}

const examples: ReadonlyArray<Example> = [
  { what: "an image, done", script: { vendor: "jimmy" } },
  {
    what: "a video, done in a minute",
    hints: { kind: "video" },
    script: { vendor: "jimmy", kind: "video", runningFor: slow }
  },
  { what: "a video, done", script: { vendor: "sora" } },
  { what: "a video, done in a minute", script: { vendor: "sora", queuedFor: 5000, runningFor: slow - 5000 } },
  { what: "an image, done", account: "octopusx", script: { vendor: "jimeng" } },
  {
    what: "an image, inline, done in a minute",
    account: "deepwl",
    script: { vendor: "jimeng", inline: true, runningFor: slow }
  },
  { what: "an image, done", script: { vendor: "aigptimage" } },
  { what: "a task that fails", script: { vendor: "aigptimage", end: "failed" } }
]

const start = (port: number | undefined): Effect.Effect<Emulator, UsageError> =>
  Effect.tryPromise({
    try: () => startEmulator(port === undefined ? {} : { port }),
    catch: (error) =>
      new UsageError({
        message: `The emulator cannot start: ${oneLine(error instanceof Error ? error.message : String(error))}. Choose another --port, or none for a free one.`
      })
  })

const refOf = (emulator: Emulator, { account, hints = {}, script }: Example): string => {
  const { vendor, id } = emulator.addTask(script)
  return TaskRef.format({ provider: vendor, account, id, params: hints })
}

export const handle: Handler<EmulateInput> = ({ port, empty }) =>
  Effect.gen(function* () {
    const emulator = yield* start(port)
    for (const [name, value] of emulatedVariables(emulator))
      process.stdout.write(`export ${name}=${shellQuote(value)}\n`)
    const rows = empty ? [] : examples.map((example) => [shellQuote(refOf(emulator, example)), example.what])
    const lines = [
      `The emulator runs at ${emulator.url} until Ctrl-C. Run the lines above in another shell, and ask there:`,
      ...formatTable(rows).map((row) => `  gentask query ${row}`),
      ...(empty ? [`  It has no tasks yet: POST one to ${emulator.url}/_emulator/tasks`] : [])
    ]
    for (const line of lines) process.stderr.write(`${line}\n`)
    return yield* Effect.never
  })
