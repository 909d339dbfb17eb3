import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { useEmulator } from "./emulator.ts"
import { linesOf, run } from "./gentask.ts"
import { dependingOn, newProject, pluginSource, providerPackage } from "./project.ts"

const fixture = useEmulator()

describe("the discovery of providers", () => {
  it("runs no provider's code until one of its tasks is queried, or all providers are listed", async () => {
    const writeMarker = 'import { writeFileSync } from "node:fs"\nwriteFileSync("imported", "")'
    const project = (): string =>
      newProject({
        ...dependingOn("acme"),
        ...providerPackage("acme", "acme", pluginSource("acme", { before: writeMarker }))
      })
    const isImportedBy = async (...args: ReadonlyArray<string>): Promise<boolean> => {
      const cwd = project()
      await run(args, { cwd, env: fixture.env })
      return existsSync(join(cwd, "imported"))
    }
    assert.isFalse(await isImportedBy("query", `jimmy:${fixture.taskId}`))
    assert.isFalse(await isImportedBy("query", "unknown:1"))
    assert.isTrue(await isImportedBy("query", `acme:${fixture.taskId}`))
    assert.isTrue(await isImportedBy("providers"))
  })

  /** Makes Node record the paths inside of the project that it reads. */
  const recorder = `
const fs = require("node:fs")
const { syncBuiltinESMExports } = require("node:module")
const { readFileSync, appendFileSync } = fs
fs.readFileSync = (path, ...rest) => {
  if (String(path).startsWith(process.cwd())) appendFileSync(process.env.READ_LOG, path + "\\n")
  return readFileSync(path, ...rest)
}
syncBuiltinESMExports()
`
  const names = Array.from(
    { length: 300 },
    (_, index) => `${index % 3 === 0 ? "@scope/" : ""}package-${index}`
  )

  const pathsReadBy = async (...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
    const cwd = newProject({
      ...dependingOn(...names),
      ...Object.assign({}, ...names.map((name) => ({ [`node_modules/${name}/package.json`]: { name } }))),
      "recorder.cjs": recorder,
      "read.log": ""
    })
    const log = join(cwd, "read.log")
    const env = { ...fixture.env, NODE_OPTIONS: `--require ${join(cwd, "recorder.cjs")}`, READ_LOG: log }
    const { status, stderr } = await run(args, { cwd, env })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    return linesOf(readFileSync(log, "utf8")).map((path) => path.slice(cwd.length + 1))
  }

  it("reads nothing for help and the version", async () => {
    assert.deepStrictEqual(await pathsReadBy("--version"), [])
    assert.deepStrictEqual(await pathsReadBy("--help"), [])
    assert.deepStrictEqual(await pathsReadBy("query", "--help"), [])
  })

  it("reads the package.json of each dependency once for a query", async () => {
    const manifests = names.map((name) => `node_modules/${name}/package.json`)
    assert.deepStrictEqual(await pathsReadBy("query", `jimmy:${fixture.taskId}`), [
      "package.json",
      ...manifests
    ])
  })
})
