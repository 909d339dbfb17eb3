import { randomLogNormal, randomPareto, randomUniform } from "d3-random"
import type { Random } from "./Random.ts"

/** A task with a known duration. */
export interface SimulatedTask {
  readonly durationMs: number
  /** Returns the progress at an age in milliseconds, from 0 to 1. Null if the vendor reports none. */
  readonly progress: (ageMs: number) => number | null
}

/** Tasks of one model of a vendor, one after another. */
export interface Workload {
  readonly name: string
  readonly title: string
  /** Whether the distribution does not change and there is no progress. Only then is one policy optimal. */
  readonly hasOptimum: boolean
  readonly tasks: (count: number, random: Random) => ReadonlyArray<SimulatedTask>
}

/** Returns durations in milliseconds. */
type Sampler = () => number

const second = 1000
const noProgress = (): null => null

/** Makes each vendor up to 25 % faster or slower. Otherwise one fixed interval might suit all of them by chance. */
const randomPace = (random: Random): number => Math.exp(randomUniform.source(random)(-0.22, 0.22)())

const logNormal = (medianSeconds: number, sigma: number, random: Random): Sampler =>
  randomLogNormal.source(random)(Math.log(medianSeconds * second), sigma)

/** Durations of one distribution, without progress. */
const stationary = (name: string, title: string, makeSampler: (random: Random) => Sampler): Workload => ({
  name,
  title,
  hasOptimum: true,
  tasks: (count, random) => {
    const pace = randomPace(random)
    const sample = makeSampler(random)
    return Array.from({ length: count }, () => ({ durationMs: pace * sample(), progress: noProgress }))
  }
})

/** Durations that change with time. `factor` receives which fraction of the tasks has ended. */
const drifting = (name: string, title: string, factor: (fraction: number) => number): Workload => ({
  name,
  title,
  hasOptimum: false,
  tasks: (count, random) => {
    const pace = randomPace(random)
    const sample = logNormal(60, 0.2, random)
    return Array.from({ length: count }, (_, index) => ({
      durationMs: pace * factor(index / count) * sample(),
      progress: noProgress
    }))
  }
})

const toPercent = (progress: number): number => Math.floor(100 * Math.min(1, progress)) / 100

/**
 * Tasks with progress.
 *
 * @param makeProgress Creates a function from the elapsed fraction of the duration to the progress.
 * @param queueMs How long a task is queued before it starts.
 */
const withProgress = (
  name: string,
  title: string,
  sigma: number,
  makeProgress: (random: Random) => (fraction: number) => number,
  queueMs: (random: Random) => number = () => 0
): Workload => ({
  name,
  title,
  hasOptimum: false,
  tasks: (count, random) => {
    const pace = randomPace(random)
    const sample = logNormal(60, sigma, random)
    return Array.from({ length: count }, () => {
      const queuedMs = pace * queueMs(random)
      const runningMs = pace * sample()
      const progress = makeProgress(random)
      return {
        durationMs: queuedMs + runningMs,
        progress: (ageMs) => (ageMs < queuedMs ? 0 : toPercent(progress((ageMs - queuedMs) / runningMs)))
      }
    })
  }
})

const linear = (fraction: number): number => fraction

/** Some relays derive the progress from the status: 10 % submitted, 20 % queued, 30 % running. */
const byStatus = (fraction: number): number => (fraction < 0.02 ? 0.1 : fraction < 0.1 ? 0.2 : 0.3)

const stopsAt90 = (fraction: number): number => Math.min(0.9, 1.8 * fraction)

export const workloads: ReadonlyArray<Workload> = [
  ...[0.05, 0.1, 0.2, 0.3, 0.5, 1].map((sigma) =>
    stationary(`lognormal-${sigma}`, `log-normal around 60 s, sigma ${sigma}`, (random) =>
      logNormal(60, sigma, random)
    )
  ),
  stationary("short", "log-normal around 10 s, sigma 0.3", (random) => logNormal(10, 0.3, random)),
  stationary("long", "log-normal around 600 s, sigma 0.3", (random) => logNormal(600, 0.3, random)),
  stationary("bimodal", "70 % around 20 s, 30 % around 90 s, sigma 0.1 each", (random) => {
    const [fast, slow] = [logNormal(20, 0.1, random), logNormal(90, 0.1, random)]
    return () => (random() < 0.7 ? fast() : slow())
  }),
  stationary("pareto", "heavy-tailed: Pareto from 20 s, alpha 1.5", (random) => {
    const sample = randomPareto.source(random)(1.5)
    return () => 20 * second * sample()
  }),
  stationary("failing", "10 % fail within 5 s, 90 % around 60 s, sigma 0.2", (random) => {
    const failing = randomUniform.source(random)(0.5 * second, 5 * second)
    const succeeding = logNormal(60, 0.2, random)
    return () => (random() < 0.1 ? failing() : succeeding())
  }),
  drifting("step", "twice as slow in the middle third, sigma 0.2", (fraction) =>
    fraction > 1 / 3 && fraction < 2 / 3 ? 2 : 1
  ),
  drifting("swing", "up to half slower and faster in three cycles, sigma 0.2", (fraction) =>
    Math.exp(0.4 * Math.sin(2 * Math.PI * 3 * fraction))
  ),
  withProgress("even-0.3", "sigma 0.3, linear progress", 0.3, () => linear),
  withProgress("even-1", "sigma 1, linear progress", 1, () => linear),
  withProgress("uneven-0.5", "sigma 0.5, nonlinear progress", 0.5, (random) => {
    const exponent = Math.exp(randomUniform.source(random)(-0.4, 0.4)())
    return (fraction) => fraction ** exponent
  }),
  withProgress(
    "queued-0.3",
    "sigma 0.3, linear progress after a queue of 0 to 30 s",
    0.3,
    () => linear,
    (random) => 30 * second * random()
  ),
  withProgress("made-up-0.3", "sigma 0.3, progress that depends on the status alone", 0.3, () => byStatus),
  withProgress("hasty-0.3", "sigma 0.3, progress that stops at 90 %", 0.3, () => stopsAt90)
]
