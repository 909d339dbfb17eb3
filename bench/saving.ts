/** The speed of saving, compared with curl. `pnpm bench:saving [--quick] [--dir FOLDER]` */
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { runPart } from "./measure/Report.ts"
import type { Findings, Target } from "./measure/Report.ts"
import { ratioOf, spreadOf } from "./measure/Spread.ts"
import type { Spread } from "./measure/Spread.ts"
import type { Table } from "./measure/Table.ts"
import { Worker } from "./measure/Worker.ts"
import { buildSaver } from "./saving/buildSaver.ts"
import { savingContestants } from "./saving/contestants.ts"
import type { SavingContestant } from "./saving/contestants.ts"
import type { SavingLoad, SavingRun } from "./saving/SavingRun.ts"
import { install } from "./startup/installation.ts"

const { values } = parseArgs({ options: { dir: { type: "string" }, quick: { type: "boolean" } } })

/** A file system in memory, if there is one. Otherwise the disk would be measured instead of the programs. */
const target = values.dir ?? (existsSync("/dev/shm") ? "/dev/shm" : tmpdir())

/** The results of one contestant. */
interface SavingResult {
  readonly name: string
  readonly load: SavingLoad
  /** Bytes per second. */
  readonly speed: Spread
  /** Milliseconds of CPU time per GB. */
  readonly cpu: Spread
  /** The speed as a multiple of that of curl. */
  readonly overCurl: Spread
  /** The peak memory of all rounds, in bytes. */
  readonly peakMemory: number | undefined
  /** The memory during the round with the peak, in bytes. */
  readonly memoryOverTime: ReadonlyArray<number> | undefined
}

const largest = (runs: ReadonlyArray<SavingRun>): SavingRun | undefined =>
  runs.toSorted((a, b) => (b.peakMemory ?? 0) - (a.peakMemory ?? 0))[0]

const compare = async (
  contestants: ReadonlyArray<SavingContestant>,
  load: SavingLoad,
  rounds: number,
  baseUrl: string
): Promise<ReadonlyArray<SavingResult>> => {
  const runs = new Map(contestants.map(({ name }) => [name, [] as Array<SavingRun>]))
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, save } of round % 2 === 0 ? contestants : contestants.toReversed()) {
      const dir = mkdtempSync(join(target, "gentask-bench-"))
      try {
        runs.get(name)?.push(await save(load, baseUrl, dir))
      } finally {
        rmSync(dir, { recursive: true, force: true })
      }
    }
  }
  const bytes = load.files * load.size
  const speedsOf = (name: string): ReadonlyArray<number> =>
    (runs.get(name) ?? []).map(({ wall }) => (bytes / wall) * 1000)
  return contestants.map(({ name }) => ({
    name,
    load,
    speed: spreadOf(speedsOf(name)),
    cpu: spreadOf((runs.get(name) ?? []).map(({ cpu }) => cpu / (bytes / 1e9))),
    overCurl: ratioOf(speedsOf(name), speedsOf("curl")),
    peakMemory: largest(runs.get(name) ?? [])?.peakMemory,
    memoryOverTime: largest(runs.get(name) ?? [])?.memoryOverTime
  }))
}

const megabytes = (bytes: number | undefined): string => (bytes === undefined ? "" : (bytes / 1e6).toFixed(0))

const titleOf = ({ files, size, concurrency }: SavingLoad): string =>
  files === 1
    ? `One file of ${(size / 1024 ** 2).toFixed(0)} MiB`
    : `${files} files of ${megabytes(size)} MB, concurrency ${concurrency}`

const tableOf = (results: ReadonlyArray<SavingResult>): Table => ({
  title: results[0] === undefined ? "" : titleOf(results[0].load),
  note: `From a server on this machine, into ${target}, on all cores, because Node writes files in worker threads. gentask also computes a digest, detects the media type, syncs, renames, and writes a manifest; curl does not. "Peak MB" is the maximum memory of the process in all rounds.`,
  columns: ["", "MB/s", "middle half", "× curl", "CPU ms/GB", "peak MB", "MB over time"],
  rows: results.map(({ name, speed, overCurl, cpu, peakMemory, memoryOverTime }) => [
    name,
    megabytes(speed.median),
    `${megabytes(speed.low)}–${megabytes(speed.high)}`,
    overCurl.median.toFixed(2),
    cpu.median.toFixed(0),
    megabytes(peakMemory),
    memoryOverTime
      ?.filter((_, index) => index % 3 === 0)
      .map(megabytes)
      .join(" ") ?? ""
  ])
})

const targetsOf = (results: ReadonlyArray<SavingResult>): ReadonlyArray<Target> =>
  results
    .filter(({ name }) => name.startsWith("gentask"))
    .flatMap(({ name, load, overCurl, peakMemory = Number.NaN }) => [
      {
        what: `${name}, ${titleOf(load)}: speed`,
        target: "at least 0.9 × curl",
        measured: `${overCurl.median.toFixed(2)} ×`,
        isMet: overCurl.median >= 0.9
      },
      {
        what: `${name}, ${titleOf(load)}: memory`,
        target: "under 150 MB",
        measured: `${megabytes(peakMemory)} MB`,
        isMet: peakMemory < 150e6
      }
    ])

const behindOf = (results: ReadonlyArray<SavingResult>): ReadonlyArray<string> =>
  results
    .filter(({ name }) => name.startsWith("gentask"))
    .flatMap(({ name, load, overCurl, speed }) => {
      const faster = results.filter(
        (other) =>
          other.load === load && !other.name.startsWith("gentask") && other.speed.median > speed.median
      )
      const list = faster.map((other) => `${other.name} (${megabytes(other.speed.median)} MB/s)`).join(", ")
      return faster.length === 0
        ? []
        : [
            `${titleOf(load)}: ${name} reaches ${megabytes(speed.median)} MB/s, ${overCurl.median.toFixed(2)} × curl. Faster: ${list}.`
          ]
    })

const measure = async (isQuick: boolean): Promise<Findings> => {
  await using server = Worker.start<"url", string>(new URL("saving/server.ts", import.meta.url), "anywhere")
  const baseUrl = await server.request("url")
  using installation = install()
  using saver = buildSaver()
  const all = savingContestants(`${installation.folderOf("cli")}/dist/main.js`, saver.script)
  const one = { files: 1, size: (isQuick ? 256 : 1024) * 1024 ** 2, concurrency: 1 }
  const many = { files: isQuick ? 50 : 200, size: 2_000_000, concurrency: 8 }
  const results = [
    await compare(all, one, isQuick ? 2 : 5, baseUrl),
    await compare(all, many, isQuick ? 2 : 7, baseUrl)
  ]
  return {
    title: "Saving",
    tables: results.map(tableOf),
    targets: targetsOf(results.flat()),
    behind: behindOf(results.flat()),
    onAllCores: true,
    packages: ["undici"],
    numbers: { results: results.flat() }
  }
}

await runPart("saving", measure)
