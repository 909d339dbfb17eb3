/** Where and with what something was measured. */
import { existsSync, readFileSync } from "node:fs"
import { cpus, release, totalmem, type } from "node:os"
import { isPinned } from "./Worker.ts"

/** The machine and the versions, as text to be read. */
export interface Machine {
  readonly cpu: string
  readonly memory: string
  readonly system: string
  readonly node: string
  /** Whether servers and clients have a core each. */
  readonly cores: string
}

/** The machine, as it was used: with a core for each side, where that is possible, or with all cores for all. */
export const machine = (onAllCores: boolean): Machine => ({
  cpu: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
  memory: `${Math.round(totalmem() / 1024 ** 3)} GiB`,
  system: `${type()} ${release()}`,
  node: `${process.version} (its own undici: ${process.versions["undici"] ?? "unknown"})`,
  cores:
    isPinned && !onAllCores ? "what is measured and what answers have a core each (taskset)" : "shared by all"
})

/** The installed version of a package that this folder depends on. */
const versionOf = (name: string): string => {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  if (!existsSync(path)) return "not installed"
  return (JSON.parse(readFileSync(path, "utf8")) as { readonly version: string }).version
}

/** Names and versions: `openai 7.57.0`. */
export const versionsOf = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.map((name) => `${name} ${versionOf(name)}`)
