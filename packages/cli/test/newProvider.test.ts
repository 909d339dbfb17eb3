import { existsSync, readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { linesOf, onlyJsonOf, run } from "./gentask.ts"
import { newFolder, newProject } from "./project.ts"

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

/** Reads all files of a new package. */
const readPackage = (dir: string): ReadonlyArray<readonly [string, string]> =>
  paths.map((path) => [path, read(dir, path)])

const createPackage = async (...args: ReadonlyArray<string>): Promise<string> => {
  const dir = join(newFolder(), "created")
  const { status, stderr } = await run(["new", "provider", ...args, "--dir", dir])
  assert.strictEqual(status, 0, stderr)
  return dir
}

describe("gentask new provider", () => {
  it("writes a package, and prints its paths and the next steps", async () => {
    const cwd = newFolder()
    const { status, stdout, stderr } = await run(["new", "provider", "acme"], { cwd })
    const created = paths.map((path) => join("gentask-provider-acme", path))
    assert.deepStrictEqual(
      { status, created: linesOf(stdout).toSorted() },
      { status: 0, created: created.toSorted() }
    )
    for (const path of created) assert.isTrue(existsSync(join(cwd, path)), path)
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

  it("uses the names of the vendor in all files", async () => {
    const files = readPackage(await createPackage("acme-video-2"))
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

  it("renames the factory if the id is a reserved word", async () => {
    const indexOf = async (id: string): Promise<string> => read(await createPackage(id), "src", "index.ts")
    assert.include(await indexOf("class"), "export const classProvider = ")
    assert.include(await indexOf("spec"), "export const specProvider = ")
  })

  it("depends on the versions that this workspace is tested with, and on the core of the bundled providers", async () => {
    const created = readManifest(await createPackage("acme"))
    const here = join(import.meta.dirname, "..")
    const installed = (name: string, at = join(here, "..", "..")): string =>
      `^${String(readManifest(at, "node_modules", name)["version"])}`
    const tools = ["@changesets/cli", "@types/node", "effect", "publint", "typescript", "vitest"]
    assert.deepStrictEqual(
      [created["dependencies"], created["devDependencies"], created["peerDependencies"]],
      [
        { zod: installed("zod", here) },
        {
          "@gentask/core": `^${String(readManifest(here, "..", "core")["version"])}`,
          "@gentask/testing": `^${String(readManifest(here, "..", "testing")["version"])}`,
          ...Object.fromEntries(tools.map((name) => [name, installed(name)]))
        },
        readManifest(here, "..", "provider-jimmy")["peerDependencies"]
      ]
    )
  })

  it("uses the same versions of actions as this repository", async () => {
    const own = read(import.meta.dirname, "../../..", ".github/workflows/checks.yml")
    const used = read(await createPackage("acme"), ".github/workflows/check.yml").match(/uses: .*/g) ?? []
    assert.lengthOf(used, 2)
    for (const each of used) assert.include(own, each)
  })

  it("marks each place to fill in once, and lists all of them in the README", async () => {
    const dir = await createPackage("acme")
    const marked = readPackage(dir).flatMap(([path, text]) =>
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
  it.each([[["new"]], [["new", "provider"]]])("%j --help prints two examples", async (args) => {
    const { status, stdout, stderr } = await run([...args, "--help"])
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const examples = stdout.slice(stdout.indexOf("EXAMPLES"))
    assert.lengthOf(
      linesOf(examples).filter((line) => line.startsWith("  gentask new provider")),
      2
    )
  })

  it("fails with status 2 without a subcommand", async () => {
    const { status, stdout } = await run(["new"])
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
  })
})

describe("gentask new provider fails and writes nothing", () => {
  it("if the folder is not empty", async () => {
    const cwd = newProject({ "gentask-provider-acme/notes.txt": "mine" })
    const { status, stdout, stderr } = await run(["new", "provider", "acme"], { cwd })
    assert.deepStrictEqual(
      { status, stdout, stderr },
      {
        status: 2,
        stdout: "",
        stderr:
          "gentask: Cannot write to gentask-provider-acme: the folder is not empty. Choose another folder with --dir. See gentask new provider --help.\n"
      }
    )
    assert.deepStrictEqual(readdirSync(join(cwd, "gentask-provider-acme")), ["notes.txt"])
  })

  it("if the folder is a file", async () => {
    const cwd = newProject({ acme: "mine" })
    const { status, stderr } = await run(["new", "provider", "acme", "--dir", "acme"], { cwd })
    assert.strictEqual(status, 2)
    assert.match(
      stderr,
      /^gentask: Cannot write to acme: .*\. Choose another folder with --dir\. See gentask new provider --help\.\n$/
    )
  })

  it.each(["Acme", "-acme", "acme_video", "acme--video", "4acme"])("if the id is %s", async (id) => {
    const cwd = newFolder()
    const { status, stdout, stderr } = await run(["new", "provider", "--", id], { cwd })
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.include(stderr, `gentask: Invalid provider id ${JSON.stringify(id)}: expected `)
    assert.deepStrictEqual(readdirSync(cwd), [])
  })

  it.each(["My Package", "@me/", "a".repeat(215)])("if the package name is %s", async (name) => {
    const cwd = newFolder()
    const { status, stderr } = await run(["new", "provider", "acme", "--name", name], { cwd })
    assert.strictEqual(status, 2)
    assert.include(
      stderr,
      `gentask: Invalid npm package name ${JSON.stringify(name)}: expected a name such as gentask-provider-acme or `
    )
    assert.deepStrictEqual(readdirSync(cwd), [])
  })
})

describe("gentask new provider succeeds", () => {
  it("in an empty folder and in a new repository", async () => {
    const cwd = newProject({ "new/.git/HEAD": "" })
    const { status } = await run(["new", "provider", "acme", "--dir", "new"], { cwd })
    assert.strictEqual(status, 0)
    assert.deepStrictEqual(
      (await run(["new", "provider", "acme", "--dir", "."], { cwd: newFolder() })).status,
      0
    )
  })

  it("with the id of a bundled provider, and prints a warning", async () => {
    const { status, stderr } = await run(["new", "provider", "jimmy"], { cwd: newFolder() })
    assert.strictEqual(status, 0)
    assert.include(stderr, "Warning: gentask already includes a provider jimmy.")
  })
})
