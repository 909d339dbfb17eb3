/** Every TypeScript example of the READMEs and documents: it compiles, and it runs, against the emulator. */
import { execFile } from "node:child_process"
import { glob, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { startEmulator, vendors } from "@gentask/emulator"
import type { Vendor } from "@gentask/emulator"
import { temporaryFolder } from "./folder.ts"

const run = promisify(execFile)
const root = fileURLToPath(new URL("..", import.meta.url))
/** Inside this package, so that the examples find the packages as a user's project would. */
const folder = fileURLToPath(new URL(".examples", import.meta.url))

interface Example {
  readonly name: string
  readonly code: string
  /** A test of a provider's package, marked `ts test`: it compiles, and needs a test runner to run. */
  readonly isTest: boolean
}

const readExamples = async (): Promise<ReadonlyArray<Example>> => {
  const examples: Array<Example> = []
  for await (const path of glob(["*.md", "docs/*.md", "packages/*/README.md", "examples/*/README.md"], {
    cwd: root
  })) {
    const text = await readFile(join(root, path), "utf8")
    const blocks = [...text.matchAll(/^```ts( test)?\n(.*?)^```$/gms)]
    blocks.forEach(([, mark, code = ""], index) => {
      examples.push({ name: `${path.replace(/\W+/g, "-")}-${index + 1}`, code, isTest: mark !== undefined })
    })
  }
  return examples
}

/** The example with its vendors on the emulator: their hosts and keys are all that is changed. */
const onEmulator = (code: string, url: string, apiKey: string): string =>
  code
    .replace(/baseUrl: "[^"]*",? ?/g, "")
    .replace(/apiKey: process\.env\.\w+/g, `apiKey: "${apiKey}", baseUrl: "${url}"`)

/** The vendors' variables, for examples that read them by themselves. */
const variablesOf = (url: string, apiKey: string): Record<string, string> =>
  Object.fromEntries(
    vendors.flatMap((vendor) => [
      [`${vendor.toUpperCase()}_BASE_URL`, url],
      [`${vendor.toUpperCase()}_API_KEY`, apiKey]
    ])
  )

/** An example as it compiles here; a test stands beside the sources of its package. */
const asModule = ({ code, isTest }: Example): string =>
  `${isTest ? code.replace("../src/index.ts", "@gentask/provider-jimmy") : code}\nexport {}\n`

/** The refs that an example names, as tasks for the emulator. */
const tasksOf = (code: string): ReadonlyArray<{ vendor: Vendor; id: string; kind: "image" | "video" }> => {
  const refs = [...code.matchAll(/"(jimmy|sora|jimeng|aigptimage)(?:@[a-z0-9-]+)?:([^"?]+)(\?[^"]*)?"/g)]
  const tasks = refs.map((match) => ({
    vendor: match[1] as Vendor,
    id: match[2] ?? "",
    kind:
      match[1] === "sora" || match[3]?.includes("kind=video") === true
        ? ("video" as const)
        : ("image" as const)
  }))
  return [...new Map(tasks.map((task) => [`${task.vendor} ${task.kind} ${task.id}`, task])).values()]
}

const examples = await readExamples()
const runnable = examples.filter(({ isTest }) => !isTest)

describe("the examples in the documents", () => {
  beforeAll(async () => {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it("are there", () => {
    expect(examples.length).toBeGreaterThanOrEqual(7)
  })

  it("compile as they stand", { timeout: 60_000 }, async () => {
    await Promise.all(
      examples.map((example) => writeFile(join(folder, `${example.name}.ts`), asModule(example)))
    )
    const config = {
      extends: "../../tsconfig.json",
      // An example reads the environment as people write it, and need not use all that it shows.
      compilerOptions: { noUnusedLocals: false, exactOptionalPropertyTypes: true },
      include: ["./*.ts"]
    }
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config))
    const result = await run("pnpm", ["exec", "tsc", "--noEmit", "-p", relative(root, folder)], {
      cwd: root
    }).catch((error: { readonly stdout: string }) => error)
    expect(result.stdout).toBe("")
  })

  it.concurrent.each(runnable)("run: $name", { timeout: 60_000 }, async ({ name, code }) => {
    await using emulator = await startEmulator()
    await using out = await temporaryFolder()
    for (const task of tasksOf(code)) emulator.addTask(task)
    const path = join(folder, `${name}.run.ts`)
    await writeFile(path, onEmulator(code, emulator.url, emulator.apiKey))
    const result = await run(process.execPath, ["--conditions=@gentask/source", path], {
      cwd: out.path,
      env: {
        PATH: process.env["PATH"],
        NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
        ...variablesOf(emulator.url, emulator.apiKey)
      }
    })
    expect(result.stderr.replace(/^(queued|running|succeeded) .*\n/gm, "")).toBe("")
  })
})
