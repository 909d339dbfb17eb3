import { fixed, growing, growingDefault, learned, learnedDefault, otherClients } from "./candidates.ts"
import type { Family } from "./candidates.ts"
import { optimalPolicy } from "./optimalPolicy.ts"
import { pointOf, requestsAt } from "./Point.ts"
import type { Point } from "./Point.ts"
import { seededRandom } from "./Random.ts"
import { simulate } from "./simulate.ts"
import type { Candidate, PollCost } from "./simulate.ts"
import type { Workload } from "./workloads.ts"

/** The size of a simulation. */
export interface Size {
  /** One vendor is simulated for each seed. */
  readonly seeds: ReadonlyArray<number>
  /** The number of tasks per vendor, which run one after another. */
  readonly tasks: number
}

/** The result of one workload. */
export interface Result {
  readonly name: string
  readonly title: string
  /** The trade-off of each family of policies. */
  readonly curves: Readonly<Record<string, ReadonlyArray<Point>>>
  /** Policies with their default options. */
  readonly points: ReadonlyArray<Point & { readonly name: string }>
  /** The learned policy, by how many tasks of the vendor had ended before (`from` or more). */
  readonly learning: ReadonlyArray<Point & { readonly from: number }>
}

const learningStages = [0, 3, 8, 16, 32, 64]

/** How many durations the optimal policy knows. */
const optimumSampleSize = 4000

/** Returns a function that simulates a candidate, with a new policy for each vendor, and returns the costs per vendor. */
const makeSimulation = (workload: Workload, { seeds, tasks }: Size) => {
  const vendors = seeds.map((seed) => workload.tasks(tasks, seededRandom(seed)))
  return (candidate: (seed: number) => Candidate): ReadonlyArray<ReadonlyArray<PollCost>> =>
    vendors.map((tasks, index) => simulate(tasks, candidate(seeds[index] ?? 0), seededRandom(1000 + index)))
}

/** Simulates all policies on a workload. */
export const runExperiment = (workload: Workload, size: Size): Result => {
  const run = makeSimulation(workload, size)
  const sweep = ({ scales, make }: Family): ReadonlyArray<Point> =>
    scales.map((scale) => pointOf(scale, run(() => make(scale)).flat()))
  const optimum = (seed: number, requestCost: number): Candidate => {
    // The same seed results in the same vendor.
    const tasks = workload.tasks(optimumSampleSize, seededRandom(seed))
    const durations = tasks.map(({ durationMs }) => durationMs).toSorted((a, b) => a - b)
    const policy = optimalPolicy(durations, requestCost)
    return { name: "optimum", policy: () => policy }
  }
  const learnedCosts = run(() => learnedDefault)
  return {
    name: workload.name,
    title: workload.title,
    curves: {
      fixed: sweep(fixed),
      growing: sweep(growing),
      learned: sweep(learned),
      ...(workload.hasOptimum
        ? { optimum: learned.scales.map((cost) => pointOf(cost, run((seed) => optimum(seed, cost)).flat())) }
        : {})
    },
    points: [...otherClients, growingDefault, learnedDefault].map((candidate) => ({
      name: candidate.name,
      ...pointOf(0, run(() => candidate).flat())
    })),
    learning: learningStages.map((from, index) => ({
      from,
      ...pointOf(
        0,
        learnedCosts.flatMap((costs) => costs.slice(from, learningStages[index + 1] ?? costs.length))
      )
    }))
  }
}

/**
 * Returns the requests of a point, divided by those of the fixed interval with the same mean lag.
 *
 * @returns Undefined if no simulated interval has this mean lag.
 */
export const ratioToFixed = ({ curves }: Result, point: Point | undefined): number | undefined => {
  if (point === undefined) return undefined
  const requests = requestsAt(curves["fixed"] ?? [], point.meanLag)
  return requests === undefined ? undefined : point.requests / requests
}
