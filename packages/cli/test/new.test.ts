import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { linesOf, newFolder, onlyJsonOf, run } from "./support.ts"

const paths = [
  ".changeset/README.md",
  ".changeset/config.json",
  ".changeset/first-release.md",
  ".github/workflows/check.yml",
  ".gitignore",
  "LICENSE",
  "README.md",
  "gentask.config.json",
  "package.json",
  "src/decode.ts",
  "src/index.ts",
  "src/wire.ts",
  "test/conformance.test.ts",
  "test/recordings/failed.json",
  "test/recordings/not-found.json",
  "test/recordings/queued.json",
  "test/recordings/rate-limited.json",
  "test/recordings/running.json",
  "test/recordings/succeeded.json",
  "tsconfig.build.json",
  "tsconfig.json"
]

const read = (...path: ReadonlyArray<string>): string => readFileSync(join(...path), "utf8")

const readManifest = (...folder: ReadonlyArray<string>): Record<string, unknown> =>
  JSON.parse(read(...folder, "package.json")) as Record<string, unknown>

/** What the package of a new provider holds, by path. */
const filesOf = (dir: string): ReadonlyArray<readonly [string, string]> =>
  paths.map((path) => [path, read(dir, path)])

const make = async (...args: ReadonlyArray<string>): Promise<string> => {
  const dir = join(newFolder(), "made")
  const { status, stderr } = await run(["new", "provider", ...args, "--dir", dir])
  assert.strictEqual(status, 0, stderr)
  return dir
}

describe("gentask new provider", () => {
  it("writes a package, prints its paths and says what to do next", async () => {
    const cwd = newFolder()
    const { status, stdout, stderr } = await run(["new", "provider", "acme"], { cwd })
    const made = paths.map((path) => join("gentask-provider-acme", path))
    assert.deepStrictEqual({ status, made: linesOf(stdout).toSorted() }, { status: 0, made: made.toSorted() })
    for (const path of made) assert.isTrue(existsSync(join(cwd, path)), path)
    assert.include(stderr, "  1. cd gentask-provider-acme && npm install && npm test")
    assert.deepStrictEqual(
      Array.from(stderr.matchAll(/^ {2}(\d)\. /gm), ([, step]) => step),
      ["1", "2", "3", "4", "5"]
    )
  })

  it("prints one object with --json", async () => {
    const cwd = newFolder()
    const { status, stdout } = await run(
      ["new", "provider", "acme", "--dir", "in/here", "--name", "@me/acme", "--json"],
      { cwd }
    )
    const { files, ...rest } = onlyJsonOf(stdout)
    assert.strictEqual(status, 0)
    assert.deepStrictEqual(rest, { provider: "acme", package: "@me/acme", dir: join("in", "here") })
    assert.deepStrictEqual(
      (files as ReadonlyArray<string>).toSorted(),
      paths.map((path) => join("in", "here", path)).toSorted()
    )
    assert.strictEqual(readManifest(cwd, "in", "here")["name"], "@me/acme")
  })

  it("calls the vendor by its name everywhere, in each form", async () => {
    const files = filesOf(await make("acme-video-2"))
    for (const [path, text] of files) assert.notMatch(text, /your.?vendor/i, path)
    const has = (path: string, text: string): void => {
      assert.include(files.find(([each]) => each === path)?.[1] ?? "", text)
    }
    has("src/index.ts", 'id: "acme-video-2"')
    has("src/index.ts", 'title: "Acme Video 2"')
    has("src/index.ts", "export const acmeVideo2 = providerFactory(spec)")
    has("src/wire.ts", "export type AcmeVideo2Task")
    has("README.md", "ACME_VIDEO_2_API_KEY")
    has("README.md", 'import { acmeVideo2 } from "gentask-provider-acme-video-2"')
    has(".changeset/first-release.md", '"gentask-provider-acme-video-2": minor')
    has("gentask.config.json", '"acme-video-2": "./src/index.ts"')
    has("test/recordings/queued.json", '"ref": "acme-video-2:task_0001"')
  })

  it("gives the factory another name where the id's own is taken", async () => {
    const source = async (id: string): Promise<string> => read(await make(id), "src", "index.ts")
    assert.include(await source("class"), "export const classProvider = ")
    assert.include(await source("spec"), "export const specProvider = ")
  })

  it("names what this workspace is tested with, and the same core as our own providers", async () => {
    const made = readManifest(await make("acme"))
    const here = join(import.meta.dirname, "..")
    const installed = (name: string, at = join(here, "..", "..")): string =>
      `^${String(readManifest(at, "node_modules", name)["version"])}`
    const tools = ["@changesets/cli", "@types/node", "effect", "publint", "typescript", "vitest"]
    assert.deepStrictEqual(
      [made["dependencies"], made["devDependencies"], made["peerDependencies"]],
      [
        { zod: installed("zod", here) },
        {
          "@gentask/core": `^${String(readManifest(here, "..", "core")["version"])}`,
          ...Object.fromEntries(tools.map((name) => [name, installed(name)]))
        },
        readManifest(here, "..", "provider-jimmy")["peerDependencies"]
      ]
    )
  })

  it("checks itself with the actions that this repository trusts", async () => {
    const own = read(import.meta.dirname, "../../..", ".github/workflows/checks.yml")
    const used = read(await make("acme"), ".github/workflows/check.yml").match(/uses: .*/g) ?? []
    assert.lengthOf(used, 2)
    for (const each of used) assert.include(own, each)
  })

  it("marks each place to fill in once, and lists it in the README", async () => {
    const dir = await make("acme")
    const marked = filesOf(dir).flatMap(([path, text]) =>
      path === "README.md"
        ? []
        : [...text.matchAll(/Fill in (\d+)/g)].map(([, number]) => `${number} ${path}`)
    )
    const listed = Array.from(read(dir, "README.md").matchAll(/^- \[ \] (\d+), `(.+?)`/gm), (found) =>
      found.slice(1).join(" ")
    )
    assert.deepStrictEqual(marked.toSorted(), listed)
    assert.lengthOf(listed, 6)
  })
})

describe("gentask new", () => {
  it.each([[["new"]], [["new", "provider"]]])("%j has help with two examples", async (words) => {
    const { status, stdout, stderr } = await run([...words, "--help"])
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const examples = stdout.slice(stdout.indexOf("EXAMPLES"))
    assert.lengthOf(
      linesOf(examples).filter((line) => line.startsWith("  gentask new provider")),
      2
    )
  })

  it("asks what is to be made", async () => {
    const { status, stdout } = await run(["new"])
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
  })
})

describe("gentask new provider writes nothing", () => {
  it("into a folder that holds something", async () => {
    const cwd = newFolder()
    mkdirSync(join(cwd, "gentask-provider-acme"))
    writeFileSync(join(cwd, "gentask-provider-acme", "notes.txt"), "mine")
    const { status, stdout, stderr } = await run(["new", "provider", "acme"], { cwd })
    assert.deepStrictEqual(
      { status, stdout, stderr },
      {
        status: 2,
        stdout: "",
        stderr:
          "gentask: Nothing can be written into the folder gentask-provider-acme: it is not empty. Choose another one with --dir.\n"
      }
    )
    assert.deepStrictEqual(readdirSync(join(cwd, "gentask-provider-acme")), ["notes.txt"])
  })

  it("where a file stands in the folder's place", async () => {
    const cwd = newFolder()
    writeFileSync(join(cwd, "acme"), "mine")
    const { status, stderr } = await run(["new", "provider", "acme", "--dir", "acme"], { cwd })
    assert.strictEqual(status, 2)
    assert.match(
      stderr,
      /^gentask: Nothing can be written into the folder acme: .* Choose another one with --dir\.\n$/
    )
  })

  it.each(["Acme", "-acme", "acme_video", "acme--video", "4acme"])("for the id %s", async (id) => {
    const cwd = newFolder()
    const { status, stdout, stderr } = await run(["new", "provider", "--", id], { cwd })
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.include(stderr, `gentask: ${JSON.stringify(id)} cannot be a provider's id`)
    assert.deepStrictEqual(readdirSync(cwd), [])
  })

  it.each(["My Package", "@me/", "a".repeat(215)])("for the package name %s", async (name) => {
    const cwd = newFolder()
    const { status, stderr } = await run(["new", "provider", "acme", "--name", name], { cwd })
    assert.strictEqual(status, 2)
    assert.include(
      stderr,
      "cannot be the name of an npm package. Choose one such as gentask-provider-acme or"
    )
    assert.deepStrictEqual(readdirSync(cwd), [])
  })
})

describe("gentask new provider goes on", () => {
  it("in an empty folder, and in a new repository", async () => {
    const cwd = newFolder()
    mkdirSync(join(cwd, "new", ".git"), { recursive: true })
    const { status } = await run(["new", "provider", "acme", "--dir", "new"], { cwd })
    assert.strictEqual(status, 0)
    assert.deepStrictEqual(
      (await run(["new", "provider", "acme", "--dir", "."], { cwd: newFolder() })).status,
      0
    )
  })

  it("with the id of a provider that gentask brings along, and says so", async () => {
    const { status, stderr } = await run(["new", "provider", "jimmy"], { cwd: newFolder() })
    assert.strictEqual(status, 0)
    assert.include(stderr, "gentask brings a provider jimmy along")
  })
})
