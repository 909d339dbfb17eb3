/**
 * Submits in all formats while a seeded profile disturbs a share of the exchanges, from processes that are killed at
 * random and started again with the same idempotency keys. Compares the emulator's tasks with the ledger.
 * `node --conditions=@gentask/source test/money.ts [count] [seed] [rate]` prints the counts.
 */
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { createGentask } from "@gentask/core"
import type { Intent, SubmitInput } from "@gentask/core"
import { openLedger } from "@gentask/ledger"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { checkMoney, indexIn } from "./checkMoney.ts"
import { printMoneyReport } from "./MoneyReport.ts"
import type { MoneyReport } from "./MoneyReport.ts"
import { startSubmitter } from "./submitProcess.ts"
import { submitAccounts, submitSystems } from "./submitSystems.ts"

/** Options of a run. */
export interface MoneyOptions {
  readonly count: number
  readonly seed: number
  /** The share of submits that is disturbed. */
  readonly rate: number
  /** How many processes are killed. */
  readonly kills: number
  /** How many processes submit at the same time. @default 2 */
  readonly processes?: number
}

/** Numbers from 0 to 1 that depend on a seed only. */
const randomOf = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const requestsOf = ({ count, seed }: MoneyOptions): ReadonlyArray<SubmitInput> =>
  Array.from({ length: count }, (_, index) => {
    const system = submitSystems[index % submitSystems.length]
    if (system === undefined) throw new Error("no system")
    const { account, model } = system
    return {
      account,
      model,
      prompt: `Fox number ${index}, in the snow`,
      idempotencyKey: `money-${seed}-${index}`
    }
  })

/** Submits requests in processes, one after another, until each has an outcome. */
const submitAll = async (
  emulator: Emulator,
  path: string,
  requests: ReadonlyArray<SubmitInput>,
  eventsUntilKill: Array<number>
): Promise<number> => {
  const { url, apiKey, accessKey } = emulator
  const left = new Map(requests.map((request) => [request.idempotencyKey, request]))
  let killed = 0
  while (left.size > 0) {
    let remaining = eventsUntilKill.shift()
    const before = left.size
    await using submitter = startSubmitter(
      { url, apiKey, accessKey, path, requests: [...left.values()] },
      ({ submitted, key = submitted?.key }) => {
        if (key !== undefined) left.delete(key)
        if (remaining === undefined) return
        remaining -= 1
        if (remaining > 0) return
        remaining = undefined
        if (submitter.kill()) killed += 1
      }
    )
    await submitter.end()
    if (left.size === before && remaining !== undefined) throw new Error("a process made no progress")
  }
  return killed
}

/** Submits while exchanges are disturbed and processes are killed. */
export const money = async (options: MoneyOptions): Promise<MoneyReport> => {
  const { seed, rate, kills, processes = 2 } = options
  const startedAt = performance.now()
  await using folder = await temporaryFolder()
  const path = join(folder.path, "ledger.db")
  await using ledger = await openLedger({ path })
  await using emulator = await startEmulator({
    chaos: { seed, rate: 0, submitRate: rate, maxDelay: 500 },
    requestLogSize: 0
  })
  const requests = requestsOf(options)
  const random = randomOf(seed)
  const shares = Array.from({ length: processes }, (_, index) =>
    requests.filter((_request, position) => position % processes === index)
  )
  const killedBy = await Promise.all(
    shares.map((share, index) => {
      const own = Math.floor((kills + index) / processes)
      const eventsUntilKill = Array.from(
        { length: own },
        () => 1 + Math.floor((random() * share.length) / (own + 1))
      )
      return submitAll(emulator, path, share, eventsUntilKill)
    })
  )
  const posts = emulator.posts()
  await using gentask = createGentask({ providers: submitAccounts(emulator), ledger })
  const reconciled = await gentask.reconcile()
  const intents: ReadonlyArray<Intent> = await ledger.intents()
  return {
    ...checkMoney(emulator, intents, posts.length),
    submits: requests.length,
    missing: requests.filter(
      ({ prompt }) => !intents.some((intent) => indexIn(intent.prompt) === indexIn(prompt))
    ).length,
    killed: killedBy.reduce((sum, each) => sum + each, 0),
    reconciled: Object.fromEntries(
      Object.entries(Object.groupBy(reconciled, ({ result }) => result)).map(([result, { length }]) => [
        result,
        length
      ])
    ),
    seconds: (performance.now() - startedAt) / 1000
  }
}

if (import.meta.main) {
  const [count = "2000", seed = "1", rate = "0.4"] = process.argv.slice(2)
  const report = await money({
    count: Number(count),
    seed: Number(seed),
    rate: Number(rate),
    kills: Math.ceil(Number(count) / 100)
  })
  printMoneyReport(report, Number(seed))
  process.exitCode = report.problems.length === 0 && report.missing === 0 ? 0 : 1
}
