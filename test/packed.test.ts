/** Selective installs: a project that has only core and one provider, from packed tarballs, does the whole job. */
import { execFile } from "node:child_process"
import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startEmulator } from "@gentask/emulator"
import { temporaryFolder } from "./folder.ts"
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
        expect((await readdir(join(project, "node_modules", "@gentask"))).toSorted()).toEqual([
          "core",
          `provider-${provider}`
        ])

        for (const system of systems.filter(({ script }) => script.vendor === provider)) {
          const { id } = emulator.addTask({ ...system.script, runningFor: 1500 })
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
