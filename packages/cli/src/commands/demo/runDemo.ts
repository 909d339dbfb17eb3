import { spawn } from "node:child_process"
import type { ChildProcess, StdioOptions } from "node:child_process"
import { mkdir, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join, relative, resolve } from "node:path"
import { createInterface } from "node:readline"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import * as Effect from "effect/Effect"
import { fitTable } from "../../output/fitTable.ts"
import { formatTable } from "../../output/formatTable.ts"
import { paintStatus, painterFor } from "../../output/paint.ts"
import { errorMessage } from "../../output/sanitize.ts"
import { terminalSize } from "../../output/terminalSize.ts"
import { exitStatus } from "../../process/exitStatus.ts"
import { onInterrupt } from "../../process/signals.ts"
import { UsageError } from "../../UsageError.ts"
import { emulatorVariables } from "../emulate/emulatorVariables.ts"
import type { Handler } from "../lazyHandler.ts"
import { demoRequests, demoSubmits } from "./demoRequests.ts"

export interface DemoInput {
  readonly out: string | undefined
}

/** The members of the lines of `generate --json` that the demo reads. A failed submit has no ref. */
interface GenerateLine {
  readonly ref?: string
  readonly account: string
  readonly model: string | null
  readonly status?: string
  readonly files?: ReadonlyArray<{ readonly path: string; readonly bytes: number }>
}

interface TimedLine extends GenerateLine {
  readonly seconds: number
}

interface RunResult {
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

/** Starts this program in another process, as a user would. Its ledger is in a folder of its own. */
const startGentask = (
  args: ReadonlyArray<string>,
  emulator: Emulator,
  state: string,
  stdio: StdioOptions
): ChildProcess => {
  const child = spawn(process.execPath, [process.argv[1] ?? "", ...args], {
    stdio,
    env: {
      ...process.env,
      ...emulatorVariables(emulator),
      // A proxy could not reach the emulator.
      ...Object.fromEntries(proxyVariables.map((name) => [name, ""])),
      XDG_STATE_HOME: state,
      GENTASK_NO_CONFIG: "1"
    }
  })
  const removeCallback = onInterrupt(() => child.kill("SIGINT"))
  child.once("close", removeCallback)
  return child
}

const statusOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code) => resolve(code ?? exitStatus.internalError))
  })

const generate = async (folder: string, emulator: Emulator, state: string): Promise<RunResult> => {
  const startedAt = performance.now()
  const args = ["generate", "--batch", "-", "--yes", "--json", "--out", folder, "--interval", "300ms"]
  const child = startGentask(args, emulator, state, ["pipe", "pipe", "inherit"])
  const lines: Array<TimedLine> = []
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push({ ...(JSON.parse(line) as GenerateLine), seconds: (performance.now() - startedAt) / 1000 })
    })
  child.stdin?.end(demoRequests.map((request) => JSON.stringify(request)).join("\n"))
  return { status: await statusOf(child), lines }
}

const fileColumn = 3

const formatResults = (lines: ReadonlyArray<TimedLine>, folder: string): ReadonlyArray<string> => {
  const paint = painterFor(process.stdout)
  const head = ["REF", "STATUS", "SECONDS", "FILE", "BYTES"].map((title) => paint("bold", title))
  const rows = lines.map(({ ref, account, model, status, seconds, files = [] }) => [
    ref ?? `${account} ${model}`,
    paintStatus(paint, status === "succeeded" ? "succeeded" : "failed", status ?? "no response"),
    seconds.toFixed(1),
    files.map(({ path }) => relative(folder, path)).join(", "),
    files.map(({ bytes }) => String(bytes)).join(", ")
  ])
  // Without a terminal, another program reads the table.
  const columns = process.stdout.isTTY ? terminalSize(process.stdout).columns : Infinity
  return fitTable([head, ...rows], { columns, shrinkColumns: [fileColumn, 0] })
}

const formatRequests = (): ReadonlyArray<string> =>
  formatTable(
    demoRequests.map(({ account, model, prompt, images = [] }) => [
      `  ${account}`,
      model,
      `${JSON.stringify(prompt)}${images.length > 0 ? " and a local picture" : ""}`
    ])
  )

const nextSteps = `
To use gentask with a real vendor, set its API key, and create something:
  export JIMMY_API_KEY=…
  gentask generate jimmy gpt-image-2 -p "A fox in the snow" -o out
gentask providers lists the variables of all vendors, and gentask models their models.
`

/** Starts an emulator, creates five tasks with `gentask generate`, and prints the results and `gentask list`. */
export const runDemo: Handler<DemoInput> = Effect.fnUntraced(function* ({ out }: DemoInput) {
  const folder = yield* prepareFolder(out)
  const emulator = yield* Effect.promise(() => startEmulator({ submits: demoSubmits }))
  const state = yield* Effect.promise(() => mkdtemp(join(tmpdir(), "gentask-demo-ledger-")))
  process.stderr.write(
    `gentask generate, with one request per documented format, on an emulator at ${emulator.url}:\n${formatRequests().join("\n")}\nOutput folder: ${folder}\n`
  )
  const { status, lines } = yield* Effect.promise(() => generate(folder, emulator, state))
  process.stdout.write(`${formatResults(lines, folder).join("\n")}\n`)
  process.stderr.write("\ngentask list:\n")
  const listStatus = yield* Effect.promise(() =>
    statusOf(startGentask(["list"], emulator, state, ["ignore", "inherit", "inherit"]))
  )
  yield* Effect.promise(() => emulator.close())
  yield* Effect.promise(() => rm(state, { recursive: true, force: true }))
  const saved = lines.filter(({ files = [] }) => files.length > 0).length
  process.stderr.write(nextSteps)
  return Math.max(
    status,
    listStatus,
    saved === demoRequests.length ? exitStatus.success : exitStatus.saveFailed
  )
})
