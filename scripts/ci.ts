/**
 * Runs every test and check, and ends with a line "N passed, N failed", which counts both. Dependencies must be
 * installed and packages built; `.ci/run` does both first. With `--no-tests`, only the checks run.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { availableParallelism } from "node:os"
import { runTests } from "./runTests.ts"
import type { TestProject } from "./runTests.ts"

interface Result {
  readonly passed: number
  readonly failed: number
  readonly output: string
  /** The slowest test files. */
  readonly slowest?: string
}

interface Job {
  readonly name: string
  /** Prints the output even if the job passes. */
  readonly isVerbose?: boolean
  readonly run: () => Promise<Result>
}

/** A job that runs a script of `package.json` and passes if it exits with 0. */
const script = (name: string, ...args: ReadonlyArray<string>): Job => ({
  name,
  run: async () => {
    const child = spawn("pnpm", ["run", name, ...args], { stdio: ["ignore", "pipe", "pipe"] })
    let output = ""
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => (output += chunk))
    const [status] = (await once(child, "close")) as [number | null]
    return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, output }
  }
})

const tests = (project: TestProject, ...args: ReadonlyArray<string>): Job => ({
  name: `test:${project}`,
  run: () => runTests([project], { args, capture: true })
})

const checks: ReadonlyArray<Job> = [
  script("check:types"),
  script("check:lint"),
  script("check:format"),
  script("check:unused"),
  script("check:boundaries"),
  script("check:workflows"),
  script("check:api"),
  script("check:providers"),
  script("mcp:conformance"),
  script("check:models"),
  { ...script("check:packages"), isVerbose: true },
  { ...script("footprint", "jimmy"), isVerbose: true },
  script("test:nodes")
]

/** Jobs that measure time or memory. Nothing else runs at the same time. */
const measurements: ReadonlyArray<Job> = [
  tests("perf"),
  // Prints ratios for people to read. It fails only if it cannot measure.
  { ...script("bench:guard"), isVerbose: true }
]

process.env["NO_COLOR"] = "1"
let passed = 0
let failed = 0

/** Runs jobs one after another. */
const runJobs = async (jobs: ReadonlyArray<Job>): Promise<void> => {
  for (const { name, isVerbose = false, run } of jobs) {
    const start = performance.now()
    const result = await run()
    passed += result.passed
    failed += result.failed
    const seconds = ((performance.now() - start) / 1000).toFixed(0)
    console.log(`${result.failed === 0 ? "ok  " : "FAIL"}  ${name} (${seconds} s)`)
    if (result.slowest !== undefined) console.log(`      slowest: ${result.slowest}`)
    if (isVerbose || result.failed > 0) console.log(`\n${result.output.trim()}\n`)
  }
}

if (process.argv.includes("--no-tests")) {
  await runJobs(checks)
} else {
  // Many tests wait for timers and child processes, which leaves time for the checks and for further workers.
  const workers = `--maxWorkers=${availableParallelism() + 2}`
  await Promise.all([runJobs([tests("unit"), tests("e2e", workers)]), runJobs(checks)])
  await runJobs(measurements)
}
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
