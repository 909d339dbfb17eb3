/** Shows all of it: the emulator here, and the command line itself as a process of its own that waits and saves. */
import { spawn } from "node:child_process"
import { mkdir, mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, relative, resolve } from "node:path"
import { createInterface } from "node:readline"
import { TaskRef } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import type { Emulator, TaskScript } from "@gentask/emulator"
import * as Effect from "effect/Effect"
import type { Handler } from "../commands/lazily.ts"
import type { DemoInput } from "../commands/demo.ts"
import { emulatedVariables } from "../emulation.ts"
import { exitStatus, worse } from "../exit.ts"
import { beforeInterruption } from "../interruption.ts"
import { painterFor, paintStatus } from "../output/paint.ts"
import { oneLine } from "../output/sanitise.ts"
import { formatTable } from "../output/table.ts"
import { UsageError } from "../UsageError.ts"

/** One task for each vendor's document, with short ids for a table that fits a terminal. */
const tasks: ReadonlyArray<{ readonly account?: string; readonly script: TaskScript }> = [
  { script: { vendor: "jimmy", id: "demo-image", queuedFor: 500, runningFor: 1500 } },
  { script: { vendor: "sora", id: "sora-2:task_demo", queuedFor: 1000, runningFor: 5000 } },
  { account: "octopusx", script: { vendor: "jimeng", id: "demo-link", queuedFor: 500, runningFor: 2500 } },
  { account: "deepwl", script: { vendor: "jimeng", id: "demo-inline", inline: true, runningFor: 4000 } },
  { script: { vendor: "aigptimage", id: "demo-image", queuedFor: 1000, runningFor: 4000 } }
]

/** What the demo reads of the lines that `wait --json` prints. */
interface Line {
  readonly ref: string
  readonly status?: string
  readonly files?: ReadonlyArray<{ readonly path: string; readonly bytes: number }>
}

interface Result extends Line {
  readonly seconds: number
}

const folderFor = (out: string | undefined): Effect.Effect<string, UsageError> =>
  Effect.tryPromise({
    try: async () => {
      if (out === undefined) return mkdtemp(join(tmpdir(), "gentask-demo-"))
      await mkdir(out, { recursive: true })
      return resolve(out)
    },
    catch: (error) =>
      new UsageError({
        message: `The folder of the demo cannot be made: ${oneLine(error instanceof Error ? error.message : String(error))}. Choose another one with --out.`
      })
  })

/** Runs the command line with these words, and answers its exit status and its lines as they came. */
const run = (
  words: ReadonlyArray<string>,
  emulator: Emulator
): Promise<{ status: number; results: ReadonlyArray<Result> }> =>
  new Promise((settle, reject) => {
    const started = performance.now()
    const results: Array<Result> = []
    const child = spawn(process.execPath, [process.argv[1] ?? "", ...words], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        ...Object.fromEntries(emulatedVariables(emulator)),
        GENTASK_NO_CONFIG: "1",
        GENTASK_NO_HISTORY: "1"
      }
    })
    const forget = beforeInterruption(() => child.kill("SIGINT"))
    createInterface({ input: child.stdout }).on("line", (line) => {
      results.push({ ...(JSON.parse(line) as Line), seconds: (performance.now() - started) / 1000 })
    })
    child.once("error", reject)
    child.once("close", (code) => {
      forget()
      settle({ status: code ?? exitStatus.internal, results })
    })
  })

const print = (results: ReadonlyArray<Result>, folder: string): void => {
  const paint = painterFor(process.stdout)
  const head = ["REF", "STATUS", "SECONDS", "FILE", "BYTES"].map((word) => paint("bold", word))
  const rows = results.map(({ ref, status, seconds, files = [] }) => [
    ref,
    paintStatus(paint, status === "succeeded" ? "succeeded" : "failed", status ?? "no answer"),
    seconds.toFixed(1),
    files.map(({ path }) => relative(folder, path)).join(", "),
    files.map(({ bytes }) => String(bytes)).join(", ")
  ])
  for (const line of formatTable([head, ...rows])) process.stdout.write(`${line}\n`)
}

export const handle: Handler<DemoInput> = ({ out }) =>
  Effect.gen(function* () {
    const folder = yield* folderFor(out)
    const emulator = yield* Effect.promise(() => startEmulator())
    const refs = tasks.map(({ account, script }) => {
      const { vendor, id } = emulator.addTask(script)
      return TaskRef.format({ provider: vendor, account, id, params: {} })
    })
    process.stderr.write(`Five tasks, one for each vendor's document, on an emulator at ${emulator.url}.\n`)
    process.stderr.write(`What they make is saved into ${folder}\n`)
    const words = ["wait", ...refs, "--save", folder, "--json", "--interval", "300ms"]
    const { status, results } = yield* Effect.promise(() => run(words, emulator))
    print(results, folder)
    yield* Effect.promise(() => emulator.close())
    const saved = results.filter(({ files = [] }) => files.length > 0).length
    return worse(status, saved === tasks.length ? exitStatus.succeeded : exitStatus.unsaved)
  })
