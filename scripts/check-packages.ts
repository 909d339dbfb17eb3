/**
 * Packs each published package, and checks the tarball: publint, attw, its manifest, its contents, and its size against
 * `sizes.json`.
 */
import { execFile } from "node:child_process"
import { readFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { temporaryFolder } from "../tooling/temporaryFolder.ts"
import { bundleSize } from "./packages/bundleSize.ts"
import { contentErrors } from "./packages/contentErrors.ts"
import { manifestErrors } from "./packages/manifestErrors.ts"
import { makeTarball, readManifest } from "./packages/Tarball.ts"
import type { Tarball } from "./packages/Tarball.ts"

/** Sizes in kB (1000 bytes). */
interface Sizes {
  readonly packed: number
  readonly unpacked: number
  /** Libraries only: the main entry, bundled and minified, without its peers. */
  readonly bundle?: number
}

const { packages: limits } = JSON.parse(await readFile("scripts/sizes.json", "utf8")) as {
  readonly packages: Readonly<Record<string, Sizes>>
}

const kilobytes = (bytes: number): number => Math.ceil(bytes / 100) / 10

const isLibrary = ({ manifest }: Tarball): boolean => manifest.exports?.["."] !== undefined

const toolErrors = async (program: string, args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  try {
    await promisify(execFile)("pnpm", ["exec", program, ...args], { shell: process.platform === "win32" })
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

const measures = ["packed", "unpacked", "bundle"] as const

const sizeErrors = (sizes: Sizes, limit: Partial<Sizes> = {}): ReadonlyArray<string> =>
  measures
    .filter((measure) => (sizes[measure] ?? 0) > (limit[measure] ?? 0))
    .map(
      (measure) =>
        `${measure}: ${sizes[measure]} kB exceeds the limit of ${limit[measure] ?? 0} kB in scripts/sizes.json`
    )

const packageErrors = async (tarball: Tarball, sizes: Sizes): Promise<ReadonlyArray<string>> => [
  ...(await toolErrors("publint", ["run", tarball.path, "--strict"])),
  ...(isLibrary(tarball) ? await toolErrors("attw", [tarball.path, "--profile", "esm-only"]) : []),
  ...manifestErrors(tarball),
  ...(await contentErrors(tarball)),
  ...sizeErrors(sizes, limits[tarball.manifest.name])
]

await using folder = await temporaryFolder()
const rows: Record<string, object> = {}
for (const name of await readdir("packages")) {
  if ((await readManifest(join("packages", name))).private === true) continue
  const tarball = await makeTarball(name, folder.path)
  const sizes = await sizesOf(tarball)
  const limit: Partial<Sizes> = limits[tarball.manifest.name] ?? {}
  rows[tarball.manifest.name] = Object.fromEntries(
    measures.map((measure) => [`${measure} kB`, `${sizes[measure] ?? "-"} of ${limit[measure] ?? "-"}`])
  )
  const errors = await packageErrors(tarball, sizes)
  console.log(`${errors.length === 0 ? "ok   " : "FAIL "} ${tarball.manifest.name}`)
  for (const error of errors) console.log(`      ${error}`)
  if (errors.length > 0) process.exitCode = 1
}
console.table(rows)
