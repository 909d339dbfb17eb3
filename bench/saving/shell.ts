import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { text } from "node:stream/consumers"
import { setTimeout as delay } from "node:timers/promises"
import type { SavingRun } from "./SavingRun.ts"

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8")
  } catch {
    // The process has exited, or the system has no such file.
    return ""
  }
}

/** Returns the peak memory of the programs that a shell has started, in bytes. */
const peakMemoryOf = (shell: number): number => {
  const children = read(`/proc/${shell}/task/${shell}/children`).split(" ").filter(Boolean)
  const peaks = children.map((child) => {
    const peak = /VmHWM:\s+(\d+) kB/.exec(read(`/proc/${child}/status`))
    return Number(peak?.[1] ?? 0) * 1024
  })
  return Math.max(0, ...peaks)
}

/** Runs a command line in bash, and measures the programs that it starts. */
export const shell = async (
  line: string,
  dir: string,
  env: Readonly<Record<string, string>> = {}
): Promise<SavingRun> => {
  const timed = `TIMEFORMAT="%3R %3U %3S"; { time { ${line}; } > /dev/null 2> /dev/null || echo failed; } 2>&1`
  const child = spawn("bash", ["-c", timed], {
    cwd: dir,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"]
  })
  let memory = 0
  const exited = once(child, "exit")
  const sampling = (async () => {
    while (child.exitCode === null) {
      memory = Math.max(memory, peakMemoryOf(child.pid ?? 0))
      await Promise.race([delay(20), exited])
    }
  })()
  const output = await text(child.stdout)
  await sampling
  const times = /([\d.]+) ([\d.]+) ([\d.]+)/.exec(output)
  if (times === null || output.includes("failed")) throw new Error(`${line} failed: ${output}`)
  const [real, user, system] = times.slice(1).map((time) => Number(time) * 1000) as [number, number, number]
  return { wall: real, cpu: user + system, peakMemory: memory }
}
