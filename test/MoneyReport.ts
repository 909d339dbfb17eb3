/** The counts of a money run. */

/** The counts of a run. */
export interface MoneyReport {
  readonly submits: number
  /** Submits without an intent in the ledger. */
  readonly missing: number
  /** Requests that the emulator received. */
  readonly posts: number
  /** How many of them were disturbed. */
  readonly faults: number
  /** The number of intents in each state. */
  readonly outcomes: Readonly<Record<string, number>>
  /** The number of requests for each fault, and the state of their intent. */
  readonly byFault: Readonly<Record<string, number>>
  /** Processes that were killed. */
  readonly killed: number
  /** The results of reconciling all intents without an outcome. */
  readonly reconciled: Readonly<Record<string, number>>
  /** Tasks that the emulator made. */
  readonly tasks: number
  /** Tasks whose ref is in the ledger. */
  readonly named: number
  /** Tasks whose intent has an unknown outcome. */
  readonly unknown: number
  /** A description of everything that is wrong. */
  readonly problems: ReadonlyArray<string>
  readonly seconds: number
}

const print = (name: string, value: string | number): void => console.log(`${name.padEnd(44)} ${value}`)

const printCounts = (title: string, counts: Readonly<Record<string, number>>): void => {
  console.log(`\n${title}`)
  for (const [name, count] of Object.entries(counts).toSorted(([one], [other]) => (one < other ? -1 : 1)))
    print(`  ${name}`, count)
}

/** Prints the counts of a run, and the first descriptions of what is wrong. */
export const printMoneyReport = (report: MoneyReport, seed: number): void => {
  const { submits, posts, faults, tasks, named, unknown, problems } = report
  print("submits", `${submits}, seed ${seed}, ${report.missing} without an intent`)
  print("requests", `${posts}, ${faults} of them disturbed (${((100 * faults) / posts).toFixed(1)} %)`)
  print("killed processes", report.killed)
  print("tasks", `${tasks}: ${named} named in the ledger, ${unknown} listed as unknown`)
  print("problems", problems.length)
  print("seconds", report.seconds.toFixed(1))
  printCounts("intents", report.outcomes)
  printCounts("reconciled", report.reconciled)
  printCounts("faults and the outcome of their submit", report.byFault)
  for (const line of problems.slice(0, 20)) console.log(`  ${line}`)
}
