/** How fast results are saved, beside curl: `pnpm bench:saving [--quick] [--dir FOLDER]`. */
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
import { buildSaver } from "./saving/builtSaver.ts"
import { rivals } from "./saving/rivals.ts"
import type { Rival } from "./saving/rivals.ts"
import type { Load, Run } from "./saving/saver.ts"
import { install } from "./startup/installation.ts"

const { values } = parseArgs({ options: { dir: { type: "string" }, quick: { type: "boolean" } } })

/** Memory, where there is a file system in it: a disk would be measured in place of the programs. */
const place = values.dir ?? (existsSync("/dev/shm") ? "/dev/shm" : tmpdir())

/** What saving cost someone. */
interface Saving {
  readonly name: string
  readonly load: Load
  /** Bytes a second. */
  readonly speed: Spread
  /** Milliseconds of CPU time for a GB. */
  readonly cpu: Spread
  /** The speed, as a multiple of curl's. */
  readonly overCurl: Spread
  /** The most that the process held in any round, in bytes. */
  readonly memory: number | undefined
  readonly held: ReadonlyArray<number> | undefined
}

const largest = (runs: ReadonlyArray<Run>): Run | undefined =>
  runs.toSorted((one, other) => (other.memory ?? 0) - (one.memory ?? 0))[0]

const compare = async (
  rivals: ReadonlyArray<Rival>,
  load: Load,
  rounds: number,
  baseUrl: string
): Promise<ReadonlyArray<Saving>> => {
  const runs = new Map(rivals.map(({ name }) => [name, [] as Array<Run>]))
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, save } of round % 2 === 0 ? rivals : rivals.toReversed()) {
      const dir = mkdtempSync(join(place, "gentask-bench-"))
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
  return rivals.map(({ name }) => ({
    name,
    load,
    speed: spreadOf(speedsOf(name)),
    cpu: spreadOf((runs.get(name) ?? []).map(({ cpu }) => cpu / (bytes / 1e9))),
    overCurl: ratioOf(speedsOf(name), speedsOf("curl")),
    memory: largest(runs.get(name) ?? [])?.memory,
    held: largest(runs.get(name) ?? [])?.held
  }))
}

const megabytes = (bytes: number | undefined): string => (bytes === undefined ? "" : (bytes / 1e6).toFixed(0))

const titleOf = ({ files, size, atOnce }: Load): string =>
  files === 1
    ? `One file of ${(size / 1024 ** 2).toFixed(0)} MiB`
    : `${files} files of ${megabytes(size)} MB, ${atOnce} at once`

const tableOf = (savings: ReadonlyArray<Saving>): Table => ({
  title: savings[0] === undefined ? "" : titleOf(savings[0].load),
  note: `From a server on this machine, into ${place}, on all cores, since Node writes files in threads of their own. gentask takes a digest, recognises the media, syncs, renames, and writes a manifest; curl does not. "Held" is the most memory of the saving process in any round.`,
  columns: ["", "MB/s", "middle half", "× curl", "CPU ms/GB", "held MB", "held on the way, MB"],
  rows: savings.map(({ name, speed, overCurl, cpu, memory, held }) => [
    name,
    megabytes(speed.median),
    `${megabytes(speed.low)}–${megabytes(speed.high)}`,
    overCurl.median.toFixed(2),
    cpu.median.toFixed(0),
    megabytes(memory),
    held
      ?.filter((_, index) => index % 3 === 0)
      .map(megabytes)
      .join(" ") ?? ""
  ])
})

const targetsOf = (savings: ReadonlyArray<Saving>): ReadonlyArray<Target> =>
  savings
    .filter(({ name }) => name.startsWith("gentask"))
    .flatMap(({ name, load, overCurl, memory = Number.NaN }) => [
      {
        what: `${name}, ${titleOf(load)}: speed`,
        target: "at least 0.9 × curl",
        measured: `${overCurl.median.toFixed(2)} ×`,
        isMet: overCurl.median >= 0.9
      },
      {
        what: `${name}, ${titleOf(load)}: memory`,
        target: "under 150 MB",
        measured: `${megabytes(memory)} MB`,
        isMet: memory < 150e6
      }
    ])

const behindOf = (savings: ReadonlyArray<Saving>): ReadonlyArray<string> =>
  savings
    .filter(({ name }) => name.startsWith("gentask"))
    .flatMap(({ name, load, overCurl, speed }) => {
      const faster = savings.filter(
        (other) =>
          other.load === load && !other.name.startsWith("gentask") && other.speed.median > speed.median
      )
      const who = faster.map((other) => `${other.name} (${megabytes(other.speed.median)} MB/s)`).join("; ")
      return faster.length === 0
        ? []
        : [
            `${titleOf(load)}: ${name} brings ${megabytes(speed.median)} MB/s, ${overCurl.median.toFixed(2)} of curl's speed, and more bring ${who}.`
          ]
    })

const measure = async (isQuick: boolean): Promise<Findings> => {
  await using server = Worker.start<"url", string>(new URL("saving/server.ts", import.meta.url), "anywhere")
  const baseUrl = await server.ask("url")
  using installation = install()
  using saver = buildSaver()
  const all = rivals(`${installation.folderOf("cli")}/dist/main.js`, saver.script)
  const one = { files: 1, size: (isQuick ? 256 : 1024) * 1024 ** 2, atOnce: 1 }
  const many = { files: isQuick ? 50 : 200, size: 2_000_000, atOnce: 8 }
  const savings = [
    await compare(all, one, isQuick ? 2 : 5, baseUrl),
    await compare(all, many, isQuick ? 2 : 7, baseUrl)
  ]
  return {
    title: "Saving",
    tables: savings.map(tableOf),
    targets: targetsOf(savings.flat()),
    behind: behindOf(savings.flat()),
    onAllCores: true,
    packages: ["undici"],
    numbers: { savings: savings.flat() }
  }
}

await runPart("saving", measure)
