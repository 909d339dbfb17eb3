/** Starts `trackerProgram.ts` in a separate process. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { TrackerOptions } from "@gentask/tracker"
import { waitFor } from "./waitFor.ts"

const program = fileURLToPath(new URL("./trackerProgram.ts", import.meta.url))

/** Halves the time until a tracker runs. */
const compileCache = { NODE_COMPILE_CACHE: join(tmpdir(), "gentask-compile-cache") }

/** Options of the program. */
export interface ProgramOptions extends Pick<
  TrackerOptions,
  "database" | "runner" | "listen" | "dir" | "clusterTimings"
> {
  readonly accounts: ReadonlyArray<{ readonly account: string; readonly apiKey: string }>
  readonly baseUrl: string
  readonly limit?: { readonly requests: number; readonly windowMs: number } | undefined
  readonly pollMs: number
  /** The `User-Agent` of all requests, to recognize the process. */
  readonly userAgent: string
}

interface Line {
  readonly url?: string
  readonly closed?: true
  readonly error?: string
}

/** Starts a tracker, with more options of Node if given. */
export const startProgram = (options: ProgramOptions, nodeOptions: ReadonlyArray<string> = []) => {
  const command = ["--conditions=@gentask/source", ...nodeOptions, program, JSON.stringify(options)]
  const child = spawn(process.execPath, command, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...compileCache }
  })
  let [output, errors] = ["", ""]
  child.stdout.on("data", (data) => (output += String(data)))
  child.stderr.on("data", (data) => (errors += String(data)))
  const closed = once(child, "close")
  const lines = (): ReadonlyArray<Line> =>
    output
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Line)
  const printed = (name: keyof Line): Promise<Line> =>
    waitFor(
      () => {
        const line = lines().find((each) => name in each)
        if (line === undefined) throw new Error(`No ${name} was printed. ${output}${errors}`)
        return line
      },
      { timeout: 120_000, interval: 10 }
    )
  const end = async (): Promise<number | null> => {
    await closed
    return child.exitCode
  }
  return {
    pid: child.pid ?? 0,
    errors: () => errors,
    ready: async () => (await printed("url")).url ?? "",
    error: async () => (await printed("error")).error ?? "",
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    /** Kills the process at once. Resolves when it has ended. */
    kill: async () => {
      child.kill("SIGKILL")
      await end()
    },
    /** Stops the process gracefully. Returns its exit code. */
    stop: async () => {
      child.kill("SIGTERM")
      return end()
    },
    end,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL")
      await closed
    }
  }
}
