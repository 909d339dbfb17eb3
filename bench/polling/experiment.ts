/** Simulates one workload with every policy. */
import { pointOf, requestsAt } from "./Curve.ts"
import type { Point } from "./Curve.ts"
import { optimalPolicy } from "./optimalPolicy.ts"
import { fixed, gentaskPolicies, growing, learned, peerPolicies } from "./policies.ts"
import type { PolicyFamily } from "./policies.ts"
import { makeRandom } from "./random.ts"
import { simulate } from "./simulate.ts"
import type { Cost, NamedPolicy } from "./simulate.ts"
import type { Workload } from "./Workload.ts"

/** The size of a simulation: one vendor for each seed, and the number of tasks of each vendor. */
export interface Size {
  readonly seeds: ReadonlyArray<number>
  readonly tasks: number
}

/** The results of a workload. */
export interface Result {
  readonly name: string
  readonly title: string
  /** The trade-off between lag and requests, by family of policies. */
  readonly curves: Readonly<Record<string, ReadonlyArray<Point>>>
  /** Policies with their defaults. */
  readonly points: ReadonlyArray<Point & { readonly name: string }>
  /** The default policy of gentask, by the number of tasks that ended before. */
  readonly learning: ReadonlyArray<Point & { readonly from: number }>
}

/** The starts of the stages of learning, in numbers of tasks that ended before. */
const stages = [0, 3, 8, 16, 32, 64]

/** The number of durations that the optimal policy knows. */
const knownDurations = 4000

/** Returns a function that simulates the waits with a policy, which starts without knowledge for each vendor. */
const waitsOf = (workload: Workload, { seeds, tasks }: Size) => {
  const lists = seeds.map((seed) => workload.tasks(tasks, makeRandom(seed)))
  return (policyOf: (seed: number) => NamedPolicy): ReadonlyArray<ReadonlyArray<Cost>> =>
    lists.map((list, index) => simulate(list, policyOf(seeds[index] ?? 0), makeRandom(1000 + index)))
}

export const experiment = (workload: Workload, size: Size): Result => {
  const waits = waitsOf(workload, size)
  const sweep = ({ scales, make }: PolicyFamily): ReadonlyArray<Point> =>
    scales.map((scale) => pointOf(scale, waits(() => make(scale)).flat()))
  const plan = (seed: number, cost: number): NamedPolicy => {
    // The same seed creates the same vendor.
    const durations = workload.tasks(knownDurations, makeRandom(seed)).map(({ duration }) => duration)
    const policy = optimalPolicy(
      durations.toSorted((a, b) => a - b),
      cost
    )
    return { name: "optimum", policy: () => policy }
  }
  const byDefault = waits(() => gentaskPolicies[1] as NamedPolicy)
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
    points: [...peerPolicies, ...gentaskPolicies].map((policy) => ({
      name: policy.name,
      ...pointOf(0, waits(() => policy).flat())
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

/** Returns the requests of a point, as a part of those of a fixed interval with the same mean lag. */
export const partOfFixed = ({ curves }: Result, point: Point | undefined): number | undefined => {
  const requests = point === undefined ? undefined : requestsAt(curves["fixed"] ?? [], point.meanLag)
  return point === undefined || requests === undefined ? undefined : point.requests / requests
}
