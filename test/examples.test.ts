/** Every TypeScript example of the READMEs and documents compiles, and runs against the emulator. */
import { execFile } from "node:child_process"
import { glob, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { moduleNames, startEmulator, vendorAccounts, vendors } from "@gentask/emulator"
import type { TaskScript, Vendor } from "@gentask/emulator"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"

const run = promisify(execFile)
const root = fileURLToPath(new URL("..", import.meta.url))
/** Inside this package, so that imports resolve as in a user's project. */
const folder = fileURLToPath(new URL(".examples", import.meta.url))

interface Example {
  readonly name: string
  readonly code: string
  /** The block is marked as `ts test`: it is a test of a provider's package, which only compiles here. */
  readonly isTest: boolean
}

const readExamples = async (): Promise<ReadonlyArray<Example>> => {
  const examples: Array<Example> = []
  for await (const path of glob(
    ["*.md", "docs/*.md", "packages/*/README.md", "packages/*/AGENTS.md", "examples/*/README.md"],
    {
      cwd: root
    }
  )) {
    const text = await readFile(join(root, path), "utf8")
    const blocks = [...text.matchAll(/^```ts( test)?\n(.*?)^```$/gms)]
    blocks.forEach(([, mark, code = ""], index) => {
      examples.push({ name: `${path.replace(/\W+/g, "-")}-${index + 1}`, code, isTest: mark !== undefined })
    })
  }
  return examples
}

/** The base URL of a vendor, which is that of the emulator or below it. */
const baseUrlOf = (vendor: string, url: string): string =>
  vendorAccounts({ url, apiKey: "", accessKey: "" }).find(({ name }) => name === vendor)?.variables[
    `${vendor.toUpperCase()}_BASE_URL`
  ] ?? url

/** Replaces the hosts and keys of vendors by those of an emulator. */
const useEmulator = (code: string, url: string, apiKey: string): string =>
  code
    .replace(/baseUrl: "[^"]*",? ?/g, "")
    .replace(
      /apiKey: process\.env\.([A-Z]+)\w*/g,
      (_, vendor: string) => `apiKey: "${apiKey}", baseUrl: "${baseUrlOf(vendor.toLowerCase(), url)}"`
    )

/** Environment variables of all vendors, for examples that read them. */
const variablesOf = (url: string, apiKey: string): Record<string, string> =>
  Object.fromEntries(
    vendors.flatMap((vendor) => [
      [`${vendor.toUpperCase()}_BASE_URL`, baseUrlOf(vendor, url)],
      [`${vendor.toUpperCase()}_API_KEY`, apiKey]
    ])
  )

/** Returns an example as a module. A test imports the sources of its package, which are not in this folder. */
const asModule = ({ code, isTest }: Example): string =>
  `${isTest ? code.replace("../src/index.ts", "@gentask/provider-jimmy") : code}\nexport {}\n`

const refPattern = new RegExp(`"(${vendors.join("|")})(?:@[a-z0-9-]+)?:([^"?]+)(\\?[^"]*)?"`, "g")

/** Returns the tasks whose refs an example contains. */
const tasksOf = (code: string): ReadonlyArray<TaskScript> => {
  const tasks = [...code.matchAll(refPattern)].map((match): TaskScript => {
    const vendor = match[1] as Vendor
    const [, , id = "", search = ""] = match
    if (moduleNames.some((name) => name === vendor))
      return { vendor, id, data: Object.fromEntries(new URLSearchParams(search)) }
    return { vendor, id, kind: vendor === "sora" || search.includes("kind=video") ? "video" : "image" }
  })
  return [...new Map(tasks.map((task) => [`${task.vendor} ${task.kind} ${task.id}`, task])).values()]
}

/** The file that the example of ComfyUI reads. */
const workflow = JSON.stringify({
  "6": { class_type: "CLIPTextEncode", inputs: { text: "{{prompt}}" } },
  "9": { class_type: "SaveImage", inputs: { images: ["6", 0] } }
})

const examples = await readExamples()
const programs = examples.filter(({ isTest }) => !isTest)

describe("the documents", () => {
  beforeAll(async () => {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it("contain examples", () => {
    expect(examples.length).toBeGreaterThanOrEqual(7)
  })

  it("contain examples that compile without a change", { timeout: 120_000 }, async () => {
    await Promise.all(
      examples.map((example) => writeFile(join(folder, `${example.name}.ts`), asModule(example)))
    )
    const config = {
      extends: "../../tsconfig.json",
      // An example need not use every variable that it declares.
      compilerOptions: { noUnusedLocals: false, exactOptionalPropertyTypes: true },
      include: ["./*.ts"]
    }
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config))
    const result = await run("pnpm", ["exec", "tsc", "--noEmit", "-p", relative(root, folder)], {
      cwd: root
    }).catch((error: { readonly stdout: string }) => error)
    expect(result.stdout).toBe("")
  })

  // The built packages load faster than their sources, and are what users run.
  it.concurrent.each(programs)(
    "contain the example $name, which runs without an error",
    { timeout: 120_000 },
    async ({ name, code }) => {
      await using emulator = await startEmulator()
      await using out = await temporaryFolder()
      for (const task of tasksOf(code)) emulator.addTask(task)
      await writeFile(join(out.path, "portrait_api.json"), workflow)
      const path = join(folder, `${name}.run.ts`)
      await writeFile(path, useEmulator(code, emulator.url, emulator.apiKey))
      const result = await run(process.execPath, [path], {
        cwd: out.path,
        env: {
          PATH: process.env["PATH"],
          NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
          ...variablesOf(emulator.url, emulator.apiKey)
        }
      })
      expect(result.stderr.replace(/^(queued|running|succeeded) .*\n/gm, "")).toBe("")
    }
  )
})
