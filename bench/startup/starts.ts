/** Starts programs in turns, and takes the time of each from its start to its end. */
import { execFileSync } from "node:child_process"
import { ratioOf, spreadOf } from "../measure/Spread.ts"
import type { Spread } from "../measure/Spread.ts"

/** A program to start. */
export interface Program {
  readonly name: string
  readonly args: ReadonlyArray<string>
  readonly cwd: string
  readonly env?: Readonly<Record<string, string>>
}

/** How long a program took. */
export interface Start {
  readonly name: string
  /** In milliseconds. */
  readonly wall: Spread
  /** Of the whole process, in milliseconds. */
  readonly cpu: Spread
  /** The wall time, as a multiple of the first program's, round by round. */
  readonly overFirst: Spread
}

/** Bash tells the times of a child to the millisecond. */
const timed = 'TIMEFORMAT="%3R %3U %3S"; time "$@" > /dev/null 2> /dev/null || echo failed'

// Not kept to one core: Node starts with several threads, and whoever starts a command has all cores.
const run = ({ name, args, cwd, env }: Program): { readonly wall: number; readonly cpu: number } => {
  const output = execFileSync("bash", ["-c", `{ ${timed}; } 2>&1`, "bash", process.execPath, ...args], {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8"
  })
  const times = /([\d.]+) ([\d.]+) ([\d.]+)/.exec(output)
  if (times === null || output.includes("failed")) throw new Error(`${name} failed: ${output}`)
  const [real, user, system] = times.slice(1).map((text) => Number(text) * 1000) as [number, number, number]
  return { wall: real, cpu: user + system }
}

/** Starts each program once for the caches, and then in so many rounds. */
export const starts = (programs: ReadonlyArray<Program>, rounds: number): ReadonlyArray<Start> => {
  const times = new Map(programs.map((program) => [program, [] as Array<ReturnType<typeof run>>]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const program of round % 2 === 0 ? programs : programs.toReversed()) {
      const time = run(program)
      if (round > 0) times.get(program)?.push(time)
    }
  }
  const walls = programs.map((program) => (times.get(program) ?? []).map(({ wall }) => wall))
  return programs.map((program, index) => ({
    name: program.name,
    wall: spreadOf(walls[index] ?? []),
    cpu: spreadOf((times.get(program) ?? []).map(({ cpu }) => cpu)),
    overFirst: ratioOf(walls[index] ?? [], walls[0] ?? [])
  }))
}
