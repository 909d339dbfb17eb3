/**
 * A user's program, in a project where every package is installed from its tarball. It imports each exported entry, and
 * queries, waits for and saves tasks, once with the library and once with the command line. Its last line is a
 * `ProgramReport`.
 */
import { execFile } from "node:child_process"
import { readFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { openLedger } from "@gentask/ledger"
import { accountVariables, systems, startSystems } from "./systems.ts"

export interface ProgramReport {
  /** The version of Node. */
  readonly node: string
  /** The entries that were imported. */
  readonly entries: ReadonlyArray<string>
  /** The status and the number of saved files of each task, by the library. */
  readonly library: ReadonlyArray<string>
  /** The status and the number of saved files of each task in the ledger, the newest first. */
  readonly ledger: ReadonlyArray<string>
  /** Whether `gentask --version` prints the version of its package. */
  readonly printsVersion: boolean
  /** The status of each task, by the command line. */
  readonly command: ReadonlyArray<string>
  /** The number of files that the command line saved. */
  readonly files: number
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly bin?: { readonly gentask: string }
}

const run = promisify(execFile)
const out = join("out", process.versions.node)
const scope = join("node_modules", "@gentask")

const entries: Array<string> = []
let command = ""
let version = ""
for (const folder of await readdir(scope)) {
  const manifest = JSON.parse(await readFile(join(scope, folder, "package.json"), "utf8")) as Manifest
  for (const entry of Object.keys(manifest.exports).filter((each) => !each.endsWith(".json"))) {
    await import(manifest.name + entry.slice(1))
    entries.push(manifest.name + entry.slice(1))
  }
  if (manifest.bin !== undefined) {
    command = join(scope, folder, manifest.bin.gentask)
    version = manifest.version
  }
}

const context = await startSystems()
const { emulator, gentask } = context
const addTasks = () =>
  systems.map(({ script, ref }) => ref(emulator.addTask({ ...script, runningFor: 300 }).id))

const ledger = await openLedger({ path: join(out, "ledger.db") })
const library = await Promise.all(
  addTasks().map(async (ref) => {
    await gentask.query(ref)
    const task = await gentask.wait(ref, { timeout: "1 minute" })
    const files = await gentask.save(task, { dir: join(out, "library") })
    await ledger.record(task)
    await ledger.recordSaved(ref, files)
    return `${task.status} ${files.length}`
  })
)
const { tasks } = await ledger.list({ status: "succeeded" })
await ledger.close()

const env = { ...process.env, ...accountVariables(emulator) }
const printed = await run(process.execPath, [command, "--version"], { env })
const { stdout } = await run(
  process.execPath,
  [command, "wait", ...addTasks(), "--save", join(out, "command"), "--json", "--interval", "100ms"],
  { env }
)
const statuses = stdout
  .trim()
  .split("\n")
  .map((line) => (JSON.parse(line) as { readonly status: string }).status)

// Node 22 does not support `await using`.
await context[Symbol.asyncDispose]()

const report: ProgramReport = {
  node: process.versions.node,
  entries,
  library,
  ledger: tasks.map(({ status, fileCount }) => `${status} ${fileCount}`),
  printsVersion: printed.stdout.includes(version),
  command: statuses,
  files: (await readdir(join(out, "command"))).length
}
console.log(JSON.stringify(report))
