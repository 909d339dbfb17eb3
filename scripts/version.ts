/**
 * `changeset version`, and the two things about this workspace that it cannot know: what the command line has inlined,
 * and from which core on a provider works. `pnpm version:packages` runs it.
 */
import { execFileSync } from "node:child_process"
import { readFileSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { readChangesets } from "@changesets/read"

type Ranges = Readonly<Record<string, string>>

interface Manifest {
  readonly name: string
  readonly version: string
  readonly devDependencies?: Ranges
  readonly peerDependencies?: Ranges
}

const core = "@gentask/core"
/** It has no dependencies when it is installed: what it needs from this workspace is in its bundle. */
const bundle = "@gentask/cli"

const manifestPath = (folder: string): string => join("packages", folder, "package.json")

const manifests = (): ReadonlyMap<string, Manifest & { readonly path: string }> =>
  new Map(
    readdirSync("packages").map((folder) => {
      const path = manifestPath(folder)
      const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest
      return [manifest.name, { ...manifest, path }]
    })
  )

const changesetVersion = (): void => {
  execFileSync(process.execPath, ["node_modules/@changesets/cli/bin.js", "version"], { stdio: "inherit" })
}

const before = manifests()
const moved = (): ReadonlyArray<Manifest> =>
  [...manifests().values()].filter(({ name, version }) => before.get(name)?.version !== version)

/** The providers that are named in one changeset with core: they need what that changeset gives core. */
const needingThisCore = new Set(
  (await readChangesets(process.cwd()))
    .map(({ releases }) => releases.filter(({ type }) => type !== "none").map(({ name }) => name))
    .filter((names) => names.includes(core))
    .flat()
)

changesetVersion()

const inlined = Object.keys(before.get(bundle)?.devDependencies ?? {})
const news = moved()
const brought = news.filter(({ name }) => inlined.includes(name))
if (brought.length > 0 && !news.some(({ name }) => name === bundle)) {
  const what = brought.map(({ name, version }) => `${name} ${version}`).join(", ")
  writeFileSync(".changeset/bundled.md", `---\n"${bundle}": patch\n---\n\nBrings ${what}.\n`)
  changesetVersion()
}

const after = manifests()
for (const { name, path, peerDependencies } of after.values()) {
  const range = peerDependencies?.[core]
  if (range === undefined || !needingThisCore.has(name)) continue
  const raised = range.replace(/>=\S+/, `>=${after.get(core)?.version}`)
  writeFileSync(path, readFileSync(path, "utf8").replace(JSON.stringify(range), JSON.stringify(raised)))
  console.log(`${name} needs ${core} ${raised}`)
}
