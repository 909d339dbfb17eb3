/**
 * Measures poll policies in real time: a client polls tasks of the emulator over loopback, which take about two seconds.
 * `pnpm bench:polling:real [tasks]` first lets the learned policy observe this number of tasks, and then measures the
 * requests and the lag of as many others. It compares the policy with two usual fixed intervals, and with the fixed
 * interval that should have the same lag.
 */
import { randomLogNormal } from "d3-random"
import { createGentask, PollPolicy } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import type { Vendor } from "@gentask/emulator"
import { jimeng } from "@gentask/provider-jimeng"
import { sora } from "@gentask/provider-sora"
import { seededRandom } from "./Random.ts"

/** How many tasks run at the same time. */
const concurrency = 10

/** The log-normal distribution of the durations. */
const medianMs = 2000
const sigma = 0.2

interface MeasuredVendor {
  readonly vendor: Vendor
  readonly title: string
  readonly ref: (id: string) => string
}

const vendors: ReadonlyArray<MeasuredVendor> = [
  { vendor: "jimeng", title: "jimeng (without progress)", ref: (id) => `jimeng@octopusx:${id}` },
  { vendor: "sora", title: "sora (with progress)", ref: (id) => `sora:${id}` }
]

interface Measurement {
  readonly requestsPerTask: number
  readonly meanLagMs: number
}

/** Waits for `warmup` tasks, and measures the `measured` tasks that follow. */
const measure = async (
  { vendor, ref }: MeasuredVendor,
  pollPolicy: PollPolicy.PollPolicy,
  count: { readonly warmup: number; readonly measured: number }
): Promise<Measurement> => {
  await using emulator = await startEmulator()
  const { url: baseUrl, apiKey } = emulator
  await using gentask = createGentask({
    providers: [
      jimeng({ account: "octopusx", endpoint: "octopusx", apiKey, baseUrl }),
      sora({ apiKey, baseUrl })
    ],
    pollPolicy
  })
  const sampleDuration = randomLogNormal.source(seededRandom(1))(Math.log(medianMs), sigma)
  const waitForTask = async (): Promise<number> => {
    const runningFor = Math.round(sampleDuration())
    const { id } = emulator.addTask({ vendor, runningFor })
    const endsAt = performance.now() + runningFor
    await gentask.wait(ref(id))
    return performance.now() - endsAt
  }
  const waitForTasks = async (tasks: number): Promise<ReadonlyArray<number>> => {
    const lags: Array<number> = []
    let remaining = tasks
    const worker = async (): Promise<void> => {
      while (remaining > 0) {
        remaining -= 1
        lags.push(await waitForTask())
      }
    }
    await Promise.all(Array.from({ length: concurrency }, worker))
    return lags
  }
  await waitForTasks(count.warmup)
  emulator.clearRequests()
  const lags = await waitForTasks(count.measured)
  const queries = emulator.requests.filter(({ purpose }) => purpose === "query")
  return {
    requestsPerTask: queries.length / count.measured,
    meanLagMs: lags.reduce((sum, lag) => sum + lag, 0) / lags.length
  }
}

const print = (name: string, { requestsPerTask, meanLagMs }: Measurement): void => {
  const [requests, lag] = [requestsPerTask.toFixed(1).padStart(5), meanLagMs.toFixed(0).padStart(5)]
  console.log(`  ${name.padEnd(36)} ${requests} requests per task, mean lag ${lag} ms`)
}

const tasks = Number(process.argv[2] ?? 60)
for (const vendor of vendors) {
  console.log(`${vendor.title}: ${tasks} tasks of about ${medianMs / 1000} s, sigma ${sigma}`)
  const policy = PollPolicy.learned({ requestCost: 20, min: 20, fallback: PollPolicy.growing({ min: 100 }) })
  const learned = await measure(vendor, policy, { warmup: tasks, measured: tasks })
  print(`learned from ${tasks} tasks`, learned)
  // With a fixed interval, the mean lag is half of it.
  const equalLagMs = Math.round(2 * learned.meanLagMs)
  for (const delayMs of [equalLagMs, 250, 500])
    print(
      `every ${delayMs} ms`,
      await measure(vendor, PollPolicy.fixed(delayMs), { warmup: 0, measured: tasks })
    )
}
