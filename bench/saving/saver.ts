/** The process that saves. Each run has a new one, so that its peak memory is that of the run. */
import { setTimeout as delay } from "node:timers/promises"
import { handleRequests } from "../measure/Worker.ts"

/** Prepares to save, and returns a function that saves the next file. It resolves to false after the last file. */
export type Prepare = (load: SavingLoad, baseUrl: string, dir: string) => Promise<() => Promise<boolean>>

/** The files to save. */
export interface SavingLoad {
  readonly files: number
  /** The size of each file, in bytes. */
  readonly size: number
  /** The number of files to save at a time. */
  readonly concurrency: number
}

/** The cost of saving the files. */
export interface SavingRun {
  /** The duration, in milliseconds. */
  readonly wall: number
  /** The CPU time of the process, in milliseconds. */
  readonly cpu: number
  /** The peak memory of the process, in bytes; undefined if it was not measured. */
  readonly peakMemory?: number
  /** The memory at each tenth of the duration, in bytes. */
  readonly memoryOverTime?: ReadonlyArray<number>
}

const [name = "", baseUrl = "", dir = ""] = process.argv.slice(2)
// A process loads only the packages of its contestant.
const { prepare } = await (name === "gentask" ? import("./gentask.ts") : import("./undici.ts"))

handleRequests<SavingLoad, SavingRun>(async (load) => {
  const saveNext = await prepare(load, baseUrl, dir)
  const samples: Array<number> = []
  const saved = new AbortController()
  const sampling = (async () => {
    while (!saved.signal.aborted) {
      await delay(50)
      samples.push(process.memoryUsage.rss())
    }
  })()
  const before = process.cpuUsage()
  const start = performance.now()
  const saver = async (): Promise<void> => {
    while (await saveNext());
  }
  await Promise.all(Array.from({ length: load.concurrency }, saver))
  const wall = performance.now() - start
  const { user, system } = process.cpuUsage(before)
  saved.abort()
  await sampling
  return {
    wall,
    cpu: (user + system) / 1000,
    peakMemory: process.resourceUsage().maxRSS * 1024,
    memoryOverTime: Array.from(
      { length: 10 },
      (_, tenth) => samples[Math.floor((tenth * samples.length) / 10)] ?? 0
    )
  }
})
