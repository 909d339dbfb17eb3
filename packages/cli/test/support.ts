/** Runs the built command line as its users do: as a process, with an environment of its own. */
import { spawn } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { existsSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Emulator } from "@gentask/emulator"
import { assert } from "vitest"

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url))

if (!existsSync(main)) {
  throw new Error("The command line is not built, and these tests run the built one. Run: pnpm build")
}

/** A key that must never be seen in what gentask prints. */
export const secretKey = "sk-never-to-be-seen"

/** A new empty folder. */
export const newFolder = (): string => mkdtempSync(join(tmpdir(), "gentask-cli-test-"))

/** Variables that point each account at an emulator. */
export const pointedAt = ({ url }: Pick<Emulator, "url">): Record<string, string> =>
  Object.fromEntries(
    ["JIMMY", "SORA", "AIGPTIMAGE", "JIMENG_OCTOPUSX", "JIMENG_DEEPWL"].flatMap((prefix) => [
      [`${prefix}_API_KEY`, secretKey],
      [`${prefix}_BASE_URL`, url]
    ])
  )

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly input?: string
}

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A process under way. */
export interface Running {
  readonly child: ChildProcess
  readonly stdout: () => string
  readonly stderr: () => string
  readonly ended: Promise<Ran>
}

const emptyHome = newFolder()

const startProgram = (program: string, args: ReadonlyArray<string>, options: RunOptions): Running => {
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
  const ended = new Promise<Ran>((settle, reject) => {
    child.once("error", reject)
    child.once("close", (status) => {
      // Whatever is tested: no stack trace and no key is ever shown.
      if (/^ {4}at /m.test(stdout + stderr)) reject(new Error(`A stack trace was printed:\n${stderr}`))
      else if (`${stdout}${stderr}`.includes(secretKey))
        reject(new Error(`A key was printed:\n${stdout}${stderr}`))
      else settle({ status, stdout, stderr })
    })
  })
  return { child, stdout: () => stdout, stderr: () => stderr, ended }
}

/** Starts the command line in an environment that holds nothing of the person who runs the tests. */
export const start = (args: ReadonlyArray<string>, options: RunOptions = {}): Running =>
  startProgram(process.execPath, [main, ...args], options)

/** Runs a line in a shell that knows `gentask`. */
export const runInShell = (line: string, options: RunOptions = {}): Promise<Ran> =>
  startProgram("sh", ["-c", `gentask() { '${process.execPath}' '${main}' "$@"; }; ${line}`], options).ended

/** Runs the command line to its end. */
export const run = (args: ReadonlyArray<string>, options?: RunOptions): Promise<Ran> =>
  start(args, options).ended

/** The lines of an output. */
export const linesOf = (text: string): ReadonlyArray<string> => text.split("\n").filter((line) => line !== "")

/** The objects that `--json` printed, one on a line. */
export const jsonLinesOf = (text: string): ReadonlyArray<Record<string, unknown>> =>
  linesOf(text).map((line) => JSON.parse(line) as Record<string, unknown>)

/** The object that `--json` printed for the only task. */
export const onlyJsonOf = (text: string): Record<string, unknown> => {
  const [only, ...others] = jsonLinesOf(text)
  if (only === undefined || others.length > 0)
    throw new Error(`There is not one line but ${others.length}: ${text}`)
  return only
}

/** Waits until something holds. */
export const until = async (holds: () => boolean, what: string): Promise<void> => {
  const end = Date.now() + 10_000
  while (!holds()) {
    assert.isBelow(Date.now(), end, `waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
