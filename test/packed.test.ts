/** Selective installs: a project that has only core and one provider, from packed tarballs, does the whole job. */
import { execFile } from "node:child_process"
import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startEmulator } from "@gentask/emulator"
import { temporaryFolder } from "./folder.ts"
import { ceiling, footprintOf } from "./footprint.ts"
import { installInto, pack } from "./packed.ts"
import { systems } from "./systems.ts"

const run = promisify(execFile)

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let core = ""

beforeAll(async () => {
  folder = await temporaryFolder()
  core = await pack("core", folder.path)
})
afterAll(() => folder[Symbol.asyncDispose]())

/** What a stranger writes: the whole job, told as JSON on the last line. */
const program = (provider: string, options: string): string => `
import { createGentask, PollPolicy } from "@gentask/core"
import { ${provider} } from "@gentask/provider-${provider}"

const { REF, KEY, BASE, DIR } = process.env
const gentask = createGentask({
  providers: [${provider}({ apiKey: KEY, baseUrl: BASE${options} })],
  pollPolicy: PollPolicy.growing({ min: 50 })
})
const first = await gentask.query(REF)
const seen = []
for await (const snapshot of gentask.watch(REF)) seen.push(snapshot.status)
const task = await gentask.wait(REF, { timeout: "10 seconds" })
const files = await gentask.save(task, { dir: DIR })
console.log(JSON.stringify({
  first: first.status,
  last: seen.at(-1),
  status: task.status,
  files: files.map(({ bytes, mediaType }) => ({ bytes, mediaType }))
}))
`

const accountOptions: Readonly<Record<string, string>> = {
  "jimeng at octopusx": ', endpoint: "octopusx", account: "octopusx"',
  "jimeng at deepwl": ', endpoint: "deepwl", account: "deepwl"'
}

describe.each([...new Map(systems.map((system) => [system.script.vendor, system])).keys()])(
  "core and provider-%s alone",
  (provider) => {
    it(
      "do the whole job in an empty project, and bring no other provider",
      { timeout: 120_000 },
      async () => {
        await using emulator = await startEmulator()
        const project = join(folder.path, provider)
        await installInto(project, [core, await pack(`provider-${provider}`, folder.path)])
        const { gentask, packages, size } = await footprintOf(project)
        expect(gentask).toEqual(["core", `provider-${provider}`])
        expect(packages).toBeLessThanOrEqual(ceiling.packages)
        expect(size / 1e6).toBeLessThanOrEqual(ceiling.size)

        for (const system of systems.filter(({ script }) => script.vendor === provider)) {
          const { id } = emulator.addTask({ ...system.script, runningFor: 3000 })
          await writeFile(join(project, "main.js"), program(provider, accountOptions[system.name] ?? ""))
          const dir = join(project, "out", id)
          const { stdout, stderr } = await run(process.execPath, ["main.js"], {
            cwd: project,
            env: {
              PATH: process.env["PATH"],
              REF: system.ref(id),
              KEY: emulator.apiKey,
              BASE: emulator.url,
              DIR: dir
            }
          })
          expect(stderr).toBe("")
          expect(JSON.parse(stdout)).toEqual({
            first: "running",
            last: "succeeded",
            status: "succeeded",
            files: [{ bytes: expect.any(Number) as number, mediaType: system.mediaType }]
          })
          expect((await readdir(dir)).filter((name) => name.endsWith(".json"))).toHaveLength(1)
        }
      }
    )

    it("declare no more than they may: core as peer, zod as dependency", async () => {
      const manifest = JSON.parse(
        await readFile(
          join(folder.path, provider, "node_modules", "@gentask", `provider-${provider}`, "package.json"),
          "utf8"
        )
      ) as { readonly dependencies: object; readonly peerDependencies: object }
      expect(Object.keys(manifest.dependencies)).toEqual(["zod"])
      expect(Object.keys(manifest.peerDependencies)).toEqual(["@gentask/core"])
    })
  }
)

describe("the command line alone", () => {
  it(
    "installs as one package without dependencies, and does the whole job",
    { timeout: 120_000 },
    async () => {
      await using emulator = await startEmulator()
      const project = join(folder.path, "cli")
      await installInto(project, [await pack("cli", folder.path)])
      const installed = await readdir(join(project, "node_modules"))
      expect(installed.filter((name) => !name.startsWith("."))).toEqual(["@gentask"])
      expect(await readdir(join(project, "node_modules", "@gentask"))).toEqual(["cli"])

      const refs = systems.map(({ script, ref }) => ref(emulator.addTask({ ...script, runningFor: 500 }).id))
      const account = (name: string) => ({
        [`${name}_API_KEY`]: emulator.apiKey,
        [`${name}_BASE_URL`]: emulator.url
      })
      const names = ["JIMMY", "SORA", "JIMENG_OCTOPUSX", "JIMENG_DEEPWL", "AIGPTIMAGE"]
      const env = { PATH: process.env["PATH"], ...Object.assign({}, ...names.map(account)) }
      const { stdout } = await run(
        join(project, "node_modules", ".bin", "gentask"),
        ["wait", ...refs, "--save", "out", "--json", "--interval", "100ms"],
        { cwd: project, env }
      )
      const lines = stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { readonly ref: string; readonly status: string })
      expect(lines.map(({ ref, status }) => `${ref} ${status}`).toSorted()).toEqual(
        refs.map((ref) => `${ref} succeeded`).toSorted()
      )
      expect(await readdir(join(project, "out"))).toHaveLength(2 * refs.length)
    }
  )
})
