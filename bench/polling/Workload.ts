/** How long tasks take, and what the vendor says of their progress meanwhile. */
import { randomLogNormal, randomPareto, randomUniform } from "d3-random"
import type { Dice } from "./Dice.ts"

/** One task. Times are milliseconds. */
export interface SimulatedTask {
  readonly duration: number
  /** From 0 to 1 by the task's age; null where the vendor tells none. */
  readonly progress: (age: number) => number | null
}

/** Tasks of one vendor's model, one after another. */
export interface Workload {
  readonly name: string
  readonly title: string
  /** Whether the vendor stays as it is and tells no progress: only then is there one best plan. */
  readonly isPlain: boolean
  readonly tasks: (count: number, dice: Dice) => ReadonlyArray<SimulatedTask>
}

const second = 1000
const silent = (): null => null

/** Another vendor for each seed, up to a quarter faster or slower: no fixed interval fits all of them by chance. */
const paceOf = (dice: Dice): number => Math.exp(randomUniform.source(dice)(-0.22, 0.22)())

/** A length of time around a median in seconds; the larger sigma, the wider. */
const around = (median: number, sigma: number, dice: Dice): (() => number) =>
  randomLogNormal.source(dice)(Math.log(median * second), sigma)

const drawn =
  (draw: (dice: Dice) => () => number): Workload["tasks"] =>
  (count, dice) => {
    const pace = paceOf(dice)
    const duration = draw(dice)
    return Array.from({ length: count }, () => ({ duration: pace * duration(), progress: silent }))
  }

const plain = (name: string, title: string, draw: (dice: Dice) => () => number): Workload => ({
  name,
  title,
  isPlain: true,
  tasks: drawn(draw)
})

/** The pace changes from task to task: `factor` answers it by the part of the run that is over. */
const drifting = (name: string, title: string, factor: (part: number) => number): Workload => ({
  name,
  title,
  isPlain: false,
  tasks: (count, dice) => {
    const pace = paceOf(dice)
    const duration = around(60, 0.2, dice)
    return Array.from({ length: count }, (_, index) => ({
      duration: pace * factor(index / count) * duration(),
      progress: silent
    }))
  }
})

const percents = (progress: number): number => Math.floor(100 * Math.min(1, progress)) / 100

/** Tasks of very different lengths, with progress by the part of the task that is over. */
const telling = (
  name: string,
  title: string,
  sigma: number,
  progressOf: (dice: Dice) => (part: number) => number,
  queue: (dice: Dice) => number = () => 0
): Workload => ({
  name,
  title,
  isPlain: false,
  tasks: (count, dice) => {
    const pace = paceOf(dice)
    const running = around(60, sigma, dice)
    return Array.from({ length: count }, () => {
      const queued = pace * queue(dice)
      const length = pace * running()
      const progress = progressOf(dice)
      return {
        duration: queued + length,
        progress: (age) => (age < queued ? 0 : percents(progress((age - queued) / length)))
      }
    })
  }
})

/** Progress as a relay makes it up: so much when it is submitted, queued and running, and no more. */
const madeUp = (part: number): number => (part < 0.02 ? 0.1 : part < 0.1 ? 0.2 : 0.3)

/** Progress that hurries to nine tenths and stays there. */
const hasty = (part: number): number => Math.min(0.9, 1.8 * part)

export const workloads: ReadonlyArray<Workload> = [
  ...[0.05, 0.1, 0.2, 0.3, 0.5, 1].map((sigma) =>
    plain(`lognormal-${sigma}`, `log-normal around 60 s, sigma ${sigma}`, (dice) => around(60, sigma, dice))
  ),
  plain("short", "log-normal around 10 s, sigma 0.3", (dice) => around(10, 0.3, dice)),
  plain("long", "log-normal around 600 s, sigma 0.3", (dice) => around(600, 0.3, dice)),
  plain("bimodal", "70 % around 20 s, 30 % around 90 s, sigma 0.1 each", (dice) => {
    const [quick, slow] = [around(20, 0.1, dice), around(90, 0.1, dice)]
    return () => (dice() < 0.7 ? quick() : slow())
  }),
  plain("pareto", "heavy-tailed: Pareto from 20 s, alpha 1.5", (dice) => {
    const draw = randomPareto.source(dice)(1.5)
    return () => 20 * second * draw()
  }),
  plain("failing", "a tenth fails within 5 s, the others around 60 s, sigma 0.2", (dice) => {
    const [failing, working] = [randomUniform.source(dice)(0.5 * second, 5 * second), around(60, 0.2, dice)]
    return () => (dice() < 0.1 ? failing() : working())
  }),
  drifting("step", "twice as slow from the first third on, as before from the second on, sigma 0.2", (part) =>
    part > 1 / 3 && part < 2 / 3 ? 2 : 1
  ),
  drifting("swing", "slower and faster by half, three times over, sigma 0.2", (part) =>
    Math.exp(0.4 * Math.sin(2 * Math.PI * 3 * part))
  ),
  telling("even-0.3", "sigma 0.3, with even progress", 0.3, () => (part) => part),
  telling("even-1", "sigma 1, with even progress", 1, () => (part) => part),
  telling("uneven-0.5", "sigma 0.5, with uneven progress", 0.5, (dice) => {
    const bend = Math.exp(randomUniform.source(dice)(-0.4, 0.4)())
    return (part) => part ** bend
  }),
  telling(
    "queued-0.3",
    "sigma 0.3, with even progress after a queue of 0 to 30 s",
    0.3,
    () => (part) => part,
    (dice) => 30 * second * dice()
  ),
  telling("made-up-0.3", "sigma 0.3, with progress that is made up", 0.3, () => madeUp),
  telling("hasty-0.3", "sigma 0.3, with progress that stays at 90 %", 0.3, () => hasty)
]
