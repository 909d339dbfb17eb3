/**
 * What a project with core and one provider brings with it: packages and size once installed, and how long they take to
 * import. `pnpm footprint [provider…]` prints it for each provider.
 */
import { execFile } from "node:child_process"
import { readFile, readdir, stat } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { temporaryFolder } from "./folder.ts"
import { installInto, pack } from "./packed.ts"
import { table } from "./table.ts"

/** What is installed in a project. */
export interface Footprint {
  readonly packages: number
  /** In bytes, of all files together. */
  readonly size: number
  /** Those of gentask. */
  readonly gentask: ReadonlyArray<string>
}

const sizeOf = async (folder: string): Promise<number> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size)
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

export const footprintOf = async (project: string): Promise<Footprint> => {
  const modules = join(project, "node_modules")
  const lock = JSON.parse(await readFile(join(modules, ".package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, unknown>>
  }
  return {
    packages: Object.keys(lock.packages).length,
    size: await sizeOf(modules),
    gentask: (await readdir(join(modules, "@gentask"))).toSorted()
  }
}

/** The largest footprint of core with one provider that a build accepts. */
export const ceiling = (
  JSON.parse(await readFile(new URL("../scripts/sizes.json", import.meta.url), "utf8")) as {
    readonly installed: { readonly packages: number; readonly size: number }
  }
).installed

/** In milliseconds: of core, and of what the provider adds to it. */
const importTimes = async (project: string, provider: string): Promise<readonly [number, number]> => {
  const program = `
const begun = performance.now()
await import("@gentask/core")
const core = performance.now()
await import("@gentask/${provider}")
console.log(JSON.stringify([core - begun, performance.now() - core]))`
  const args = ["--input-type=module", "--eval", program]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project })
  return JSON.parse(stdout) as [number, number]
}

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0

const medianImportTimes = async (project: string, provider: string): Promise<ReadonlyArray<number>> => {
  const runs: Array<readonly [number, number]> = []
  while (runs.length < 7) runs.push(await importTimes(project, provider))
  return [median(runs.map(([core]) => core)), median(runs.map(([, added]) => added))]
}

if (import.meta.main) {
  const packages = fileURLToPath(new URL("../packages", import.meta.url))
  const all = (await readdir(packages)).filter((name) => name.startsWith("provider-"))
  const asked = process.argv.slice(2).map((name) => `provider-${name}`)
  await using folder = await temporaryFolder()
  const core = await pack("core", folder.path)
  const rows = [["core and", "packages", "size installed", "core imported in", "and the provider"]]
  for (const provider of asked.length > 0 ? asked : all) {
    const project = join(folder.path, provider)
    await installInto(project, [core, await pack(provider, folder.path)])
    const { packages: count, size, gentask } = await footprintOf(project)
    const times = await medianImportTimes(project, provider)
    rows.push([
      provider,
      String(count),
      `${(size / 1e6).toFixed(1)} MB`,
      ...times.map((time) => `${time.toFixed(0)} ms`)
    ])
    if (count > ceiling.packages || size / 1e6 > ceiling.size || gentask.length !== 2) {
      console.error(
        `${provider} brings ${gentask.join(", ")}: over the ${ceiling.packages} packages and ${ceiling.size} MB of scripts/sizes.json, or too much of gentask.`
      )
      process.exitCode = 1
    }
  }
  console.log(table(rows))
}
