import { execFileSync } from "node:child_process"
import { lstatSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { closureOf } from "./installation.ts"

/** The size of a package, in bytes. */
export interface Size {
  readonly name: string
  readonly packed: number
  readonly unpacked: number
  /** Including all dependencies and peers. */
  readonly installed: number
  /** The number of installed packages. */
  readonly packages: number
}

/** Returns the size of a package's own files. */
const bytesOf = (folder: string): number =>
  readdirSync(folder).reduce((sum, name) => {
    if (name === "node_modules") return sum
    const path = join(folder, name)
    const stat = lstatSync(path)
    return sum + (stat.isDirectory() ? bytesOf(path) : stat.size)
  }, 0)

/** Measures the package in a folder. */
export const measureSize = (name: string, folder: string): Size => {
  const text = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"]
  })
  const [packed] = JSON.parse(text) as [{ readonly size: number; readonly unpackedSize: number }]
  const all = [...closureOf(folder)]
  const dependencies = all.slice(1).reduce((sum, each) => sum + bytesOf(each), 0)
  return {
    name,
    packed: packed.size,
    unpacked: packed.unpackedSize,
    installed: packed.unpackedSize + dependencies,
    packages: all.length
  }
}
