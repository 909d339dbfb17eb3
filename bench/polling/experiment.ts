/** One workload, waited for by every policy. */
import { pointOf, requestsAt } from "./Curve.ts"
import type { Point } from "./Curve.ts"
import { diceOf } from "./Dice.ts"
import { optimum } from "./Optimum.ts"
import { simulate } from "./simulate.ts"
import type { Cost, Waiter } from "./simulate.ts"
import { fixed, growing, learned, ours, peers } from "./waiters.ts"
import type { Family } from "./waiters.ts"
import type { Workload } from "./Workload.ts"

/** How much is simulated: so many vendors, one for each seed, and so many tasks of each, one after another. */
export interface Size {
  readonly seeds: ReadonlyArray<number>
  readonly tasks: number
}

/** What came of a workload. */
export interface Result {
  readonly name: string
  readonly title: string
  /** Trade-offs, by family. */
  readonly curves: Readonly<Record<string, ReadonlyArray<Point>>>
  /** Policies as they come. */
  readonly points: ReadonlyArray<Point & { readonly name: string }>
  /** gentask's default by how many tasks of the vendor had ended before. */
  readonly learning: ReadonlyArray<Point & { readonly from: number }>
}

/** Where the stages of learning begin, in tasks that ended before. */
const stages = [0, 3, 8, 16, 32, 64]

/** How many durations the optimum knows beforehand. */
const knownBeforehand = 4000

/** Each vendor begins with nothing known. */
const waitsOf = (workload: Workload, { seeds, tasks }: Size) => {
  const lists = seeds.map((seed) => workload.tasks(tasks, diceOf(seed)))
  return (waiter: (seed: number) => Waiter): ReadonlyArray<ReadonlyArray<Cost>> =>
    lists.map((list, index) => simulate(list, waiter(seeds[index] ?? 0), diceOf(1000 + index)))
}

export const experiment = (workload: Workload, size: Size): Result => {
  const waits = waitsOf(workload, size)
  const sweep = ({ scales, make }: Family): ReadonlyArray<Point> =>
    scales.map((scale) => pointOf(scale, waits(() => make(scale)).flat()))
  const plan = (seed: number, cost: number): Waiter => {
    // The same seed and the same vendor.
    const lengths = workload.tasks(knownBeforehand, diceOf(seed)).map(({ duration }) => duration)
    const policy = optimum(
      lengths.toSorted((one, other) => one - other),
      cost
    )
    return { name: "optimum", policy: () => policy }
  }
  const byDefault = waits(() => ours[1] as Waiter)
  return {
    name: workload.name,
    title: workload.title,
    curves: {
      fixed: sweep(fixed),
      growing: sweep(growing),
      learned: sweep(learned),
      ...(workload.isPlain
        ? {
            optimum: learned.scales.map((cost) => pointOf(cost, waits((seed) => plan(seed, cost)).flat()))
          }
        : {})
    },
    points: [...peers, ...ours].map((waiter) => ({
      name: waiter.name,
      ...pointOf(0, waits(() => waiter).flat())
    })),
    learning: stages.map((from, index) => ({
      from,
      ...pointOf(
        0,
        byDefault.flatMap((costs) => costs.slice(from, stages[index + 1] ?? costs.length))
      )
    }))
  }
}

/** A point's requests as a part of those of the fixed interval of the same mean lag. */
export const partOfFixed = ({ curves }: Result, point: Point | undefined): number | undefined => {
  const requests = point === undefined ? undefined : requestsAt(curves["fixed"] ?? [], point.meanLag)
  return point === undefined || requests === undefined ? undefined : point.requests / requests
}
