/**
 * Runs `changeset version`, and adds four rules of this workspace: the command line gets a patch when a package in its
 * bundle changes, a provider requires the core of its own changeset, the entry of the MCP registry has the version of the
 * command line, and `gentaskVersion` is that of core. `pnpm version:packages` runs it.
 */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
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
/** The command line, whose dependencies are bundled. */
const cli = "@gentask/cli"

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
const changed = (): ReadonlyArray<Manifest> =>
  [...manifests().values()].filter(({ name, version }) => before.get(name)?.version !== version)

/** Packages that share a changeset with core, and so require the core that is released with it. */
const requiringNewCore = new Set(
  (await readChangesets(process.cwd()))
    .map(({ releases }) => releases.filter(({ type }) => type !== "none").map(({ name }) => name))
    .filter((names) => names.includes(core))
    .flat()
)

changesetVersion()

const bundledNames = Object.keys(before.get(cli)?.devDependencies ?? {})
const released = changed()
const bundled = released.filter(({ name }) => bundledNames.includes(name))
if (bundled.length > 0 && !released.some(({ name }) => name === cli)) {
  const what = bundled.map(({ name, version }) => `${name} ${version}`).join(", ")
  writeFileSync(".changeset/bundled.md", `---\n"${cli}": patch\n---\n\nUpdates ${what}.\n`)
  changesetVersion()
}

const after = manifests()
const versionModule = "packages/core/src/process/gentaskVersion.ts"
if (existsSync(versionModule)) {
  const text = readFileSync(versionModule, "utf8")
  writeFileSync(versionModule, text.replace(/"[^"]*"/, JSON.stringify(after.get(core)?.version)))
}
for (const { name, path, peerDependencies } of after.values()) {
  const range = peerDependencies?.[core]
  if (range === undefined || !requiringNewCore.has(name)) continue
  const raised = range.replace(/>=\S+/, `>=${after.get(core)?.version}`)
  writeFileSync(path, readFileSync(path, "utf8").replace(JSON.stringify(range), JSON.stringify(raised)))
  console.log(`${name} requires ${core} ${raised}`)
}

const entryPath = join("packages", "cli", "server.json")
const [oldVersion, newVersion] = [before.get(cli)?.version, after.get(cli)?.version]
if (existsSync(entryPath)) {
  const text = readFileSync(entryPath, "utf8")
  writeFileSync(entryPath, text.replaceAll(`"version": "${oldVersion}"`, `"version": "${newVersion}"`))
}
