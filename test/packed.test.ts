/** Projects that install packages from their tarballs, as users install them from the registry. */
import { execFile } from "node:child_process"
import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { startEmulator } from "@gentask/emulator"
import { footprintErrors, measureFootprint } from "@gentask/tooling/footprint"
import { installInto } from "@gentask/tooling/installInto"
import { pack } from "@gentask/tooling/pack"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { accountsOn, accountVariables, replaceTask, systems } from "./systems.ts"

const run = promisify(execFile)

let folder: Awaited<ReturnType<typeof temporaryFolder>>

/** A project with core alone. Each provider is added to a copy of it, which is faster than to install core again. */
const coreProject = (): string => join(folder.path, "core-project")

beforeAll(async () => {
  folder = await temporaryFolder()
  await installInto(coreProject(), [await pack("core", folder.path)])
}, 120_000)
afterAll(() => folder[Symbol.asyncDispose]())

/** A program that queries, watches, waits for and saves a task, and prints the results as JSON. */
const program = (provider: string, options: string): string => `
import { createGentask, PollPolicy } from "@gentask/core"
import { ${provider} } from "@gentask/provider-${provider}"

const { REF, KEY, BASE, DIR } = process.env
const gentask = createGentask({
  providers: [${provider}({ apiKey: KEY, baseUrl: BASE${options} })],
  pollPolicy: PollPolicy.growing({ min: 50 })
})
const first = await gentask.query(REF)
const statuses = []
for await (const snapshot of gentask.watch(REF)) statuses.push(snapshot.status)
const task = await gentask.wait(REF, { timeout: "1 minute" })
const files = await gentask.save(task, { dir: DIR })
console.log(JSON.stringify({
  first: first.status,
  last: statuses.at(-1),
  status: task.status,
  files: files.map(({ bytes, mediaType }) => ({ bytes, mediaType }))
}))
`

const accountOptions: Readonly<Record<string, string>> = {
  "jimeng at octopusx": ', endpoint: "octopusx", account: "octopusx"',
  "jimeng at deepwl": ', endpoint: "deepwl", account: "deepwl"'
}

describe.each([...new Set(systems.map(({ script }) => script.vendor))])(
  "a project with core and provider-%s",
  (provider) => {
    const project = (): string => join(folder.path, provider)

    it(
      "installs no other provider, and queries, watches, waits for and saves a task",
      { timeout: 120_000 },
      async () => {
        await run("cp", ["-r", coreProject(), project()])
        await installInto(project(), [await pack(`provider-${provider}`, folder.path)])
        expect(await footprintErrors(await measureFootprint(project()), `provider-${provider}`)).toEqual([])

        await using emulator = await startEmulator()
        const { url, apiKey } = emulator
        const account = accountsOn(url, apiKey).find(({ spec }) => spec.id === provider)
        for (const { name, script, ref, mediaType } of systems) {
          if (script.vendor !== provider) continue
          emulator.clearRequests()
          const task = emulator.addTask({ ...script, end: "never" })
          await writeFile(join(project(), "main.js"), program(provider, accountOptions[name] ?? ""))
          const dir = join(project(), "out", task.id)
          const running = run(process.execPath, ["main.js"], {
            cwd: project(),
            env: {
              PATH: process.env["PATH"],
              REF: ref(task.id),
              KEY: apiKey,
              BASE: account?.baseUrl ?? url,
              DIR: dir
            }
          })
          // The second request is the first of the watch.
          await Promise.race([
            running,
            vi.waitFor(() => expect(emulator.requests.length).toBeGreaterThanOrEqual(2), { timeout: 60_000 })
          ])
          replaceTask(emulator, task, script)
          const { stdout, stderr } = await running
          expect(stderr).toBe("")
          expect(JSON.parse(stdout)).toEqual({
            first: "running",
            last: "succeeded",
            status: "succeeded",
            files: [{ bytes: expect.any(Number) as number, mediaType }]
          })
          expect((await readdir(dir)).filter((file) => file.endsWith(".json"))).toHaveLength(1)
        }
      }
    )

    it("has core as its only peer dependency and zod as its only dependency", async () => {
      const path = join(project(), "node_modules", "@gentask", `provider-${provider}`, "package.json")
      const manifest = JSON.parse(await readFile(path, "utf8")) as {
        readonly dependencies: object
        readonly peerDependencies: object
      }
      expect(Object.keys(manifest.dependencies)).toEqual(["zod"])
      expect(Object.keys(manifest.peerDependencies)).toEqual(["@gentask/core"])
    })
  }
)

describe("a project with the command line", () => {
  it(
    "installs one package without dependencies, and waits for and saves tasks of all systems",
    { timeout: 120_000 },
    async () => {
      await using emulator = await startEmulator()
      const project = join(folder.path, "cli")
      await installInto(project, [await pack("cli", folder.path)])
      const installed = await readdir(join(project, "node_modules"))
      expect(installed.filter((name) => !name.startsWith("."))).toEqual(["@gentask"])
      expect(await readdir(join(project, "node_modules", "@gentask"))).toEqual(["cli"])

      const refs = systems.map(({ script, ref }) => ref(emulator.addTask({ ...script, runningFor: 500 }).id))
      const { stdout } = await run(
        join(project, "node_modules", ".bin", "gentask"),
        ["wait", ...refs, "--save", "out", "--json", "--interval", "100ms"],
        { cwd: project, env: { PATH: process.env["PATH"], ...accountVariables(emulator) } }
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
