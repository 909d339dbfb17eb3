/**
 * Prints what a project with core and one provider installs, and the median time to import both. Exits with 1 if a
 * project exceeds `sizes.json`. `pnpm footprint [provider…]`; all providers by default.
 */
import { execFile } from "node:child_process"
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { footprintErrors, measureFootprint } from "../tooling/footprint.ts"
import { installInto } from "../tooling/installInto.ts"
import { pack } from "../tooling/pack.ts"
import { temporaryFolder } from "../tooling/temporaryFolder.ts"

/** Imports core, then the provider, in a new process. Returns both times in milliseconds. */
const importTimes = async (project: string, provider: string): Promise<readonly [number, number]> => {
  const program = `
const start = performance.now()
await import("@gentask/core")
const core = performance.now()
await import("@gentask/${provider}")
console.log(JSON.stringify([core - start, performance.now() - core]))`
  const args = ["--input-type=module", "--eval", program]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: project })
  return JSON.parse(stdout) as [number, number]
}

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

const medianImportTimes = async (project: string, provider: string) => {
  const runs: Array<readonly [number, number]> = []
  while (runs.length < 7) runs.push(await importTimes(project, provider))
  return { core: median(runs.map(([core]) => core)), provider: median(runs.map(([, added]) => added)) }
}

const readProviders = async (): Promise<ReadonlyArray<string>> =>
  (await readdir("packages")).filter((name) => name.startsWith("provider-"))

const requested = process.argv.slice(2).map((name) => `provider-${name}`)
const providers = requested.length > 0 ? requested : await readProviders()
await using folder = await temporaryFolder()
const rows: Record<string, object> = {}
for (const provider of providers) {
  const project = join(folder.path, provider)
  await installInto(project, [await pack("core", folder.path), await pack(provider, folder.path)])
  const footprint = await measureFootprint(project)
  const times = await medianImportTimes(project, provider)
  rows[provider] = {
    packages: footprint.packages,
    "installed MB": Number((footprint.size / 1e6).toFixed(1)),
    "core import ms": Math.round(times.core),
    "provider import ms": Math.round(times.provider)
  }
  for (const error of await footprintErrors(footprint, provider)) {
    console.error(`${provider}: ${error}`)
    process.exitCode = 1
  }
}
console.table(rows)
