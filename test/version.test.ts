/** `scripts/version.ts`, on a copy of the workspace. */
import { execFile } from "node:child_process"
import { cp, mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"

const run = promisify(execFile)
const root = fileURLToPath(new URL("..", import.meta.url))
const copied = ["package.json", "pnpm-workspace.yaml", ".changeset/config.json", "scripts/version.ts"]

interface Manifest {
  readonly version: string
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const workspaceCopy = async () => {
  const folder = await temporaryFolder()
  const names = await readdir(join(root, "packages"))
  for (const path of [...copied, ...names.map((name) => `packages/${name}/package.json`)]) {
    await mkdir(dirname(join(folder.path, path)), { recursive: true })
    await cp(join(root, path), join(folder.path, path))
  }
  // Not a link to the whole node_modules, into which pnpm would install.
  await mkdir(join(folder.path, "node_modules/@changesets"), { recursive: true })
  for (const name of ["@changesets/cli", "@changesets/read"]) {
    await symlink(join(root, "node_modules", name), join(folder.path, "node_modules", name), "junction")
  }
  await run("git", ["init", "--quiet"], { cwd: folder.path })
  const read = async () =>
    Object.fromEntries(
      await Promise.all(
        names.map(async (name) => {
          const text = await readFile(join(folder.path, "packages", name, "package.json"), "utf8")
          return [name, JSON.parse(text) as Manifest] as const
        })
      )
    )
  return {
    /** Adds a changeset and sets versions. Returns the manifests, and the folders of those that differ. */
    release: async (changeset: string) => {
      const before = await read()
      await writeFile(join(folder.path, ".changeset", "change.md"), `---\n${changeset}\n---\n\nA change.\n`)
      await run(process.execPath, ["scripts/version.ts"], { cwd: folder.path })
      const after = await read()
      const different = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
      return { before, after, different: different.toSorted() }
    },
    read: (path: string) => readFile(join(folder.path, path), "utf8"),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]()
  }
}

const next = (version: string | undefined, part: "minor" | "patch"): string => {
  const [major = 0, minor = 0, patch = 0] = (version ?? "").split(".").map(Number)
  return part === "minor" ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`
}

it("releases the command line and no provider with a new minor version of core", async () => {
  await using workspace = await workspaceCopy()
  const { before, after, different } = await workspace.release('"@gentask/core": minor')
  expect(different).toEqual(["cli", "core"])
  expect(after["core"]?.version).toBe(next(before["core"]?.version, "minor"))
  expect(after["cli"]?.version).toBe(next(before["cli"]?.version, "patch"))
  expect(await workspace.read("packages/cli/CHANGELOG.md")).toContain(
    `- Updates @gentask/core ${after["core"]?.version}.\n`
  )
})

it("releases a fixed provider and the command line", async () => {
  await using workspace = await workspaceCopy()
  const { before, after, different } = await workspace.release('"@gentask/provider-sora": patch')
  expect(different).toEqual(["cli", "provider-sora"])
  expect(after["provider-sora"]).toEqual({
    ...before["provider-sora"],
    version: next(before["provider-sora"]?.version, "patch")
  })
})

it("raises the core that a provider requires when one changeset names both", async () => {
  await using workspace = await workspaceCopy()
  const { after, different } = await workspace.release(
    '"@gentask/core": minor\n"@gentask/provider-jimmy": patch\n"@gentask/cli": minor'
  )
  expect(different).toEqual(["cli", "core", "provider-jimmy"])
  expect(after["provider-jimmy"]?.peerDependencies).toEqual({
    "@gentask/core": `>=${after["core"]?.version} <2`
  })
})
