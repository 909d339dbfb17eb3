import { spawn } from "node:child_process"
import { mkdir, mkdtemp } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, relative, resolve } from "node:path"
import { createInterface } from "node:readline"
import { TaskRef } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import type { Emulator, TaskScript } from "@gentask/emulator"
import * as Effect from "effect/Effect"
import { fitTable } from "../../output/fitTable.ts"
import { paintStatus, painterFor } from "../../output/paint.ts"
import { errorMessage } from "../../output/sanitize.ts"
import { terminalSize } from "../../output/terminalSize.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { onInterrupt } from "../../process/signals.ts"
import { UsageError } from "../../UsageError.ts"
import { emulatorVariables } from "../emulate/emulatorVariables.ts"
import type { Handler } from "../lazyHandler.ts"

export interface DemoInput {
  readonly out: string | undefined
}

/** One task per documented format. The ids are short, so that the table fits a terminal. */
const demoTasks: ReadonlyArray<{ readonly account?: string; readonly script: TaskScript }> = [
  { script: { vendor: "jimmy", id: "demo-image", queuedFor: 500, runningFor: 1500 } },
  { script: { vendor: "sora", id: "sora-2:task_demo", queuedFor: 1000, runningFor: 5000 } },
  { account: "octopusx", script: { vendor: "jimeng", id: "demo-link", queuedFor: 500, runningFor: 2500 } },
  { account: "deepwl", script: { vendor: "jimeng", id: "demo-inline", inline: true, runningFor: 4000 } },
  { script: { vendor: "aigptimage", id: "demo-image", queuedFor: 1000, runningFor: 4000 } }
]

/** The members of the lines of `wait --json` that the demo reads. */
interface WaitLine {
  readonly ref: string
  readonly status?: string
  readonly files?: ReadonlyArray<{ readonly path: string; readonly bytes: number }>
}

interface TimedLine extends WaitLine {
  readonly seconds: number
}

interface WaitResult {
  readonly status: number
  readonly lines: ReadonlyArray<TimedLine>
}

const prepareFolder = (out: string | undefined): Effect.Effect<string, UsageError> =>
  Effect.tryPromise({
    try: async () => {
      if (out === undefined) return mkdtemp(join(tmpdir(), "gentask-demo-"))
      await mkdir(out, { recursive: true })
      return resolve(out)
    },
    catch: (error) =>
      new UsageError({
        message: `Cannot create the output folder: ${errorMessage(error)}. Choose another folder with --out. See gentask demo --help.`
      })
  })

const proxyVariables = ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"]

/** Runs this program in another process, as a user would. */
const runGentask = (args: ReadonlyArray<string>, emulator: Emulator): Promise<WaitResult> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now()
    const lines: Array<TimedLine> = []
    const child = spawn(process.execPath, [process.argv[1] ?? "", ...args], {
      stdio: ["ignore", "pipe", "inherit"],
      env: {
        ...process.env,
        ...emulatorVariables(emulator),
        // A proxy could not reach the emulator.
        ...Object.fromEntries(proxyVariables.map((name) => [name, ""])),
        GENTASK_NO_CONFIG: "1",
        GENTASK_NO_HISTORY: "1"
      }
    })
    const removeCallback = onInterrupt(() => child.kill("SIGINT"))
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push({ ...(JSON.parse(line) as WaitLine), seconds: (performance.now() - startedAt) / 1000 })
    })
    child.once("error", reject)
    child.once("close", (code) => {
      removeCallback()
      resolve({ status: code ?? exitStatus.internalError, lines })
    })
  })

const fileColumn = 3

const formatResults = (lines: ReadonlyArray<TimedLine>, folder: string): ReadonlyArray<string> => {
  const paint = painterFor(process.stdout)
  const head = ["REF", "STATUS", "SECONDS", "FILE", "BYTES"].map((title) => paint("bold", title))
  const rows = lines.map(({ ref, status, seconds, files = [] }) => [
    ref,
    paintStatus(paint, status === "succeeded" ? "succeeded" : "failed", status ?? "no response"),
    seconds.toFixed(1),
    files.map(({ path }) => relative(folder, path)).join(", "),
    files.map(({ bytes }) => String(bytes)).join(", ")
  ])
  // Without a terminal, another program reads the table.
  const columns = process.stdout.isTTY ? terminalSize(process.stdout).columns : Infinity
  return fitTable([head, ...rows], { columns, shrinkColumns: [fileColumn] })
}

const nextSteps = `
To use gentask with a real vendor, set its API key, submit a task with the
vendor's API, and pass the task id:
  export JIMMY_API_KEY=…
  gentask wait jimmy:TASK_ID --save out
gentask providers lists the variables of all vendors.
`

/** Starts an emulator with five tasks, waits for them with `gentask wait`, and prints a table of the results. */
export const runDemo: Handler<DemoInput> = Effect.fnUntraced(function* ({ out }: DemoInput) {
  const folder = yield* prepareFolder(out)
  const emulator = yield* Effect.promise(() => startEmulator())
  const refs = demoTasks.map(({ account, script }) => {
    const { vendor, id } = emulator.addTask(script)
    return TaskRef.format({ provider: vendor, account, id, params: {} })
  })
  process.stderr.write(
    `Waiting for five tasks, one per documented format, on an emulator at ${emulator.url}.\nOutput folder: ${folder}\n`
  )
  const args = ["wait", ...refs, "--save", folder, "--json", "--interval", "300ms"]
  const { status, lines } = yield* Effect.promise(() => runGentask(args, emulator))
  process.stdout.write(`${formatResults(lines, folder).join("\n")}\n`)
  yield* Effect.promise(() => emulator.close())
  const saved = lines.filter(({ files = [] }) => files.length > 0).length
  process.stderr.write(nextSteps)
  return Math.max(status, saved === demoTasks.length ? exitStatus.success : exitStatus.saveFailed)
})
