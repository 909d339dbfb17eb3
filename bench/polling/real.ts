/**
 * The same question put to real waits: tasks of the emulator that take two seconds or so, waited for over loopback by
 * the client as it is. `pnpm bench:polling:real [tasks]` lets the learned policy see so many tasks end, then counts the
 * requests and the lag of as many more, beside fixed intervals: two usual ones, and the one that should lag as much.
 */
import { randomLogNormal } from "d3-random"
import { startEmulator } from "@gentask/emulator"
import type { Vendor } from "@gentask/emulator"
import { createGentask, PollPolicy } from "@gentask/core"
import { jimeng } from "@gentask/provider-jimeng"
import { sora } from "@gentask/provider-sora"
import { diceOf } from "./Dice.ts"

/** How many tasks are under way at once. */
const width = 10

/** How long tasks take: this in the middle, in milliseconds, and so widely spread. */
const median = 2000
const sigma = 0.2

interface Judged {
  readonly requests: number
  readonly meanLag: number
}

interface Vendors {
  readonly vendor: Vendor
  readonly title: string
  readonly ref: (id: string) => string
}

const vendors: ReadonlyArray<Vendors> = [
  { vendor: "jimeng", title: "jimeng, which tells no progress", ref: (id) => `jimeng@octopusx:${id}` },
  { vendor: "sora", title: "sora, which tells its progress", ref: (id) => `sora:${id}` }
]

/** Waits for tasks, some at a time, and judges the last of them. */
const judge = async (
  { vendor, ref }: Vendors,
  pollPolicy: PollPolicy.PollPolicy,
  tasks: { readonly before: number; readonly judged: number }
): Promise<Judged> => {
  await using emulator = await startEmulator()
  const { url: baseUrl, apiKey } = emulator
  await using gentask = createGentask({
    providers: [
      jimeng({ account: "octopusx", endpoint: "octopusx", apiKey, baseUrl }),
      sora({ apiKey, baseUrl })
    ],
    pollPolicy
  })
  const duration = randomLogNormal.source(diceOf(1))(Math.log(median), sigma)
  const lags: Array<number> = []
  const waitForOne = async (isJudged: boolean): Promise<void> => {
    const runningFor = Math.round(duration())
    const { id } = emulator.addTask({ vendor, runningFor })
    const ends = performance.now() + runningFor
    await gentask.wait(ref(id))
    if (isJudged) lags.push(performance.now() - ends)
  }
  const waitForAll = async (count: number, isJudged: boolean): Promise<void> => {
    let left = count
    const worker = async (): Promise<void> => {
      while (left > 0) {
        left -= 1
        await waitForOne(isJudged)
      }
    }
    await Promise.all(Array.from({ length: width }, worker))
  }
  await waitForAll(tasks.before, false)
  emulator.clearRequests()
  await waitForAll(tasks.judged, true)
  return {
    requests: emulator.requests.filter(({ purpose }) => purpose === "query").length / tasks.judged,
    meanLag: lags.reduce((sum, lag) => sum + lag, 0) / lags.length
  }
}

const print = (name: string, { requests, meanLag }: Judged): void =>
  console.log(
    `  ${name.padEnd(36)} ${requests.toFixed(1).padStart(5)} requests ${meanLag.toFixed(0).padStart(5)} ms of lag`
  )

const count = Number(process.argv[2] ?? 60)
for (const each of vendors) {
  console.log(`${each.title}: ${count} tasks of about ${median / 1000} s, sigma ${sigma}`)
  const policy = PollPolicy.learned({ requestCost: 20, min: 20, fallback: PollPolicy.growing({ min: 100 }) })
  const learned = await judge(each, policy, { before: count, judged: count })
  print(`learned from ${count} tasks before`, learned)
  const same = Math.round(2 * learned.meanLag)
  for (const wait of [same, 250, 500])
    print(`every ${wait} ms`, await judge(each, PollPolicy.fixed(wait), { before: 0, judged: count }))
}
