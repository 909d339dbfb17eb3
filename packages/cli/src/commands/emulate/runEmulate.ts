import { TaskRef } from "@gentask/core"
import { services, startEmulator, vendorAccounts } from "@gentask/emulator"
import type { Emulator, TaskScript } from "@gentask/emulator"
import * as Effect from "effect/Effect"
import { bundledProviderIds } from "../../discovery/bundledProviders.ts"
import { formatTable } from "../../output/formatTable.ts"
import { errorMessage } from "../../output/sanitize.ts"
import { shellQuote } from "../../output/shellCommand.ts"
import { onOutputFailure } from "../../process/standardStreams.ts"
import { UsageError } from "../../UsageError.ts"
import type { Handler } from "../lazyHandler.ts"
import { emulatorVariables } from "./emulatorVariables.ts"

export interface EmulateInput {
  readonly port: number | undefined
  readonly empty: boolean
}

interface ExampleTask {
  readonly description: string
  readonly account?: string
  readonly params?: Readonly<Record<string, string>>
  readonly script: TaskScript
}

const minute = 60_000

const rootTasks: ReadonlyArray<ExampleTask> = [
  { description: "an image, done", script: { vendor: "jimmy" } },
  {
    description: "a video, done in a minute",
    params: { kind: "video" },
    script: { vendor: "jimmy", kind: "video", runningFor: minute }
  },
  { description: "a video, done", script: { vendor: "sora" } },
  {
    description: "a video, done in a minute",
    script: { vendor: "sora", queuedFor: 5000, runningFor: minute - 5000 }
  },
  { description: "an image, done", account: "octopusx", script: { vendor: "jimeng" } },
  {
    description: "an inline image, done in a minute",
    account: "deepwl",
    script: { vendor: "jimeng", inline: true, runningFor: minute }
  },
  { description: "an image, done", script: { vendor: "aigptimage" } },
  { description: "a failed task", script: { vendor: "aigptimage", end: "failed" } }
]

/** The example tasks, without those of vendors whose provider is not part of the command line. */
const exampleTasksOf = (emulator: Emulator): ReadonlyArray<ExampleTask> => [
  ...rootTasks,
  ...vendorAccounts(emulator)
    .filter(({ name }) => bundledProviderIds.includes(name))
    .flatMap(({ name, examples }) =>
      examples.map(({ description, params, script }) => ({
        description,
        ...(params && { params }),
        script: { ...script, vendor: name }
      }))
    )
]

/** Submitted tasks take a few seconds. */
const submits = Object.fromEntries(
  services.map((service) => [service, { task: { queuedFor: 1000, runningFor: 4000 } }])
)

const start = (port: number | undefined): Effect.Effect<Emulator, UsageError> =>
  Effect.tryPromise({
    try: () => startEmulator({ submits, ...(port !== undefined && { port }) }),
    catch: (error) =>
      new UsageError({
        message: `Cannot start the emulator: ${errorMessage(error)}. Choose another port, or omit --port to use a free one. See gentask emulate --help.`
      })
  })

const addTask = (emulator: Emulator, { account, params = {}, script }: ExampleTask): string => {
  const { vendor, id } = emulator.addTask(script)
  return TaskRef.format({ provider: vendor, account, id, params })
}

/** Runs the emulator until a signal ends the process. */
export const runEmulate: Handler<EmulateInput> = Effect.fnUntraced(function* ({ port, empty }: EmulateInput) {
  const emulator = yield* start(port)
  onOutputFailure((status) => process.exit(status))
  for (const [name, value] of Object.entries(emulatorVariables(emulator)))
    process.stdout.write(`export ${name}=${shellQuote(value)}\n`)
  const rows = empty
    ? []
    : exampleTasksOf(emulator).map((task) => [shellQuote(addTask(emulator, task)), task.description])
  const lines = [
    `The emulator is running at ${emulator.url} until Ctrl-C. Run the lines above in another shell, and then, for example:`,
    ...formatTable(rows).map((row) => `  gentask query ${row}`),
    ...(empty ? [`  It has no tasks. POST one to ${emulator.url}/_emulator/tasks`] : [])
  ]
  process.stderr.write(`${lines.join("\n")}\n`)
  return yield* Effect.never
})
