/**
 * Installs all published packages into an empty project once, and runs `userProgram.ts` there on each supported Node.
 * Other Nodes than the running one come from the npm registry. `pnpm test:nodes [version…]`
 */
import { deepStrictEqual } from "node:assert"
import { execFile } from "node:child_process"
import { cp, readFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { installInto } from "@gentask/tooling/installInto"
import { pack } from "@gentask/tooling/pack"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import type { ProgramReport } from "./userProgram.ts"

/** The oldest version that `engines` allows, and the newest of each maintained release line. */
const supported = ["22.19.0", "24", "26"]
const versions = process.argv.length > 2 ? process.argv.slice(2) : supported
const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const matches = (version: string, range: string): boolean => `${version}.`.startsWith(`${range}.`)

const publishedPackages = async (): Promise<ReadonlyArray<string>> => {
  const published: Array<string> = []
  for (const name of await readdir(pathOf("../packages"))) {
    const manifest = await readFile(pathOf(`../packages/${name}/package.json`), "utf8")
    if ((JSON.parse(manifest) as { readonly private?: boolean }).private !== true) published.push(name)
  }
  return published
}

const runOn = async (version: string, cwd: string): Promise<ProgramReport> => {
  const program = ["userProgram.ts"]
  const [file, args] = matches(process.versions.node, version)
    ? [process.execPath, program]
    : ["npm", ["exec", "--yes", "--prefer-offline", `--package=node@${version}`, "--", "node", ...program]]
  // npm is a script on Windows, which needs a shell.
  const shell = process.platform === "win32" && file === "npm"
  const { stdout } = await promisify(execFile)(file, args, { cwd, shell })
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as ProgramReport
}

const check = async (version: string, cwd: string) => {
  const report = await runOn(version, cwd)
  const expected: ProgramReport = {
    node: report.node,
    entries: report.entries,
    library: report.library.map(() => "succeeded 1"),
    ledger: report.library.map(() => "succeeded 1"),
    printsVersion: true,
    command: report.library.map(() => "succeeded"),
    files: 2 * report.library.length
  }
  deepStrictEqual(report, expected)
  if (!matches(report.node, version)) throw new Error(`Node ${report.node} ran instead of ${version}.`)
  return {
    Node: report.node,
    "imported entries": report.entries.length,
    "tasks saved by the library": report.library.length,
    "tasks saved by the command line": report.command.length
  }
}

await using folder = await temporaryFolder()
const project = join(folder.path, "project")
const tarballs = (await publishedPackages()).map((name) => pack(name, folder.path))
await installInto(project, await Promise.all(tarballs))
const files = ["userProgram.ts", "systems.ts", "testVendors.ts", "vendors"]
for (const file of files) await cp(pathOf(file), join(project, file), { recursive: true })
console.table(await Promise.all(versions.map((version) => check(version, project))))
