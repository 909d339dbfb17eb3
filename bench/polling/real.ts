/**
 * Compares poll policies in real waits for tasks of about two seconds on the emulator. The learned policy first waits for
 * some tasks without counting them. Then the requests and the lag of as many tasks are compared with those of three fixed
 * intervals: two usual ones, and one that should have the same lag. `pnpm bench:polling:real [tasks]`
 */
import { randomLogNormal } from "d3-random"
import { startEmulator } from "@gentask/emulator"
import type { Vendor } from "@gentask/emulator"
import { createGentask, PollPolicy } from "@gentask/core"
import { jimeng } from "@gentask/provider-jimeng"
import { sora } from "@gentask/provider-sora"
import { makeRandom } from "./random.ts"

/** The number of concurrent waits. */
const concurrency = 10

/** The median duration of a task in milliseconds, and the sigma of its logarithm. */
const median = 2000
const sigma = 0.2

interface Result {
  readonly requests: number
  readonly meanLag: number
}

interface VendorOfTasks {
  readonly vendor: Vendor
  readonly title: string
  readonly ref: (id: string) => string
}

const vendors: ReadonlyArray<VendorOfTasks> = [
  { vendor: "jimeng", title: "jimeng, without progress", ref: (id) => `jimeng@octopusx:${id}` },
  { vendor: "sora", title: "sora, with progress", ref: (id) => `sora:${id}` }
]

/** Waits for tasks, and measures the last of them. */
const judge = async (
  { vendor, ref }: VendorOfTasks,
  pollPolicy: PollPolicy.PollPolicy,
  tasks: { readonly before: number; readonly judged: number }
): Promise<Result> => {
  await using emulator = await startEmulator()
  const { url: baseUrl, apiKey } = emulator
  await using gentask = createGentask({
    providers: [
      jimeng({ account: "octopusx", endpoint: "octopusx", apiKey, baseUrl }),
      sora({ apiKey, baseUrl })
    ],
    pollPolicy
  })
  const duration = randomLogNormal.source(makeRandom(1))(Math.log(median), sigma)
  const lags: Array<number> = []
  const waitForOne = async (isJudged: boolean): Promise<void> => {
    const runningFor = Math.round(duration())
    const { id } = emulator.addTask({ vendor, runningFor })
    const ends = performance.now() + runningFor
    await gentask.wait(ref(id))
    if (isJudged) lags.push(performance.now() - ends)
  }
  const waitForAll = async (count: number, isJudged: boolean): Promise<void> => {
    let remaining = count
    const worker = async (): Promise<void> => {
      while (remaining > 0) {
        remaining -= 1
        await waitForOne(isJudged)
      }
    }
    await Promise.all(Array.from({ length: concurrency }, worker))
  }
  await waitForAll(tasks.before, false)
  emulator.clearRequests()
  await waitForAll(tasks.judged, true)
  return {
    requests: emulator.requests.filter(({ purpose }) => purpose === "query").length / tasks.judged,
    meanLag: lags.reduce((sum, lag) => sum + lag, 0) / lags.length
  }
}

const print = (name: string, { requests, meanLag }: Result): void =>
  console.log(
    `  ${name.padEnd(36)} ${requests.toFixed(1).padStart(5)} requests ${meanLag.toFixed(0).padStart(5)} ms of lag`
  )

const count = Number(process.argv[2] ?? 60)
for (const each of vendors) {
  console.log(`${each.title}: ${count} tasks of about ${median / 1000} s, sigma ${sigma}`)
  const policy = PollPolicy.learned({ requestCost: 20, min: 20, otherwise: PollPolicy.growing({ min: 100 }) })
  const learned = await judge(each, policy, { before: count, judged: count })
  print(`learned, after ${count} tasks`, learned)
  const same = Math.round(2 * learned.meanLag)
  for (const wait of [same, 250, 500])
    print(`every ${wait} ms`, await judge(each, PollPolicy.spaced(wait), { before: 0, judged: count }))
}
