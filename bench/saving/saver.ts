/** The process that saves. Each run has a new one, so that its peak memory is that of the run. */
import { setTimeout as delay } from "node:timers/promises"
import { handleRequests } from "../measure/Worker.ts"
import type { SavingLoad, SavingRun } from "./SavingRun.ts"

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
