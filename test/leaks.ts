/**
 * Leaks: many waits are started and aborted, in every state that a wait can be in. Sockets, timers, file handles and
 * heap must be back where they were. `node --conditions=@gentask/source test/leaks.ts [waits]` prints the counts, and how
 * long an abort took.
 */
import { readdirSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { startEmulator } from "@gentask/emulator"
import { createGentask } from "@gentask/core"
import { accountsOn } from "./systems.ts"

/** What a process holds. */
export interface Held {
  readonly sockets: number
  readonly timers: number
  readonly files: number
  /** In bytes, after a collection. */
  readonly heap: number
}

/** What was held before and after, and how long aborts took, in milliseconds. */
export interface LeakReport {
  readonly before: Held
  readonly after: Held
  readonly aborts: number
  readonly median: number
  readonly slowest: number
}

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as () => void

const held = async (): Promise<Held> => {
  await delay(200)
  collect()
  await delay(50)
  collect()
  const resources = process.getActiveResourcesInfo()
  const count = (name: string): number => resources.filter((each) => each === name).length
  return {
    sockets: count("TCPSocketWrap"),
    timers: count("Timeout"),
    files: readdirSync("/proc/self/fd").length,
    heap: process.memoryUsage().heapUsed
  }
}

/** Starts waits in batches, aborts each batch, and looks at what is left. */
export const leaks = async (waits: number): Promise<LeakReport> => {
  await using emulator = await startEmulator({ requestLogSize: 0 })
  const forever = { end: "never" } as const
  const refs = [
    `jimmy:${emulator.addTask({ vendor: "jimmy", ...forever }).id}`,
    `sora:${emulator.addTask({ vendor: "sora", ...forever, faults: [{ fault: "hang", times: "forever" }] }).id}`,
    `aigptimage:${emulator.addTask({ vendor: "aigptimage", ...forever, faults: [{ fault: "hang", when: "body", times: "forever" }] }).id}`,
    `jimeng@octopusx:${emulator.addTask({ vendor: "jimeng", ...forever, faults: [{ fault: "status", status: 503, times: "forever" }] }).id}`
  ]
  await using gentask = createGentask({ providers: accountsOn(emulator.url, emulator.apiKey) })
  const times: Array<number> = []
  const batch = async (size: number): Promise<void> => {
    const controller = new AbortController()
    const endings = Array.from({ length: size }, async (_, index) => {
      const ref = refs[index % refs.length] ?? ""
      await gentask.wait(ref, { signal: controller.signal }).catch(() => undefined)
      return performance.now()
    })
    await delay(30)
    const aborted = performance.now()
    controller.abort()
    for (const ended of await Promise.all(endings)) times.push(ended - aborted)
  }
  // The first batches load and compile, and fill pools that stay.
  for (let index = 0; index < 5; index += 1) await batch(100)
  times.length = 0
  const before = await held()
  for (let done = 0; done < waits; done += 100) await batch(100)
  const after = await held()
  const sorted = times.toSorted((one, other) => one - other)
  return {
    before,
    after,
    aborts: times.length,
    median: sorted[Math.floor(sorted.length / 2)] ?? 0,
    slowest: sorted.at(-1) ?? 0
  }
}

if (import.meta.main) {
  const { before, after, aborts, median, slowest } = await leaks(Number(process.argv[2] ?? 5000))
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`
  console.log(`waits started and aborted  ${aborts}`)
  console.log(`sockets                    ${before.sockets} before, ${after.sockets} after`)
  console.log(`timers                     ${before.timers} before, ${after.timers} after`)
  console.log(`file handles               ${before.files} before, ${after.files} after`)
  console.log(`heap                       ${megabytes(before.heap)} before, ${megabytes(after.heap)} after`)
  console.log(`an abort took              ${median.toFixed(1)} ms (median), ${slowest.toFixed(1)} ms at most`)
}
