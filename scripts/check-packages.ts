/**
 * Packs each published package as it would be published, and checks the tarball: publint, attw, its manifest, what is in
 * it, and that it is no larger than `sizes.json` allows.
 */
import { execFile } from "node:child_process"
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { table } from "../test/table.ts"
import { bundleSize } from "./packages/bundleSize.ts"
import { contentErrors } from "./packages/contentErrors.ts"
import { manifestErrors } from "./packages/manifestErrors.ts"
import { makeTarball, readManifest } from "./packages/Tarball.ts"
import type { Tarball } from "./packages/Tarball.ts"

const run = promisify(execFile)

/** In kB of 1000 bytes. */
interface Sizes {
  readonly packed: number
  readonly unpacked: number
  /** For libraries: the main entry, minified, without its peers. */
  readonly bundle?: number
}

const { packages: ceilings } = JSON.parse(await readFile("scripts/sizes.json", "utf8")) as {
  readonly packages: Readonly<Record<string, Sizes>>
}

const kilobytes = (bytes: number): number => Math.ceil(bytes / 100) / 10

const isLibrary = ({ manifest }: Tarball): boolean => manifest.exports?.["."] !== undefined

const toolErrors = async (program: string, args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  try {
    await run("pnpm", ["exec", program, ...args], { shell: process.platform === "win32" })
    return []
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string }
    return [`${program}: ${stdout}${stderr}`]
  }
}

const sizesOf = async (tarball: Tarball): Promise<Sizes> => ({
  packed: kilobytes(tarball.packed),
  unpacked: kilobytes(tarball.unpacked),
  ...(isLibrary(tarball) ? { bundle: kilobytes(await bundleSize(tarball)) } : {})
})

const sizeErrors = (sizes: Sizes, ceiling: Partial<Sizes> = {}): ReadonlyArray<string> =>
  Object.entries(sizes)
    .map(([what, size]) => ({ what, size: size as number, at: ceiling[what as keyof Sizes] ?? 0 }))
    .filter(({ size, at }) => size > at)
    .map(({ what, size, at }) => `${what}: ${size} kB is over the ${at} kB of scripts/sizes.json`)

const measures = ["packed", "unpacked", "bundle"] as const

/** Each figure with its ceiling beside it. */
const row = (sizes: Sizes, ceiling: Partial<Sizes> = {}): ReadonlyArray<string> =>
  measures.flatMap((measure) => [String(sizes[measure] ?? ""), String(ceiling[measure] ?? "")])

const folders: Array<string> = []
for (const folder of await readdir("packages")) {
  if ((await readManifest(join("packages", folder))).private !== true) folders.push(folder)
}

const dir = await mkdtemp(join(tmpdir(), "gentask-pack-"))
const rows = [["in kB", ...measures.flatMap((measure) => [measure, "at most"])]]
try {
  for (const folder of folders) {
    const tarball = await makeTarball(folder, dir)
    const { name } = tarball.manifest
    const sizes = await sizesOf(tarball)
    rows.push([name, ...row(sizes, ceilings[name])])
    const errors = [
      ...(await toolErrors("publint", ["run", tarball.path, "--strict"])),
      ...(isLibrary(tarball) ? await toolErrors("attw", [tarball.path, "--profile", "esm-only"]) : []),
      ...manifestErrors(tarball),
      ...(await contentErrors(tarball)),
      ...sizeErrors(sizes, ceilings[name])
    ]
    console.log(`${errors.length === 0 ? "ok   " : "FAIL "} ${name}`)
    for (const error of errors) console.log(`      ${error}`)
    if (errors.length > 0) process.exitCode = 1
  }
} finally {
  await rm(dir, { recursive: true, force: true })
}
console.log(`\n${table(rows)}`)
