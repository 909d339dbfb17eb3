/** Times of operations that take turns in one process. */
import { spreadOf } from "./Spread.ts"
import type { Spread } from "./Spread.ts"

/** An operation to measure. */
export interface Operation {
  readonly name: string
  readonly run: () => Promise<unknown> | void
}

/** How long one run took, in milliseconds. */
export interface Time {
  readonly wall: number
  readonly cpu: number
}

/** The times of an operation. */
export interface Timing {
  readonly name: string
  readonly wall: Spread
  readonly cpu: Spread
}

/** Measures one run. */
export const time = async (run: Operation["run"]): Promise<Time> => {
  const [start, cpuStart] = [performance.now(), process.cpuUsage()]
  await run()
  const { user, system } = process.cpuUsage(cpuStart)
  return { wall: performance.now() - start, cpu: (user + system) / 1000 }
}

/** Returns the spread of the times of an operation. */
export const timingOf = (name: string, times: ReadonlyArray<Time>): Timing => ({
  name,
  wall: spreadOf(times.map(({ wall }) => wall)),
  cpu: spreadOf(times.map(({ cpu }) => cpu))
})

/** Runs all operations in turn, round by round. */
export const measureTimes = async (
  operations: ReadonlyArray<Operation>,
  rounds: number
): Promise<ReadonlyArray<ReadonlyArray<Time>>> => {
  const times = operations.map((): Array<Time> => [])
  for (let round = 0; round < rounds; round += 1)
    for (const [index, { run }] of operations.entries()) times[index]?.push(await time(run))
  return times
}
