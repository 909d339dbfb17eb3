/** The machine and the versions of a measurement. */
import { existsSync, readFileSync } from "node:fs"
import { cpus, release, totalmem, type } from "node:os"
import { isPinned } from "./Worker.ts"

/** A description of the machine, as text. */
export interface Machine {
  readonly cpu: string
  readonly memory: string
  readonly system: string
  readonly node: string
  /** Whether servers and clients are pinned to different cores. */
  readonly cores: string
}

/** Describes this machine. `onAllCores` is set for measurements that do not pin processes. */
export const machine = (onAllCores: boolean): Machine => ({
  cpu: `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}`,
  memory: `${Math.round(totalmem() / 1024 ** 3)} GiB`,
  system: `${type()} ${release()}`,
  node: `${process.version} (its own undici: ${process.versions["undici"] ?? "unknown"})`,
  cores:
    isPinned && !onAllCores
      ? "clients and servers pinned to one core each (taskset)"
      : "processes on all cores"
})

/** Returns the installed version of a dependency of this folder. */
const versionOf = (name: string): string => {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url)
  if (!existsSync(path)) return "not installed"
  return (JSON.parse(readFileSync(path, "utf8")) as { readonly version: string }).version
}

/** Returns names with versions: `openai 7.57.0`. */
export const versionsOf = (names: ReadonlyArray<string>): ReadonlyArray<string> =>
  names.map((name) => `${name} ${versionOf(name)}`)
