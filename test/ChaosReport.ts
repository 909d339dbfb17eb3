/** The counts of a chaos run. */
import type { FaultStats } from "@gentask/emulator"
import type { Interruption } from "./contendedSave.ts"

/** The counts of a run. */
export interface ChaosReport {
  readonly tasks: number
  /** Tasks whose status was that of the script. */
  readonly correct: number
  /** A description of every other task. */
  readonly incorrect: ReadonlyArray<string>
  /** Tasks whose folder contained each output once and completely, with its source in the manifest. */
  readonly saved: number
  /** The files of these tasks. */
  readonly files: number
  /** A description of what is wrong in every other folder. */
  readonly unsaved: ReadonlyArray<string>
  /** How often a saver was interrupted, and another one saved each output once. */
  readonly interrupted: Readonly<Record<Interruption, number>>
  /** How often each fault was injected. */
  readonly injected: FaultStats
  /** How often the client saw each fault in the head of a response. */
  readonly observed: Readonly<Record<"queries" | "media", Readonly<Record<string, number>>>>
  /** The largest share of a rate limit that the emulator counted. 1 is the limit. */
  readonly peakRate: number
  /** Requests that the client started before the delay of a received 429 had passed. */
  readonly earlyRequests: number
  readonly seconds: number
}

const print = (name: string, value: string | number): void => console.log(`${name.padEnd(44)} ${value}`)

const printCounts = (title: string, counts: Readonly<Record<string, number | undefined>>): void => {
  console.log(`\n${title}`)
  for (const [name, count = 0] of Object.entries(counts).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    print(`  ${name}`, count)
}

/** Prints the counts of a run, and the first descriptions of what is wrong. */
export const printChaosReport = (report: ChaosReport, seed: number): void => {
  const { injected, observed, interrupted } = report
  const share = ((100 * injected.faulted) / injected.requests).toFixed(1)
  print("tasks", `${report.tasks}, seed ${seed}`)
  print("exchanges", `${injected.requests}, ${injected.faulted} of them disturbed (${share} %)`)
  print("correct statuses", `${report.correct} of ${report.tasks}`)
  print("saved tasks", `${report.saved} with ${report.files} files, ${report.unsaved.length} problems`)
  print("killed savers with others waiting", interrupted.killed)
  print("suspended savers with others waiting", interrupted.suspended)
  print("peak rate", `${(100 * report.peakRate).toFixed(0)} % of the limit`)
  print("early requests", report.earlyRequests)
  print("seconds", report.seconds.toFixed(1))
  printCounts("injected into queries", injected.queries.byFault)
  printCounts("injected into downloads", injected.media.byFault)
  printCounts("seen by the client in queries", observed.queries)
  printCounts("seen by the client in downloads", observed.media)
  for (const line of [...report.incorrect, ...report.unsaved].slice(0, 20)) console.log(`  ${line}`)
}
