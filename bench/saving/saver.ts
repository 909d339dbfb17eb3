/** The process that saves: new for each run, so that its largest size is that of the run. */
import { setTimeout as delay } from "node:timers/promises"
import { createGentask } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"
import { jimmy } from "@gentask/provider-jimmy"
import { answerWith } from "../measure/Worker.ts"

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

const [baseUrl = "", dir = ""] = process.argv.slice(2)
const gentask = createGentask({ providers: [jimmy({ apiKey: "sk-of-nobody-0123456789", baseUrl })] })

answerWith<Load, Run>(async ({ files, size, atOnce }) => {
  const tasks: Array<TaskSnapshot> = []
  for (let number = 0; number < files; number += 1)
    tasks.push(await gentask.query(`jimmy:${size}-${number}?kind=video`))
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
    for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
      const saved = await gentask.save(task, { dir })
      if (saved[0]?.bytes !== size) throw new Error(`${task.ref} was not saved whole`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, saver))
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
