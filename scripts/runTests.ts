import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFile } from "node:fs/promises"
import { join, relative } from "node:path"
import { text } from "node:stream/consumers"
import { temporaryFolder } from "../tooling/temporaryFolder.ts"

/** The projects of `vitest.config.ts`. */
export type TestProject = "unit" | "e2e" | "perf"

export interface TestResult {
  readonly passed: number
  readonly failed: number
  /** What vitest printed; empty if it was printed directly. */
  readonly output: string
  /** The slowest test files, as a list for people to read. */
  readonly slowest: string
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: ReadonlyArray<{
    /** The path of the file. */
    readonly name: string
    readonly startTime: number
    readonly endTime: number
    readonly status: string
    readonly assertionResults: ReadonlyArray<unknown>
  }>
}

/** Counts results. A file that cannot be loaded has no tests, and counts as one failure. */
const countResults = (report: Report): { readonly passed: number; readonly failed: number } => {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + brokenFiles.length }
}

const shownFiles = 8

const slowestOf = ({ testResults }: Report): string =>
  testResults
    .map(({ name, startTime, endTime }) => ({ name, seconds: Math.round((endTime - startTime) / 1000) }))
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, shownFiles)
    .map(({ name, seconds }) => `${relative(process.cwd(), name)} ${seconds} s`)
    .join(", ")

/** Runs the tests of some projects. Prints vitest's output as it arrives, or returns it if `capture` is set. */
export const runTests = async (
  projects: ReadonlyArray<TestProject>,
  { args = [], capture = false }: { readonly args?: ReadonlyArray<string>; readonly capture?: boolean } = {}
): Promise<TestResult> => {
  await using folder = await temporaryFolder()
  const report = join(folder.path, "report.json")
  const child = spawn(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      ...projects.map((project) => `--project=${project}`),
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...args
    ],
    { stdio: ["ignore", capture ? "pipe" : "inherit", capture ? "pipe" : "inherit"] }
  )
  const exited = once(child, "exit")
  const output = [child.stdout, child.stderr].map((stream) => (stream === null ? "" : text(stream)))
  const [[status], ...parts] = await Promise.all([exited, ...output])
  const result = await readFile(report, "utf8").then(
    (content) => {
      const parsed = JSON.parse(content) as Report
      return { ...countResults(parsed), slowest: slowestOf(parsed) }
    },
    () => ({ passed: 0, failed: 1, slowest: "" })
  )
  return {
    passed: result.passed,
    // An error outside of all tests fails the run, although no test failed.
    failed: status === 0 ? result.failed : Math.max(1, result.failed),
    output: parts.join(""),
    slowest: result.slowest
  }
}
