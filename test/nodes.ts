/**
 * The packed packages on each Node that they promise to run on: installed once into an empty project, then used by the same
 * program (`stranger.ts`) on each. The Nodes come from the npm registry. `pnpm test:nodes [version…]`
 */
import { execFile } from "node:child_process"
import { cp, readdir } from "node:fs/promises"
import { join } from "node:path"
import { deepStrictEqual } from "node:assert"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { temporaryFolder } from "./folder.ts"
import { installInto, pack } from "./packed.ts"
import { table } from "./table.ts"

/** The oldest that `engines` allows, and the newest of each line that is kept up. */
const versions = process.argv.length > 2 ? process.argv.slice(2) : ["22.19.0", "24", "26"]
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

interface Report {
  readonly node: string
  readonly entries: ReadonlyArray<string>
  readonly library: ReadonlyArray<string>
  readonly versionSaid: boolean
  readonly command: ReadonlyArray<string>
  readonly files: number
}

const runOn = async (version: string, cwd: string): Promise<Report> => {
  const args = ["exec", "--yes", "--prefer-offline", `--package=node@${version}`, "--", "node", "stranger.ts"]
  const { stdout } = await promisify(execFile)("npm", args, { cwd, shell: process.platform === "win32" })
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Report
}

await using folder = await temporaryFolder()
const project = join(folder.path, "project")
const tarballs: Array<string> = []
for (const name of await readdir(here("../packages"))) tarballs.push(await pack(name, folder.path))
await installInto(project, tarballs)
for (const file of ["stranger.ts", "systems.ts"]) await cp(here(file), join(project, file))

const rows = [["Node", "entries imported", "tasks saved by the library", "by the command line", "seconds"]]
for (const version of versions) {
  const begun = performance.now()
  const report = await runOn(version, project)
  const expected: Report = {
    node: report.node,
    entries: report.entries,
    library: report.library.map(() => "succeeded 1"),
    versionSaid: true,
    command: report.library.map(() => "succeeded"),
    files: 2 * report.library.length
  }
  deepStrictEqual(report, expected)
  if (!`${report.node}.`.startsWith(`${version}.`))
    throw new Error(`asked for ${version}, got ${report.node}`)
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  const saved = [report.library.length, report.command.length].map(String)
  rows.push([report.node, String(report.entries.length), ...saved, seconds])
}
console.log(table(rows))
