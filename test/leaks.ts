/**
 * Starts and aborts many waits, in every state of a wait, and measures the sockets, timers, file handles and heap before
 * and after. `node --conditions=@gentask/source test/leaks.ts [waits]` prints them, and how long aborts took.
 */
import { readdirSync } from "node:fs"
import { setTimeout as delay } from "node:timers/promises"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { createGentask } from "@gentask/core"
import { accountsOn } from "./systems.ts"

/** The resources of this process. */
export interface Resources {
  readonly sockets: number
  readonly timers: number
  readonly files: number
  /** The size of the heap after a garbage collection, in bytes. */
  readonly heap: number
}

export interface LeakReport {
  readonly before: Resources
  readonly after: Resources
  readonly aborts: number
  /** The median time from an abort to the rejection of a wait, in milliseconds. */
  readonly medianMs: number
  /** The longest such time, in milliseconds. */
  readonly maxMs: number
}

setFlagsFromString("--expose-gc")
const collectGarbage = runInNewContext("gc") as () => void

const readResources = async (): Promise<Resources> => {
  // Finalizers run between two collections.
  collectGarbage()
  await delay(50)
  collectGarbage()
  const resources = process.getActiveResourcesInfo()
  const count = (name: string): number => resources.filter((each) => each === name).length
  return {
    sockets: count("TCPSocketWrap"),
    timers: count("Timeout"),
    files: readdirSync("/proc/self/fd").length,
    heap: process.memoryUsage().heapUsed
  }
}

/** The number of idle connections that a client may keep open. Each takes a file handle at both ends. */
export const maxIdleConnections = 4

/** Waits until sockets, timers and file handles are released, for at most 5 seconds, and returns the last resources. */
const waitForRelease = async (before: Resources): Promise<Resources> => {
  const end = performance.now() + 5000
  for (;;) {
    const after = await readResources()
    const isReleased =
      after.sockets <= before.sockets + maxIdleConnections &&
      after.timers <= before.timers &&
      after.files <= before.files + 2 * maxIdleConnections
    if (isReleased || performance.now() > end) return after
  }
}

const countRequests = (emulator: Emulator): number =>
  emulator.rates().reduce((sum, { total }) => sum + total, 0)

/** Starts waits in batches of 100, aborts each batch, and measures what remains. */
export const measureLeaks = async (waits: number): Promise<LeakReport> => {
  await using emulator = await startEmulator({ requestLogSize: 0 })
  const unending = { end: "never" } as const
  const refs = [
    `jimmy:${emulator.addTask({ vendor: "jimmy", ...unending }).id}`,
    `sora:${emulator.addTask({ vendor: "sora", ...unending, faults: [{ fault: "hang", times: "forever" }] }).id}`,
    `aigptimage:${emulator.addTask({ vendor: "aigptimage", ...unending, faults: [{ fault: "hang", when: "body", times: "forever" }] }).id}`,
    `jimeng@octopusx:${emulator.addTask({ vendor: "jimeng", ...unending, faults: [{ fault: "status", status: 503, times: "forever" }] }).id}`
  ]
  await using gentask = createGentask({ providers: accountsOn(emulator.url, emulator.apiKey) })
  const times: Array<number> = []
  const runBatch = async (): Promise<void> => {
    const requests = countRequests(emulator)
    const controller = new AbortController()
    const ends = Array.from({ length: 100 }, async (_, index) => {
      const ref = refs[index % refs.length] ?? ""
      await gentask.wait(ref, { signal: controller.signal }).catch(() => undefined)
      return performance.now()
    })
    // Each task has been queried once.
    while (countRequests(emulator) < requests + refs.length) await delay(5)
    const aborted = performance.now()
    controller.abort()
    for (const end of await Promise.all(ends)) times.push(end - aborted)
  }
  // The first batches load modules, compile code, and fill pools that are kept.
  for (let index = 0; index < 5; index += 1) await runBatch()
  times.length = 0
  const before = await readResources()
  for (let started = 0; started < waits; started += 100) await runBatch()
  const after = await waitForRelease(before)
  const sorted = times.toSorted((a, b) => a - b)
  return {
    before,
    after,
    aborts: times.length,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
    maxMs: sorted.at(-1) ?? 0
  }
}

if (import.meta.main) {
  const { before, after, aborts, medianMs, maxMs } = await measureLeaks(Number(process.argv[2] ?? 5000))
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`
  console.log(`aborted waits  ${aborts}`)
  console.log(`sockets        ${before.sockets} before, ${after.sockets} after`)
  console.log(`timers         ${before.timers} before, ${after.timers} after`)
  console.log(`file handles   ${before.files} before, ${after.files} after`)
  console.log(`heap           ${megabytes(before.heap)} before, ${megabytes(after.heap)} after`)
  console.log(`abort time     ${medianMs.toFixed(1)} ms (median), ${maxMs.toFixed(1)} ms (maximum)`)
}
