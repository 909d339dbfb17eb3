import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { dependingOn, newProject, pluginSource, providerPackage } from "./project.ts"
import { linesOf, pointedAt, run, secretKey } from "./support.ts"

let emulator: Emulator
let env: Record<string, string>
/** The id of a task that the emulator has. */
let id: string

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: secretKey })
  env = { ...pointedAt(emulator), ACME_API_KEY: secretKey, ACME_BASE_URL: emulator.url }
  id = emulator.addTask({ vendor: "jimmy" }).id
})
afterAll(() => emulator.close())

describe("to find providers", () => {
  it("no provider's code is run, until one of its tasks is asked about or all are listed", async () => {
    const mark = 'import { writeFileSync } from "node:fs"\nwriteFileSync("imported", "")'
    const project = (): string =>
      newProject({
        ...dependingOn("acme"),
        ...providerPackage("acme", "acme", pluginSource("acme", { before: mark }))
      })
    const isImportedBy = async (...words: ReadonlyArray<string>): Promise<boolean> => {
      const cwd = project()
      await run(words, { cwd, env })
      return existsSync(join(cwd, "imported"))
    }
    assert.isFalse(await isImportedBy("query", `jimmy:${id}`))
    assert.isFalse(await isImportedBy("query", "nobody:1"))
    assert.isTrue(await isImportedBy("query", `acme:${id}`))
    assert.isTrue(await isImportedBy("providers"))
  })

  /** Has Node write down what it reads: a list of paths inside the project. */
  const spy = `
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

  const readBy = async (...words: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
    const cwd = newProject({
      ...dependingOn(...names),
      ...Object.assign({}, ...names.map((name) => ({ [`node_modules/${name}/package.json`]: { name } }))),
      "spy.cjs": spy,
      "read.log": ""
    })
    const log = join(cwd, "read.log")
    const watched = { ...env, NODE_OPTIONS: `--require ${join(cwd, "spy.cjs")}`, READ_LOG: log }
    const { status, stderr } = await run(words, { cwd, env: watched })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    return linesOf(readFileSync(log, "utf8")).map((path) => path.slice(cwd.length + 1))
  }

  it("nothing is read for help and version", async () => {
    assert.deepStrictEqual(await readBy("--version"), [])
    assert.deepStrictEqual(await readBy("--help"), [])
    assert.deepStrictEqual(await readBy("query", "--help"), [])
  })

  it("one package.json of each dependency is read to ask about a task", async () => {
    const manifests = names.map((name) => `node_modules/${name}/package.json`)
    assert.deepStrictEqual(await readBy("query", `jimmy:${id}`), ["package.json", ...manifests])
  })
})
