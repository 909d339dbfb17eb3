import { join } from "node:path"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import { assert, describe, it } from "vitest"
import { importProvider } from "../src/discovery/importProvider.ts"
import { useEmulator } from "./emulator.ts"
import { jsonLinesOf, onlyJsonOf, run } from "./gentask.ts"
import { dependingOn, newProject, pluginSource, providerPackage } from "./project.ts"
import type { Files } from "./project.ts"
import { providerNames } from "./providerNames.ts"

const fixture = useEmulator()

/** A ref that can be queried, whatever is wrong with acme. */
const validRef = (): string => `jimmy:${fixture.taskId}`

const acmePackage = (source?: string, manifest?: object): Files => ({
  ...dependingOn("@me/acme"),
  ...providerPackage("acme", "@me/acme", source, manifest)
})

const packages: ReadonlyArray<readonly [name: string, files: Files, problem: string]> = [
  [
    "declares a newer version of the contract in its package.json",
    acmePackage("throw new Error('it was imported')", { gentask: { provider: "acme", specVersion: 2 } }),
    "The package @me/acme 1.2.0 requires version 2 of the provider contract, but this gentask supports version 1. Update gentask."
  ],
  [
    "declares an older version of the contract in its package.json",
    acmePackage(undefined, { gentask: { provider: "acme", specVersion: 0 } }),
    "The package @me/acme 1.2.0 requires version 0 of the provider contract, but this gentask supports version 1. Update the provider."
  ],
  [
    "declares another version of the contract in its spec",
    acmePackage(pluginSource("acme", { members: "specVersion: 3" })),
    "The package @me/acme 1.2.0 requires version 3 of the provider contract, but this gentask supports version 1. Update gentask."
  ],
  [
    "throws when it is imported",
    acmePackage('throw new Error("no \\u001b[31mluck\\nand more\\n    at nowhere")'),
    "The package @me/acme 1.2.0 cannot be imported: no [31mluck. Fix it, or remove it."
  ],
  [
    "throws a value that is not an error",
    acmePackage("throw undefined"),
    "The package @me/acme 1.2.0 cannot be imported: undefined. Fix it, or remove it."
  ],
  [
    "has no default export",
    acmePackage("export const spec = {}"),
    "The package @me/acme 1.2.0 has no default export. Export its spec: export default defineProvider({ … })."
  ],
  [
    "does not export an object",
    acmePackage("export default () => ({})"),
    "The package @me/acme 1.2.0 does not export a valid provider spec: it must be an object. " +
      "Export the result of defineProvider from @gentask/core/provider."
  ],
  [
    "exports an incomplete spec",
    acmePackage(pluginSource("acme", { members: "query: { request: () => ({}), decode: null }" })),
    "The package @me/acme 1.2.0 does not export a valid provider spec: query.decode must be a function. " +
      "Export the result of defineProvider from @gentask/core/provider."
  ],
  [
    "throws when its spec is read",
    acmePackage(pluginSource("acme", { members: 'get title() { throw new Error("hands off.") }' })),
    "The package @me/acme 1.2.0 cannot be imported: hands off. Fix it, or remove it."
  ],
  [
    "has another id in its spec",
    acmePackage(pluginSource("acmee")),
    'The package @me/acme 1.2.0 has the provider id "acmee" in its spec, but "acme" in its package.json. Use the same id in both.'
  ],
  [
    "does not declare its version of the contract",
    acmePackage(undefined, { gentask: { provider: "acme", specVersion: "1" } }),
    "The package @me/acme 1.2.0 does not declare its version of the provider contract in its package.json. " +
      'Add, for example: "gentask": { "provider": "acme", "specVersion": 1 }.'
  ],
  [
    "does not have the keyword",
    acmePackage(undefined, { keywords: "gentask-provider" }),
    'The package @me/acme 1.2.0 has the field "gentask" in its package.json, but not the keyword "gentask-provider". Add the keyword.'
  ],
  [
    "misses its own dependency",
    acmePackage('import "@me/absent"'),
    "The package @me/acme 1.2.0 cannot be imported: Cannot find package '@me/absent' imported from FOLDER/node_modules/@me/acme/index.js. Fix it, or remove it."
  ]
]

describe("a dependency that cannot be used", () => {
  it.each(packages)("stops only its own tasks: %s", async (_, files, message) => {
    const cwd = newProject(files)
    const problem = message.replace("FOLDER", cwd)
    const [other, queried, listed] = await Promise.all([
      run(["query", "--json", validRef()], { cwd, env: fixture.env }),
      run(["query", "--json", "acme:1"], { cwd, env: fixture.env }),
      run(["providers", "--json"], { cwd, env: fixture.env })
    ])
    assert.deepStrictEqual({ status: other.status, stderr: other.stderr }, { status: 0, stderr: "" })
    const error = `acme:1: cannot use the provider acme. ${problem}`
    assert.deepStrictEqual(
      { status: queried.status, stderr: queried.stderr, line: onlyJsonOf(queried.stdout) },
      {
        status: 2,
        stderr: `gentask: ${error}\n`,
        line: {
          ref: "acme:1",
          error: { type: "ConfigurationError", problem: "UnsupportedProvider", message: error }
        }
      }
    )
    assert.deepStrictEqual({ status: listed.status, stderr: listed.stderr }, { status: 0, stderr: "" })
    const lines = jsonLinesOf(listed.stdout)
    assert.deepStrictEqual(
      [...new Set(lines.map(({ provider }) => provider))].join(", "),
      `${providerNames}, acme`
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

  it("fails if its import takes too long", async () => {
    const cwd = newProject({ "never.mjs": "await new Promise(() => undefined)" })
    const load = importProvider(
      {
        id: "acme",
        idSource: "its package.json",
        subject: "The package @me/acme 1.2.0",
        specifier: pathToFileURL(join(cwd, "never.mjs")).href,
        parentFile: join(cwd, "package.json")
      },
      { timeoutMs: 50 }
    )
    const error = await Effect.runPromise(Effect.flip(load))
    assert.strictEqual(
      error.message,
      "The package @me/acme 1.2.0 cannot be imported: the import takes longer than 0.05 s. Fix it, or remove it."
    )
  })

  it("stops only its own tasks: throws when its settings are read", async () => {
    const members = 'rateLimits: () => { throw new Error("no limits") }'
    const cwd = newProject(acmePackage(pluginSource("acme", { members })))
    const problem =
      "The provider of acme failed to read the account's settings: no limits. Fix the provider, or report this to its author."
    const { status, stderr } = await run(["query", "acme:1"], { cwd, env: fixture.env })
    assert.deepStrictEqual({ status, stderr }, { status: 2, stderr: `gentask: acme:1: ${problem}\n` })
    const listed = await run(["providers", "--json"], { cwd, env: fixture.env })
    assert.strictEqual(jsonLinesOf(listed.stdout).at(-1)?.["problem"], problem)
  })

  it("does not stop the other tasks of a list", async () => {
    const cwd = newProject(acmePackage("export const spec = {}"))
    const { status, stdout, stderr } = await run(["wait", "acme:1", validRef()], { cwd, env: fixture.env })
    assert.strictEqual(status, 2)
    assert.match(stdout, new RegExp(`^${validRef()}  succeeded\n`))
    assert.match(stderr, /^gentask: acme:1: cannot use the provider acme\. /)
  })
})
