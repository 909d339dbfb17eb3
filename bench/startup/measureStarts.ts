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

/** The duration of a program. */
export interface Start {
  readonly name: string
  /** The time from start to exit, in milliseconds. */
  readonly wall: Spread
  /** The CPU time of the process, in milliseconds. */
  readonly cpu: Spread
  /** The time as a multiple of that of the first program, round by round. */
  readonly overFirst: Spread
}

/** A Bash script that prints the real, user and system time of a command, to the millisecond. */
const timed = 'TIMEFORMAT="%3R %3U %3S"; time "$@" > /dev/null 2> /dev/null || echo failed'

// Not pinned to a core: Node starts several threads, and a user's command has all cores.
const run = ({ name, args, cwd, env }: Program): { readonly wall: number; readonly cpu: number } => {
  const output = execFileSync("bash", ["-c", `{ ${timed}; } 2>&1`, "bash", process.execPath, ...args], {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8"
  })
  const times = /([\d.]+) ([\d.]+) ([\d.]+)/.exec(output)
  if (times === null || output.includes("failed")) throw new Error(`${name} failed: ${output.trim()}`)
  const [real, user, system] = times.slice(1).map((text) => Number(text) * 1000) as [number, number, number]
  return { wall: real, cpu: user + system }
}

/** Runs programs in turns, and measures each. A first round, which fills caches, is not counted. */
export const measureStarts = (programs: ReadonlyArray<Program>, rounds: number): ReadonlyArray<Start> => {
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
