/**
 * A stranger's program, run in a project that has every package installed from its tarball, on whichever Node runs it:
 * imports each entry that is exported, does the whole job with the library and with the command line, and says on its last
 * line what it did.
 */
import { execFile } from "node:child_process"
import { readFile, readdir } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { systems, startSystems } from "./systems.ts"

const run = promisify(execFile)
const out = join("out", process.versions.node)
const scope = join("node_modules", "@gentask")

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Readonly<Record<string, unknown>>
  readonly bin?: { readonly gentask: string }
}

const entries: Array<string> = []
let command = ""
let version = ""
for (const folder of await readdir(scope)) {
  const manifest = JSON.parse(await readFile(join(scope, folder, "package.json"), "utf8")) as Manifest
  for (const entry of Object.keys(manifest.exports).filter((each) => !each.endsWith(".json"))) {
    await import(manifest.name + entry.slice(1))
    entries.push(manifest.name + entry.slice(1))
  }
  if (manifest.bin !== undefined) {
    command = join(scope, folder, manifest.bin.gentask)
    version = manifest.version
  }
}

const all = await startSystems()
const { emulator, gentask } = all
const makeRefs = () =>
  systems.map(({ script, ref }) => ref(emulator.addTask({ ...script, runningFor: 300 }).id))

const library = await Promise.all(
  makeRefs().map(async (ref) => {
    await gentask.query(ref)
    const task = await gentask.wait(ref, { timeout: "20 seconds" })
    const files = await gentask.save(task, { dir: join(out, "library") })
    return `${task.status} ${files.length}`
  })
)

const account = (name: string) => ({
  [`${name}_API_KEY`]: emulator.apiKey,
  [`${name}_BASE_URL`]: emulator.url
})
const names = ["JIMMY", "SORA", "JIMENG_OCTOPUSX", "JIMENG_DEEPWL", "AIGPTIMAGE"]
const env = { ...process.env, ...Object.assign({}, ...names.map(account)) }
const said = await run(process.execPath, [command, "--version"], { env })
const { stdout } = await run(
  process.execPath,
  [command, "wait", ...makeRefs(), "--save", join(out, "command"), "--json", "--interval", "100ms"],
  { env }
)
const waited = stdout
  .trim()
  .split("\n")
  .map((line) => (JSON.parse(line) as { readonly status: string }).status)

// Node 22 has no `await using`.
await all[Symbol.asyncDispose]()

console.log(
  JSON.stringify({
    node: process.versions.node,
    entries,
    library,
    versionSaid: said.stdout.includes(version),
    command: waited,
    files: (await readdir(join(out, "command"))).length
  })
)
