import { readFile, readdir, stat } from "node:fs/promises"
import { join } from "node:path"

/** What is installed in a project. */
export interface Footprint {
  /** The number of installed packages. */
  readonly packages: number
  /** The size of all installed files, in bytes. */
  readonly size: number
  /** The installed packages of the scope `@gentask`, without the scope. */
  readonly gentask: ReadonlyArray<string>
}

const sizesFile = new URL("../scripts/sizes.json", import.meta.url)

const sizeOf = async (folder: string): Promise<number> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(async (file) => (await stat(join(file.parentPath, file.name))).size)
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** Measures a project that npm has installed. */
export const measureFootprint = async (project: string): Promise<Footprint> => {
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

/** Describes how the footprint of a project with core and one provider exceeds what `scripts/sizes.json` allows. */
export const footprintErrors = async (
  { packages, size, gentask }: Footprint,
  provider: string
): Promise<ReadonlyArray<string>> => {
  const { installed: limit } = JSON.parse(await readFile(sizesFile, "utf8")) as {
    readonly installed: { readonly packages: number; readonly size: number }
  }
  const megabytes = size / 1e6
  const expected = ["core", provider].toSorted()
  return [
    ...(packages > limit.packages ? [`${packages} packages exceed the limit of ${limit.packages}.`] : []),
    ...(megabytes > limit.size ? [`${megabytes.toFixed(1)} MB exceed the limit of ${limit.size} MB.`] : []),
    ...(gentask.join() === expected.join()
      ? []
      : [`It installs ${gentask.join(", ")} instead of ${expected.join(", ")}.`])
  ]
}
