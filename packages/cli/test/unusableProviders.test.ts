import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { dependingOn, newProject, pluginSource, providerPackage } from "./project.ts"
import type { Files } from "./project.ts"
import { jsonLinesOf, linesOf, onlyJsonOf, pointedAt, run, secretKey } from "./support.ts"

let emulator: Emulator
let env: Record<string, string>
/** The ref of a task that can be asked about, whatever is wrong with acme. */
let good: string

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: secretKey })
  env = { ...pointedAt(emulator), ACME_API_KEY: secretKey, ACME_BASE_URL: emulator.url }
  good = `jimmy:${emulator.addTask({ vendor: "jimmy" }).id}`
})
afterAll(() => emulator.close())

const acmePackage = (source?: string, manifest?: object): Files => ({
  ...dependingOn("@me/acme"),
  ...providerPackage("acme", "@me/acme", source, manifest)
})

const wrong: ReadonlyArray<readonly [name: string, files: Files, problem: string]> = [
  [
    "is built for a newer contract, by its package.json",
    acmePackage("throw new Error('it was imported')", { gentask: { provider: "acme", specVersion: 2 } }),
    "The package @me/acme 1.2.0 is built for version 2 of the plugin contract, and this gentask speaks version 1. Update gentask."
  ],
  [
    "is built for an older contract, by its package.json",
    acmePackage(undefined, { gentask: { provider: "acme", specVersion: 0 } }),
    "The package @me/acme 1.2.0 is built for version 0 of the plugin contract, and this gentask speaks version 1. Update it."
  ],
  [
    "is built for another contract, by its spec",
    acmePackage(pluginSource("acme", { members: "specVersion: 3" })),
    "The package @me/acme 1.2.0 is built for version 3 of the plugin contract, and this gentask speaks version 1. Update gentask."
  ],
  [
    "throws when it is imported",
    acmePackage('throw new Error("no \\u001b[31mluck\\nand more\\n    at nowhere")'),
    "The package @me/acme 1.2.0 cannot be imported: no [31mluck. Mend it, or remove it."
  ],
  [
    "throws what is no error",
    acmePackage("throw undefined"),
    "The package @me/acme 1.2.0 cannot be imported: undefined. Mend it, or remove it."
  ],
  [
    "has no default export",
    acmePackage("export const spec = {}"),
    "The package @me/acme 1.2.0 has no default export. Let it export its spec: export default defineProvider({ … })"
  ],
  [
    "exports something else",
    acmePackage("export default () => ({})"),
    "The package @me/acme 1.2.0 is no provider, since its default export is wrong: Invalid input: expected object, received function. " +
      "It must be what defineProvider of @gentask/core/provider takes."
  ],
  [
    "lacks what a spec needs",
    acmePackage(pluginSource("acme", { members: "query: { request: () => ({}), interpret: null }" })),
    "The package @me/acme 1.2.0 is no provider, since its default export is wrong at query.response: it must be a Standard Schema. " +
      "It must be what defineProvider of @gentask/core/provider takes."
  ],
  [
    "throws when it is looked at",
    acmePackage(pluginSource("acme", { members: 'get title() { throw new Error("hands off.") }' })),
    "The package @me/acme 1.2.0 cannot be imported: hands off. Mend it, or remove it."
  ],
  [
    "has a spec of another id",
    acmePackage(pluginSource("acmee")),
    'The package @me/acme 1.2.0 is the provider "acmee" by its spec, and "acme" by its package.json. Let both say the same.'
  ],
  [
    "does not say its version of the contract",
    acmePackage(undefined, { gentask: { provider: "acme", specVersion: "1" } }),
    "The package @me/acme 1.2.0 does not say in its package.json for which version of the plugin contract it is built. " +
      'Write there: "gentask": { "provider": "acme", "specVersion": 1 }'
  ],
  [
    "lacks the keyword",
    acmePackage(undefined, { keywords: "gentask-provider" }),
    'The package @me/acme 1.2.0 has the field "gentask" in its package.json and not the keyword "gentask-provider". Add the keyword.'
  ],
  [
    "lacks its own dependency",
    acmePackage('import "@me/absent"'),
    "The package @me/acme 1.2.0 cannot be imported: Cannot find package '@me/absent' imported from FOLDER/node_modules/@me/acme/index.js. Mend it, or remove it."
  ]
]

describe("a dependency that cannot be used stops its own tasks alone, where it", () => {
  it.each(wrong)("%s", async (_, files, sentence) => {
    const cwd = newProject(files)
    const problem = sentence.replace("FOLDER", cwd)
    const [unrelated, asked, listed] = await Promise.all([
      run(["query", "--json", good], { cwd, env }),
      run(["query", "--json", "acme:1"], { cwd, env }),
      run(["providers", "--json"], { cwd, env })
    ])
    assert.deepStrictEqual({ status: unrelated.status, stderr: unrelated.stderr }, { status: 0, stderr: "" })
    const message = `acme:1: the provider acme cannot be used. ${problem}`
    assert.deepStrictEqual(
      { status: asked.status, stderr: asked.stderr, line: onlyJsonOf(asked.stdout) },
      {
        status: 2,
        stderr: `gentask: ${message}\n`,
        line: {
          ref: "acme:1",
          error: { type: "ConfigurationError", problem: "UnsupportedProvider", message }
        }
      }
    )
    assert.deepStrictEqual({ status: listed.status, stderr: listed.stderr }, { status: 0, stderr: "" })
    const lines = jsonLinesOf(listed.stdout)
    assert.deepStrictEqual(
      [...new Set(lines.map(({ provider }) => provider))],
      ["jimmy", "sora", "jimeng", "aigptimage", "acme"]
    )
    assert.deepStrictEqual(lines.at(-1), {
      provider: "acme",
      title: null,
      version: "1.2.0",
      source: { kind: "project", package: "@me/acme", path: join(cwd, "node_modules/@me/acme") },
      endpoints: {},
      makes: [],
      hints: [],
      examples: [],
      account: null,
      endpoint: null,
      baseUrl: null,
      key: null,
      docs: null,
      problem
    })
  })

  it("never ends being imported", async () => {
    const cwd = newProject(acmePackage("await new Promise(() => undefined)"))
    const { status, stderr } = await run(["query", "acme:1"], { cwd, env })
    assert.deepStrictEqual(
      { status, stderr },
      {
        status: 2,
        stderr:
          "gentask: acme:1: the provider acme cannot be used. The package @me/acme 1.2.0 cannot be imported: it is not done after 10 s.\n"
      }
    )
  })

  it("fails at its settings", async () => {
    const limits = 'limits: () => { throw new Error("no limits") }'
    const cwd = newProject(acmePackage(pluginSource("acme", { members: limits })))
    const problem =
      "The provider of acme fails at the account's settings: no limits. Mend the provider, or tell its author."
    const { status, stderr } = await run(["query", "acme:1"], { cwd, env })
    assert.deepStrictEqual({ status, stderr }, { status: 2, stderr: `gentask: acme:1: ${problem}\n` })
    const listed = await run(["providers", "--json"], { cwd, env })
    assert.strictEqual(jsonLinesOf(listed.stdout).at(-1)?.["problem"], problem)
  })

  it("is one of a list that is waited for", async () => {
    const cwd = newProject(acmePackage("export const spec = {}"))
    const { status, stdout, stderr } = await run(["wait", "acme:1", good], { cwd, env })
    assert.strictEqual(status, 2)
    assert.match(stdout, new RegExp(`^${good}  succeeded\n`))
    assert.match(stderr, /^gentask: acme:1: the provider acme cannot be used\. /)
  })
})

describe("a dependency that does not say which provider it is", () => {
  /** What `providers` lists beside the bundled ones. */
  const others = async (cwd: string) => {
    const { stdout } = await run(["providers", "--json"], { cwd, env })
    return jsonLinesOf(stdout)
      .map(({ provider, source, problem }) => ({ provider, source, problem }))
      .filter(({ source }) => (source as { kind: string }).kind !== "bundled")
  }

  const unknownTo = async (cwd: string): Promise<string> => {
    const [unrelated, asked] = await Promise.all([
      run(["query", good], { cwd, env }),
      run(["query", "acme:1"], { cwd, env })
    ])
    assert.deepStrictEqual({ status: unrelated.status, stderr: unrelated.stderr }, { status: 0, stderr: "" })
    assert.strictEqual(asked.status, 2)
    return linesOf(asked.stderr).join()
  }

  it.each([
    ["has the keyword alone", undefined],
    ["has a field that is no object", "acme"],
    ["has an id that is none", { provider: "Acme!", specVersion: 1 }],
    ["has an id that is no text", { provider: 7, specVersion: 1 }]
  ])("since it %s, is told as it is", async (_, gentask) => {
    const cwd = newProject(acmePackage(undefined, { gentask }))
    const problem =
      "The package @me/acme 1.2.0 names no provider of lower-case letters, digits and hyphens in its package.json. " +
      'Write there: "gentask": { "provider": "acme", "specVersion": 1 }'
    const path = join(cwd, "node_modules/@me/acme")
    assert.deepStrictEqual(await others(cwd), [
      { provider: null, source: { kind: "project", package: "@me/acme", path }, problem }
    ])
    assert.include(await unknownTo(cwd), ` under plugins in gentask.config.json. ${problem} If this is`)
  })

  it("since it is not installed, is told with npm install", async () => {
    const cwd = newProject(dependingOn("acme"))
    const path = join(cwd, "package.json")
    const problem = `The dependency acme of ${path} is not installed. If it is a provider, run: npm install`
    assert.deepStrictEqual(await others(cwd), [
      { provider: null, source: { kind: "project", package: null, path }, problem }
    ])
    assert.include(await unknownTo(cwd), problem)
  })

  it("since many are not installed, is told in one sentence, without those that may be absent", async () => {
    const many = (prefix: string, count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, "*"]))
    const cwd = newProject({
      "package.json": {
        dependencies: many("a", 3),
        devDependencies: many("b", 3),
        optionalDependencies: many("c", 1),
        peerDependencies: many("d", 1)
      }
    })
    assert.deepStrictEqual(
      (await others(cwd)).map(({ problem }) => problem),
      [
        `6 dependencies of ${join(cwd, "package.json")} are not installed: a0, a1, a2, b0, b1, others. If a provider is among them, run: npm install`
      ]
    )
  })

  it("since the project's package.json cannot be read, is told there", async () => {
    const cwd = newProject({ "package.json": "{", "node_modules/acme/package.json": "" })
    const problem = `${join(cwd, "package.json")} is no valid JSON, so its dependencies are not known. Mend it.`
    assert.deepStrictEqual(
      (await others(cwd)).map((each) => each.problem),
      [problem]
    )
    assert.include(await unknownTo(cwd), problem)
  })

  it("and does not want to be one, is none of gentask's business", async () => {
    const cwd = newProject({
      ...dependingOn("other", "broken", "../outside", "field"),
      "node_modules/other/package.json": { keywords: ["gentask"] },
      "node_modules/broken/package.json": '{ "gentask-provider',
      "node_modules/field/package.json": { gentask: { theme: "dark" } },
      "outside/package.json": { keywords: ["gentask-provider"] }
    })
    assert.deepStrictEqual(
      (await others(cwd)).map(({ problem }) => problem),
      [
        `The dependency ../outside of ${join(cwd, "package.json")} is not installed. If it is a provider, run: npm install`
      ]
    )
  })
})
