/** Runs the built command line as users do: in its own process and environment. */
import { spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { existsSync } from "node:fs"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"
import { secretKey } from "./emulator.ts"
import { newFolder } from "./project.ts"

/** The path of the built command line. */
export const main = fileURLToPath(new URL("../dist/main.js", import.meta.url))

if (!existsSync(main)) {
  throw new Error("These tests need the built command line. Run pnpm build.")
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly input?: string
}

export interface RunResult {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A process that has started. */
export interface RunningProcess {
  readonly child: ChildProcess
  /** The standard output so far. */
  readonly stdout: () => string
  /** The standard error so far. */
  readonly stderr: () => string
  readonly result: Promise<RunResult>
}

const emptyHome = newFolder()

const startProgram = (program: string, args: ReadonlyArray<string>, options: RunOptions): RunningProcess => {
  const child = spawn(program, args, {
    cwd: options.cwd ?? emptyHome,
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: emptyHome,
      USERPROFILE: emptyHome,
      TMPDIR: tmpdir(),
      ...options.env
    }
  })
  let stdout = ""
  let stderr = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text))
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text))
  child.stdin.on("error", () => undefined).end(options.input ?? "")
  const result = new Promise<RunResult>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (status) => {
      // Checked in every test: no stack trace and no API key is ever printed.
      if (/^ {4}at /m.test(stdout + stderr)) reject(new Error(`A stack trace was printed:\n${stderr}`))
      else if (`${stdout}${stderr}`.includes(secretKey))
        reject(new Error(`An API key was printed:\n${stdout}${stderr}`))
      else resolve({ status, stdout, stderr })
    })
  })
  return { child, stdout: () => stdout, stderr: () => stderr, result }
}

/** Starts the command line without the environment and the home folder of the developer. */
export const start = (args: ReadonlyArray<string>, options: RunOptions = {}): RunningProcess =>
  startProgram(process.execPath, [main, ...args], options)

/** Runs a line in a shell that has a command `gentask`. */
export const runInShell = (line: string, options: RunOptions = {}): Promise<RunResult> =>
  startProgram("sh", ["-c", `gentask() { '${process.execPath}' '${main}' "$@"; }; ${line}`], options).result

/** Runs the command line until it ends. */
export const run = (args: ReadonlyArray<string>, options?: RunOptions): Promise<RunResult> =>
  start(args, options).result

/** Splits output into lines. */
export const linesOf = (text: string): ReadonlyArray<string> => text.split("\n").filter((line) => line !== "")

/** Parses the lines that `--json` printed. */
export const jsonLinesOf = (text: string): ReadonlyArray<Record<string, unknown>> =>
  linesOf(text).map((line) => JSON.parse(line) as Record<string, unknown>)

/** Parses the only line that `--json` printed. */
export const onlyJsonOf = (text: string): Record<string, unknown> => {
  const [only, ...others] = jsonLinesOf(text)
  if (only === undefined || others.length > 0) throw new Error(`Expected one line, got: ${text}`)
  return only
}
