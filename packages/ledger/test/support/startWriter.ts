/** Starts `ledgerWriter.ts` in a separate process. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { vi } from "vitest"

const program = fileURLToPath(new URL("./ledgerWriter.ts", import.meta.url))

/** A line that a writer has printed. */
export interface WriterLine {
  readonly ready?: true
  readonly locked?: true
  readonly opening?: true
  readonly closed?: true
  readonly key?: string
  readonly isNew?: boolean
  readonly id?: string
  readonly begun?: string
  readonly settled?: string
  readonly refs?: ReadonlyArray<string>
}

/** Starts a writer with these parameters. */
export const startWriter = (
  mode: "race" | "loop" | "open" | "lock",
  ...parameters: ReadonlyArray<string>
) => {
  const child = spawn(process.execPath, ["--conditions=@gentask/source", program, mode, ...parameters], {
    stdio: ["pipe", "pipe", "pipe"]
  })
  let [output, errors] = ["", ""]
  child.stdout.on("data", (data) => (output += String(data)))
  child.stderr.on("data", (data) => (errors += String(data)))
  const closed = once(child, "close")
  /** All complete lines. */
  const lines = (): ReadonlyArray<WriterLine> =>
    output
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as WriterLine)
  return {
    lines,
    errors: () => errors,
    start: () => child.stdin.write("start\n"),
    kill: () => child.kill("SIGKILL"),
    /** Waits until the writer has printed this many lines. */
    printed: (count: number): Promise<void> =>
      vi.waitFor(
        () => {
          if (lines().length < count) throw new Error(`${lines().length} of ${count} lines. ${errors}`)
        },
        { timeout: 30_000, interval: 2 }
      ),
    /** Waits for the end of the process, and returns its exit code. */
    end: async () => {
      await closed
      return child.exitCode
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL")
      await closed
    }
  }
}
