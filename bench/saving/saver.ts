/** The process that saves: new for each run, so that its largest size is that of the run. */
import { setTimeout as delay } from "node:timers/promises"
import { answerWith } from "../measure/Worker.ts"

/** Makes ready to save, and answers how one file after another is saved. */
export type Prepare = (load: Load, baseUrl: string, dir: string) => Promise<() => Promise<boolean>>

/** What to save. */
export interface Load {
  readonly files: number
  /** In bytes. */
  readonly size: number
  /** How many at once. */
  readonly atOnce: number
}

/** What that took. */
export interface Run {
  /** In milliseconds. */
  readonly wall: number
  /** Of the whole process, in milliseconds; undefined where nobody counted. */
  readonly cpu: number
  /** The most memory that the process held, in bytes; undefined where nobody counted. */
  readonly memory?: number
  /** What it held at each tenth of the way, in bytes. */
  readonly held?: ReadonlyArray<number>
}

const [name = "", baseUrl = "", dir = ""] = process.argv.slice(2)
// Nobody has the packages of the others in the same process.
const { prepare } = await (name === "gentask" ? import("./gentask.ts") : import("./undici.ts"))

answerWith<Load, Run>(async (load) => {
  const saveNext = await prepare(load, baseUrl, dir)
  const held: Array<number> = []
  const watched = new AbortController()
  const watching = (async () => {
    while (!watched.signal.aborted) {
      await delay(50)
      held.push(process.memoryUsage.rss())
    }
  })()
  const before = process.cpuUsage()
  const from = performance.now()
  const saver = async (): Promise<void> => {
    while (await saveNext());
  }
  await Promise.all(Array.from({ length: load.atOnce }, saver))
  const wall = performance.now() - from
  const { user, system } = process.cpuUsage(before)
  watched.abort()
  await watching
  return {
    wall,
    cpu: (user + system) / 1000,
    memory: process.resourceUsage().maxRSS * 1024,
    held: Array.from({ length: 10 }, (_, tenth) => held[Math.floor((tenth * held.length) / 10)] ?? 0)
  }
})
