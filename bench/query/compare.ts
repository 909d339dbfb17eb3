/** Runs contestants in turns, each in its own process, and compares the cost of a query. */
import { ratioOf, spreadOf } from "../measure/Spread.ts"
import type { Spread } from "../measure/Spread.ts"
import { Worker } from "../measure/Worker.ts"
import type { RoundRequest } from "./client.ts"
import type { Shares } from "./profile.ts"
import type { QueryContestant, Round } from "./QueryContestant.ts"

/** How long and how often to measure. */
export interface Plan {
  /** The number of rounds for each concurrency. */
  readonly rounds: ReadonlyArray<readonly [concurrency: number, rounds: number]>
  /** The duration of a round, in milliseconds. */
  readonly milliseconds: number
  /** The number of queries of each contestant before the first round, so that all code is compiled. */
  readonly warmUp: number
  /** The path at the server to which all requests are relative. @default "" */
  readonly base?: string
  /** The names of the contestants to profile. */
  readonly profiled: ReadonlyArray<string>
}

/** The cost of a query by a contestant. */
export interface Cost {
  readonly name: string
  readonly concurrency: number
  /** Microseconds of CPU time per query. */
  readonly cpu: Spread
  /** Queries per second. */
  readonly rate: Spread
  /** The CPU time as a multiple of that of the floor. */
  readonly overFloor: Spread
}

export interface Comparison {
  readonly costs: ReadonlyArray<Cost>
  /** The shares of the CPU time of each profiled contestant, by owner of the code. */
  readonly shares: Readonly<Record<string, Shares>>
}

/** A contestant, its process, and the rounds that were measured with the current concurrency. */
interface RunningContestant {
  readonly contestant: QueryContestant
  readonly worker: Worker<RoundRequest, Round>
  rounds: Array<Round>
}

const cpuOf = ({ cpu, queries }: Round): number => (cpu * 1000) / queries

const costsOf = (running: ReadonlyArray<RunningContestant>, concurrency: number): ReadonlyArray<Cost> => {
  const cpus = new Map(running.map(({ contestant, rounds }) => [contestant.name, rounds.map(cpuOf)]))
  return running.map(({ contestant: { name, floor }, rounds }) => ({
    name,
    concurrency,
    cpu: spreadOf(cpus.get(name) ?? []),
    rate: spreadOf(rounds.map(({ queries, wall }) => (queries / wall) * 1000)),
    overFloor: ratioOf(cpus.get(name) ?? [], cpus.get(floor) ?? [])
  }))
}

/** Measures contestants, which must include the floor of each. */
export const compare = async (
  contestants: ReadonlyArray<QueryContestant>,
  { rounds, milliseconds, warmUp, base = "", profiled }: Plan
): Promise<Comparison> => {
  await using server = Worker.start<"url", string>(new URL("server.ts", import.meta.url), "server")
  const url = `${await server.request("url")}${base}`
  const running = contestants.map((contestant): RunningContestant => {
    const script = new URL("client.ts", import.meta.url)
    return { contestant, worker: Worker.start(script, "client", [contestant.name, url]), rounds: [] }
  })
  await using stack = new AsyncDisposableStack()
  for (const { worker } of running) stack.use(worker)
  for (const { worker } of running) {
    for (let queries = 0; queries < warmUp;) {
      queries += (await worker.request({ concurrency: 64, milliseconds: 100 })).queries
    }
  }
  const costs: Array<Cost> = []
  for (const [concurrency, count] of rounds) {
    for (const each of running) each.rounds = []
    // The first round opens the connections, and is not counted.
    for (let round = 0; round <= count; round += 1) {
      const order = round % 2 === 0 ? running : running.toReversed()
      for (const { worker, rounds: done } of order) {
        const result = await worker.request({ concurrency, milliseconds })
        if (round > 0) done.push(result)
      }
    }
    costs.push(...costsOf(running, concurrency))
  }
  const shares: Record<string, Shares> = {}
  for (const { contestant, worker } of running) {
    if (!profiled.includes(contestant.name)) continue
    const round = await worker.request({ concurrency: 64, milliseconds: 2000, isProfiled: true })
    shares[contestant.name] = round.shares ?? {}
  }
  return { costs, shares }
}
