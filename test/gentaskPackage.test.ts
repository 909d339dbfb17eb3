/** The package `gentask` in an empty project, as users install it from the registry. */
import { execFile } from "node:child_process"
import { readdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startEmulator } from "@gentask/emulator"
import { installInto } from "@gentask/tooling/installInto"
import { pack } from "@gentask/tooling/pack"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { testVendors } from "./testVendors.ts"

const run = promisify(execFile)
const root = fileURLToPath(new URL("..", import.meta.url))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const project = (): string => join(folder.path, "project")

beforeAll(async () => {
  folder = await temporaryFolder()
  await installInto(project(), [await pack("gentask", folder.path)])
}, 120_000)
afterAll(() => folder[Symbol.asyncDispose]())

/** The TypeScript examples of a document, with the imports of the scoped packages replaced. */
const examplesOf = async (path: string): Promise<ReadonlyArray<string>> => {
  const text = await readFile(join(root, path), "utf8")
  return Array.from(text.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = ""]) => code)
    .filter((code) => !/"@gentask\/(?:emulator|core\/provider)"|^import \w+,? /m.test(code))
    .map((code) => code.replace(/"@gentask\/(?:core|ledger|provider-[a-z]+)"/g, '"gentask"'))
}

describe("the package gentask", () => {
  it("installs nothing else", async () => {
    expect((await readdir(join(project(), "node_modules"))).filter((name) => !name.startsWith("."))).toEqual([
      "gentask"
    ])
  })

  it("exports the factory of every provider", async () => {
    const ids = testVendors.map(({ spec }) => spec.id).toSorted()
    await writeFile(
      join(project(), "ids.js"),
      `import * as all from "gentask"
       console.log(JSON.stringify(Object.keys(all)))`
    )
    const { stdout } = await run(process.execPath, ["ids.js"], { cwd: project() })
    expect(JSON.parse(stdout)).toEqual(expect.arrayContaining(ids))
  })

  it("creates a task, waits for it and saves it", async () => {
    await using emulator = await startEmulator()
    await writeFile(
      join(project(), "main.js"),
      `import { createGentask, jimmy, openLedger } from "gentask"
       await using ledger = await openLedger({ path: "ledger.db" })
       await using gentask = createGentask({
         providers: [jimmy({ apiKey: process.env.JIMMY_API_KEY, baseUrl: process.env.JIMMY_BASE_URL })],
         ledger
       })
       const request = jimmy.models["gpt-image-2"]({ prompt: "A fox in the snow" })
       const { files } = await gentask.generate(request, { dir: "out", timeout: "1 minute" })
       console.log(JSON.stringify(files.map(({ mediaType }) => mediaType)))`
    )
    const { stdout } = await run(process.execPath, ["main.js"], {
      cwd: project(),
      env: { PATH: process.env["PATH"], JIMMY_API_KEY: emulator.apiKey, JIMMY_BASE_URL: emulator.url }
    })
    expect(JSON.parse(stdout)).toEqual(["image/png"])
  })

  it("does not print a page of its own code for an uncaught error", async () => {
    await writeFile(
      join(project(), "uncaught.js"),
      `import { createGentask } from "gentask"
       await createGentask({ providers: [] }).query("other:1")`
    )
    const { stderr } = await run(process.execPath, ["uncaught.js"], { cwd: project() }).catch(
      (error: unknown) => error as { readonly stderr: string }
    )
    expect(stderr).toContain('unknown provider "other"')
    expect(stderr.length).toBeLessThan(4000)
  })

  it("has the command line, with all its parts", async () => {
    await using emulator = await startEmulator()
    const ref = `jimmy:${emulator.addTask({ vendor: "jimmy" }).id}`
    const env = {
      PATH: process.env["PATH"],
      HOME: folder.path,
      JIMMY_API_KEY: emulator.apiKey,
      JIMMY_BASE_URL: emulator.url
    }
    const gentask = (...args: ReadonlyArray<string>) =>
      run("npx", ["--no-install", "gentask", ...args], { cwd: project(), env })
    expect((await gentask("wait", ref, "--save", "cli", "--json")).stdout).toContain('"succeeded"')
    expect((await gentask("skill")).stdout).toContain("name: gentask")
    expect((await gentask("new", "provider", "acme")).stdout).toContain("gentask-provider-acme")
    expect((await gentask("serve", "--help")).stdout).toContain("--database")
  })

  it(
    "has complete types: the examples of the guide compile without skipLibCheck",
    { timeout: 120_000 },
    async () => {
      const examples = await examplesOf("docs/promises.md")
      expect(examples.length).toBeGreaterThan(15)
      await Promise.all(
        examples.map((code, index) =>
          writeFile(join(project(), `example-${index}.ts`), `${code}\nexport {}\n`)
        )
      )
      const options = {
        target: "ES2024",
        lib: ["ES2024", "ESNext.Disposable"],
        module: "NodeNext",
        strict: true,
        noEmit: true,
        types: ["node"],
        typeRoots: [join(root, "node_modules", "@types")]
      }
      await writeFile(
        join(project(), "tsconfig.json"),
        JSON.stringify({ compilerOptions: options, include: ["example-*.ts"] })
      )
      const { stdout } = await run(process.execPath, [
        join(root, "node_modules/typescript/bin/tsc"),
        "-p",
        project()
      ]).catch((error: { readonly stdout: string }) => error)
      expect(stdout).toBe("")
    }
  )
})
