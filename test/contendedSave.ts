/** Several processes that save the same task, while one of them is killed or suspended. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, readdir, utimes } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import type { Emulator, MediaFormat } from "@gentask/emulator"
import { checkSavedFolder } from "./checkSavedFolder.ts"
import type { CheckedFile } from "./checkSavedFolder.ts"

const program = fileURLToPath(new URL("./chaosSaver.ts", import.meta.url))

/** What a saver prints. */
interface SaverEvent {
  readonly wait?: string
  readonly saved?: ReadonlyArray<CheckedFile>
  readonly error?: string
}

/** What happens to the first saver while others wait for its lock. */
export type Interruption = "killed" | "suspended"

/** Options of {@link contendedSave}. */
export interface ContendedSaveOptions {
  readonly emulator: Emulator
  /** An empty or missing folder. */
  readonly dir: string
  readonly interruption: Interruption
  /** The id of the task. */
  readonly id: string
  /** Whether to wait until the lock is stale, for half a minute, rather than to change its time. */
  readonly waitsUntilStale: boolean
  /** Returns the digest of a file of a size. */
  readonly digestOf: (format: MediaFormat, size: number) => Promise<string>
}

const size = 1_000_000
const formats = ["png", "jpeg", "webp"] as const

/** A lock without a heartbeat for this time is stale, in milliseconds. */
const staleAfterMs = 31_000

const startSaver = (emulator: Emulator, ref: string, dir: string) => {
  const parameters = ["--conditions=@gentask/source", program, emulator.url, emulator.apiKey, ref, dir]
  const child = spawn(process.execPath, parameters, { stdio: ["ignore", "pipe", "inherit"] })
  let output = ""
  child.stdout.on("data", (data) => (output += String(data)))
  const closed = once(child, "close")
  const events = (): ReadonlyArray<SaverEvent> =>
    output
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line) as SaverEvent)
  return {
    events,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** Waits for the end of the process, and returns what it has saved. */
    end: async (): Promise<ReadonlyArray<CheckedFile>> => {
      await closed
      const { saved, error = `exit status ${child.exitCode}` } = events().at(-1) ?? {}
      if (saved === undefined) throw new Error(error)
      return saved
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL")
      await closed
    }
  }
}

/** The start of a process takes long while the emulator is busy with thousands of tasks, in milliseconds. */
const maxWaitMs = 120_000

const until = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
  const end = performance.now() + maxWaitMs
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`)
    await delay(20)
  }
}

const locksIn = async (dir: string): Promise<ReadonlyArray<string>> =>
  (await readdir(dir)).filter((name) => name.endsWith(".lock"))

const makeStale = async (dir: string): Promise<void> => {
  const past = new Date(Date.now() - 10 * staleAfterMs)
  for (const name of await locksIn(dir)) await utimes(join(dir, name), past, past)
}

/**
 * Saves a task with three outputs in three processes. The first one holds the lock when it is killed while the others
 * wait, or when it is suspended until another one has saved everything.
 *
 * @returns What is wrong.
 */
export const contendedSave = async (options: ContendedSaveOptions): Promise<ReadonlyArray<string>> => {
  const { emulator, dir, interruption, id } = options
  // The first download lasts until its process is interrupted.
  const mediaFaults = [{ fault: "slow", bytesPerSecond: size / 240 }] as const
  emulator.addTask({ vendor: "jimeng", id, media: formats, mediaSize: size, mediaFaults })
  await mkdir(dir, { recursive: true })
  const start = () => startSaver(emulator, `jimeng@octopusx:${id}`, dir)
  await using first = start()
  await until("the first saver holds the lock", async () => (await locksIn(dir)).length > 0)
  await using second = start()
  await using third = start()
  const others = [second, third]
  await until("the others wait", () =>
    others.every((saver) => saver.events().some(({ wait }) => wait !== undefined))
  )
  if (interruption === "killed") first.kill("SIGKILL")
  else {
    first.kill("SIGSTOP")
    if (options.waitsUntilStale) await delay(staleAfterMs)
    else await makeStale(dir)
  }
  const saved = (await Promise.all(others.map((saver) => saver.end()))).flat()
  if (interruption === "suspended") {
    first.kill("SIGCONT")
    saved.push(...(await first.end()))
  }
  return checkSavedFolder(dir, saved, formats.length, (format) => options.digestOf(format, size))
}
