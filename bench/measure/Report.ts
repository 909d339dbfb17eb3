/** What one part of the benchmark found, kept as JSON, and all of them together as RESULTS.md. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { machine, versionsOf } from "./Machine.ts"
import type { Machine } from "./Machine.ts"
import { renderTable } from "./Table.ts"
import type { Table } from "./Table.ts"

/** Something that gentask sets out to do. */
export interface Target {
  readonly what: string
  readonly target: string
  readonly measured: string
  readonly isMet: boolean
}

/** What one part found. */
export interface Findings {
  readonly title: string
  readonly tables: ReadonlyArray<Table>
  readonly targets: ReadonlyArray<Target>
  /** Where somebody else is ahead of gentask, in sentences. */
  readonly behind: ReadonlyArray<string>
  /** Whether nobody was kept to a core. @default false */
  readonly onAllCores?: boolean
  /** The packages that were measured. */
  readonly packages: ReadonlyArray<string>
  /** Everything that the tables were made of. */
  readonly numbers: unknown
}

interface Kept extends Findings {
  readonly command: string
  readonly measuredOn: string
  readonly machine: Machine
  readonly versions: ReadonlyArray<string>
}

/** The parts, in the order in which they are told. */
export const parts = ["query", "watching", "startup", "saving"] as const
export type Part = (typeof parts)[number]

const folder = new URL("../results/", import.meta.url)
const fileOf = (part: Part): URL => new URL(`${part}.json`, folder)

const targetTable = (targets: ReadonlyArray<Target>): Table => ({
  title: "Targets",
  note: "What gentask sets out to do, and whether it does.",
  columns: ["what", "target", "measured", "met"],
  rows: targets.map(({ what, target, measured, isMet }) => [what, target, measured, isMet ? "yes" : "no"])
})

/** Prints what a part found. */
export const print = ({ tables, targets }: Findings): void => {
  for (const table of [...tables, targetTable(targets)]) console.log(`\n${renderTable(table)}`)
}

const renderPart = ({ title, command, tables, measuredOn, machine, versions }: Kept): string =>
  [
    `## ${title}`,
    "",
    `\`${command}\`, ${measuredOn}, on ${machine.cpu}, ${machine.memory}, ${machine.system}, Node ${machine.node}; ${machine.cores}. Versions: ${versions.join(", ")}.`,
    "",
    ...tables.map(renderTable)
  ].join("\n")

/** Writes RESULTS.md from every part that was kept. */
const renderAll = (): void => {
  const kept = parts
    .filter((part) => existsSync(fileOf(part)))
    .map((part) => JSON.parse(readFileSync(fileOf(part), "utf8")) as Kept)
  const behind = kept.flatMap((each) => each.behind)
  const text = [
    "# Results",
    "",
    "Written by the commands named in each part; the numbers behind it are in `results/`. What is measured and how is told in [README.md](README.md). A figure is a median over alternating rounds, and the range beside it holds the middle half of the rounds.",
    "",
    renderTable(targetTable(kept.flatMap((each) => each.targets))),
    "### Where gentask does not lead",
    "",
    ...(behind.length === 0
      ? ["Nowhere in what is measured here."]
      : behind.map((sentence) => `- ${sentence}`)),
    "",
    ...kept.map(renderPart)
  ].join("\n")
  writeFileSync(new URL("../RESULTS.md", import.meta.url), `${text.trimEnd()}\n`)
}

/** Keeps what a part found, and writes RESULTS.md anew. */
const keep = (part: Part, findings: Findings): void => {
  const kept: Kept = {
    ...findings,
    command: `pnpm bench:${part}`,
    measuredOn: new Date().toISOString().slice(0, 10),
    machine: machine(findings.onAllCores === true),
    versions: versionsOf(findings.packages)
  }
  mkdirSync(folder, { recursive: true })
  writeFileSync(fileOf(part), `${JSON.stringify(kept, undefined, 2)}\n`)
  renderAll()
}

/** Runs a part as its command does: a quick run is for looking at, and is not kept. */
export const runPart = async (
  part: Part,
  measure: (isQuick: boolean) => Promise<Findings>
): Promise<void> => {
  const isQuick = process.argv.includes("--quick")
  const from = performance.now()
  const findings = await measure(isQuick)
  print(findings)
  if (!isQuick) keep(part, findings)
  console.log(`${part}: ${((performance.now() - from) / 1000).toFixed(0)} s${isQuick ? ", not kept" : ""}`)
}
