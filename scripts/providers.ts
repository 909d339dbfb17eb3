/**
 * Registers every `packages/provider-*`: as a bundled provider of the command line and of the package `gentask`, as a
 * dependency of the tests, in the README's table of packages and with a size limit. `pnpm providers` writes the files, `pnpm check:providers` compares
 * them.
 */
import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"

interface Manifest {
  readonly name: string
  readonly description: string
  readonly gentask: { readonly provider: string }
}

const root = new URL("../", import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), "utf8")
const readJson = (path: string): unknown => JSON.parse(read(path))

/** The providers that are listed before the others. */
const first = ["jimmy", "sora", "jimeng", "aigptimage"]

const rank = ({ gentask }: Manifest): number => {
  const index = first.indexOf(gentask.provider)
  return index === -1 ? first.length : index
}

const manifests = readdirSync(new URL("packages/", root))
  .filter((name) => name.startsWith("provider-"))
  .toSorted()
  .map((name) => readJson(`packages/${name}/package.json`) as Manifest)
  .toSorted((a, b) => rank(a) - rank(b))

/** A valid name for a variable. */
const variable = ({ gentask }: Manifest): string =>
  gentask.provider.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

const table = `/** The providers that are part of the command line. \`pnpm providers\` writes this file. */
import type { ProviderSpec } from "@gentask/core"
${manifests.map((each) => `import ${variable(each)} from "${each.name}/package.json" with { type: "json" }`).join("\n")}

interface BundledPackage {
  /** The content of its package.json. */
  readonly manifest: {
    readonly name: string
    readonly version: string
    readonly gentask: { readonly provider: string }
  }
  readonly load: () => Promise<{ readonly default: ProviderSpec }>
}

export const bundledPackages: ReadonlyArray<BundledPackage> = [
${manifests.map((each) => `  { manifest: ${variable(each)}, load: () => import("${each.name}") }`).join(",\n")}
]
`

const factories = `/** The factories of all providers. \`pnpm providers\` writes this file. */
${manifests.map((each) => `export { ${variable(each)} } from "${each.name}"`).join("\n")}
`

/** Adds the packages to the development dependencies of a workspace package. */
const withDependencies = (path: string, range: string): string => {
  const manifest = readJson(path) as { devDependencies: Readonly<Record<string, string>> }
  const others = Object.entries(manifest.devDependencies).filter(
    ([name]) => !name.startsWith("@gentask/provider-")
  )
  const own = manifests.map(({ name }) => [name, range] as const)
  const devDependencies = Object.fromEntries([...others, ...own].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return `${JSON.stringify({ ...manifest, devDependencies }, null, 2)}\n`
}

/** The limits of a new package, in kB. Change them in the file. */
const newLimits = { packed: 70, unpacked: 400, bundle: 150 }

const withSizes = (path: string): string => {
  const text = read(path)
  const { packages } = JSON.parse(text) as { readonly packages: Readonly<Record<string, unknown>> }
  const missing = manifests.filter(({ name }) => packages[name] === undefined)
  const lines = missing.map(({ name }) => `    ${JSON.stringify(name)}: ${JSON.stringify(newLimits)},\n`)
  return text.replace(/(?="@gentask\/testing")/, () => lines.join("").trimStart())
}

/** Adds rows to the table of packages. Those that exist are written by hand. */
const withRows = (path: string): string => {
  const text = read(path)
  const missing = manifests.filter(({ name }) => !text.includes(`| [\`${name}\`]`))
  const rows = missing.map(({ name, description }) => {
    const folder = name.replace("@gentask/", "packages/")
    return `| [\`${name}\`](${folder}) | ${description.replace(/^gentask provider for (?:the )?|\.$/g, "")} |\n`
  })
  return text.replace(/(?=\| \[`@gentask\/emulator`\])/, () => rows.join(""))
}

const files: Readonly<Record<string, string>> = {
  "packages/cli/src/discovery/bundledPackages.ts": table,
  "packages/cli/package.json": withDependencies("packages/cli/package.json", "workspace:^"),
  "packages/gentask/src/providers.ts": factories,
  "packages/gentask/package.json": withDependencies("packages/gentask/package.json", "workspace:^"),
  "test/package.json": withDependencies("test/package.json", "workspace:*"),
  "scripts/sizes.json": withSizes("scripts/sizes.json"),
  "README.md": withRows("README.md")
}

const paths = Object.keys(files)
const before = new Map(paths.map((path) => [path, read(path)]))
for (const [path, content] of Object.entries(files)) writeFileSync(new URL(path, root), content)
execFileSync("pnpm", ["exec", "oxfmt", ...paths], { cwd: root })

if (process.argv.includes("--check")) {
  const changed = paths.filter((path) => before.get(path) !== read(path))
  for (const path of paths) writeFileSync(new URL(path, root), before.get(path) ?? "")
  for (const path of changed)
    console.error(`${path} does not list all providers. Run pnpm providers, then pnpm install.`)
  if (changed.length > 0) process.exitCode = 1
}
