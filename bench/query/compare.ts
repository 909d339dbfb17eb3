/** Lets contestants ask in turns, each in a process of its own, and compares what a question cost each. */
import { ratioOf, spreadOf } from "../measure/Spread.ts"
import type { Spread } from "../measure/Spread.ts"
import { Worker } from "../measure/Worker.ts"
import type { Task } from "./asker.ts"
import type { Contestant, Round } from "./Contestant.ts"
import type { Shares } from "./profile.ts"

/** How long and how often. */
export interface Plan {
  /** How many rounds for how many questions at a time. */
  readonly rounds: ReadonlyArray<readonly [concurrency: number, rounds: number]>
  /** How long a round is, in milliseconds. */
  readonly milliseconds: number
  /** How many questions everyone asks before anything is measured, so that all is compiled. */
  readonly warmUp: number
  /** The path of the server's that is the base of all requests. @default none */
  readonly base?: string
  /** The names of those whose time is looked into. */
  readonly profiled: ReadonlyArray<string>
}

/** What a question cost a contestant. */
export interface Cost {
  readonly name: string
  readonly concurrency: number
  /** Microseconds of CPU time for a question. */
  readonly cpu: Spread
  /** Questions a second. */
  readonly rate: Spread
  /** The CPU time for a question, as a multiple of the floor's. */
  readonly overFloor: Spread
}

/** What was found. */
export interface Comparison {
  readonly costs: ReadonlyArray<Cost>
  /** Whose code took the time of each contestant, at the concurrency that is profiled. */
  readonly shares: Readonly<Record<string, Shares>>
}

interface Player {
  readonly contestant: Contestant
  readonly worker: Worker<Task, Round>
  rounds: Array<Round>
}

const cpuOf = ({ cpu, questions }: Round): number => (cpu * 1000) / questions

const costsOf = (players: ReadonlyArray<Player>, concurrency: number): ReadonlyArray<Cost> => {
  const cpus = new Map(players.map(({ contestant, rounds }) => [contestant.name, rounds.map(cpuOf)]))
  return players.map(({ contestant: { name, floor }, rounds }) => ({
    name,
    concurrency,
    cpu: spreadOf(cpus.get(name) ?? []),
    rate: spreadOf(rounds.map(({ questions, wall }) => (questions / wall) * 1000)),
    overFloor: ratioOf(cpus.get(name) ?? [], cpus.get(floor) ?? [])
  }))
}

/** Measures the contestants; the floors of all of them must be among them. */
export const compare = async (
  contestants: ReadonlyArray<Contestant>,
  { rounds, milliseconds, warmUp, base = "", profiled }: Plan
): Promise<Comparison> => {
  await using server = Worker.start<"url", string>(new URL("server.ts", import.meta.url), "server")
  const url = `${await server.ask("url")}${base}`
  const players = contestants.map((contestant): Player => {
    const script = new URL("asker.ts", import.meta.url)
    return { contestant, worker: Worker.start(script, "client", [contestant.name, url]), rounds: [] }
  })
  await using stack = new AsyncDisposableStack()
  for (const { worker } of players) stack.use(worker)
  for (const { worker } of players) {
    for (let asked = 0; asked < warmUp;) {
      asked += (await worker.ask({ concurrency: 64, milliseconds: 100 })).questions
    }
  }
  const costs: Array<Cost> = []
  for (const [concurrency, count] of rounds) {
    for (const player of players) player.rounds = []
    // The first round opens the connections, and is not counted.
    for (let round = 0; round <= count; round += 1) {
      const order = round % 2 === 0 ? players : players.toReversed()
      for (const { worker, rounds: done } of order) {
        const result = await worker.ask({ concurrency, milliseconds })
        if (round > 0) done.push(result)
      }
    }
    costs.push(...costsOf(players, concurrency))
  }
  const shares: Record<string, Shares> = {}
  for (const { contestant, worker } of players) {
    if (!profiled.includes(contestant.name)) continue
    const round = await worker.ask({ concurrency: 64, milliseconds: 2000, isProfiled: true })
    shares[contestant.name] = round.shares ?? {}
  }
  return { costs, shares }
}
