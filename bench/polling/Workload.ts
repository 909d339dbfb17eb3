/** Simulated tasks: their durations, and the progress that the vendor reports. */
import { randomLogNormal, randomPareto, randomUniform } from "d3-random"
import type { Random } from "./random.ts"

/** One task. Times are milliseconds. */
export interface SimulatedTask {
  readonly duration: number
  /** Returns the progress at an age, from 0 to 1; null if the vendor does not report it. */
  readonly progress: (age: number) => number | null
}

/** The tasks of one model of a vendor, in order. */
export interface Workload {
  readonly name: string
  readonly title: string
  /** Whether durations do not drift and progress is not reported. Only then one policy is optimal. */
  readonly isPlain: boolean
  readonly tasks: (count: number, random: Random) => ReadonlyArray<SimulatedTask>
}

const second = 1000
const noProgress = (): null => null

/** Makes each seed up to a quarter faster or slower, so that no fixed interval fits all seeds by chance. */
const speedFactorOf = (random: Random): number => Math.exp(randomUniform.source(random)(-0.22, 0.22)())

/** Draws log-normal durations around a median in seconds. */
const around = (median: number, sigma: number, random: Random): (() => number) =>
  randomLogNormal.source(random)(Math.log(median * second), sigma)

const drawn =
  (draw: (random: Random) => () => number): Workload["tasks"] =>
  (count, random) => {
    const pace = speedFactorOf(random)
    const duration = draw(random)
    return Array.from({ length: count }, () => ({ duration: pace * duration(), progress: noProgress }))
  }

const plain = (name: string, title: string, draw: (random: Random) => () => number): Workload => ({
  name,
  title,
  isPlain: true,
  tasks: drawn(draw)
})

/** Durations change from task to task: `factor` returns a factor by the completed part of the run. */
const drifting = (name: string, title: string, factor: (part: number) => number): Workload => ({
  name,
  title,
  isPlain: false,
  tasks: (count, random) => {
    const pace = speedFactorOf(random)
    const duration = around(60, 0.2, random)
    return Array.from({ length: count }, (_, index) => ({
      duration: pace * factor(index / count) * duration(),
      progress: noProgress
    }))
  }
})

const percents = (progress: number): number => Math.floor(100 * Math.min(1, progress)) / 100

/** The vendor reports progress, which `progressOf` returns by the completed part of a task. */
const withProgress = (
  name: string,
  title: string,
  sigma: number,
  progressOf: (random: Random) => (part: number) => number,
  queue: (random: Random) => number = () => 0
): Workload => ({
  name,
  title,
  isPlain: false,
  tasks: (count, random) => {
    const pace = speedFactorOf(random)
    const running = around(60, sigma, random)
    return Array.from({ length: count }, () => {
      const queued = pace * queue(random)
      const length = pace * running()
      const progress = progressOf(random)
      return {
        duration: queued + length,
        progress: (age) => (age < queued ? 0 : percents(progress((age - queued) / length)))
      }
    })
  }
})

/** Invented progress of a relay: a constant for each of submitted, queued and running. */
const inventedProgress = (part: number): number => (part < 0.02 ? 0.1 : part < 0.1 ? 0.2 : 0.3)

/** Progress that reaches nine tenths too early and stays there. */
const earlyProgress = (part: number): number => Math.min(0.9, 1.8 * part)

export const workloads: ReadonlyArray<Workload> = [
  ...[0.05, 0.1, 0.2, 0.3, 0.5, 1].map((sigma) =>
    plain(`lognormal-${sigma}`, `log-normal around 60 s, sigma ${sigma}`, (random) =>
      around(60, sigma, random)
    )
  ),
  plain("short", "log-normal around 10 s, sigma 0.3", (random) => around(10, 0.3, random)),
  plain("long", "log-normal around 600 s, sigma 0.3", (random) => around(600, 0.3, random)),
  plain("bimodal", "70 % around 20 s, 30 % around 90 s, sigma 0.1 each", (random) => {
    const [quick, slow] = [around(20, 0.1, random), around(90, 0.1, random)]
    return () => (random() < 0.7 ? quick() : slow())
  }),
  plain("pareto", "heavy-tailed: Pareto from 20 s, alpha 1.5", (random) => {
    const draw = randomPareto.source(random)(1.5)
    return () => 20 * second * draw()
  }),
  plain("failing", "a tenth fails within 5 s, the others around 60 s, sigma 0.2", (random) => {
    const [failing, working] = [
      randomUniform.source(random)(0.5 * second, 5 * second),
      around(60, 0.2, random)
    ]
    return () => (random() < 0.1 ? failing() : working())
  }),
  drifting("step", "twice as slow in the second third of the tasks, sigma 0.2", (part) =>
    part > 1 / 3 && part < 2 / 3 ? 2 : 1
  ),
  drifting("swing", "slower and faster by half in three cycles, sigma 0.2", (part) =>
    Math.exp(0.4 * Math.sin(2 * Math.PI * 3 * part))
  ),
  withProgress("even-0.3", "sigma 0.3, with even progress", 0.3, () => (part) => part),
  withProgress("even-1", "sigma 1, with even progress", 1, () => (part) => part),
  withProgress("uneven-0.5", "sigma 0.5, with uneven progress", 0.5, (random) => {
    const bend = Math.exp(randomUniform.source(random)(-0.4, 0.4)())
    return (part) => part ** bend
  }),
  withProgress(
    "queued-0.3",
    "sigma 0.3, with even progress after a queue of 0 to 30 s",
    0.3,
    () => (part) => part,
    (random) => 30 * second * random()
  ),
  withProgress("made-up-0.3", "sigma 0.3, with invented progress", 0.3, () => inventedProgress),
  withProgress("hasty-0.3", "sigma 0.3, with progress that stays at 90 %", 0.3, () => earlyProgress)
]
