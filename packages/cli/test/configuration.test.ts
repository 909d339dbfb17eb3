import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { secretKey, useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, onlyJsonOf, run } from "./gentask.ts"
import { newProject } from "./project.ts"

const fixture = useEmulator()

/** Creates a project with a configuration file, and a working folder inside of it. */
const projectWith = (name: string, content: unknown): { readonly root: string; readonly cwd: string } => {
  const root = newProject({ "package.json": {}, [name]: content, "deep/inside/.keep": "" })
  return { root, cwd: join(root, "deep", "inside") }
}

/** Creates a configuration folder with the user's own file. */
const userFolderWith = (content: unknown): string => newProject({ "gentask/config.json": content })

const jimmyAccounts = async (options: Parameters<typeof run>[1]): Promise<ReadonlyArray<unknown>> => {
  const { stdout } = await run(["providers", "--json"], options)
  return jsonLinesOf(stdout)
    .filter((line) => line["provider"] === "jimmy")
    .map(({ account, baseUrl, key }) => ({ account, baseUrl, ...(key as object) }))
}

describe("precedence of the configuration", () => {
  const userFile = { providers: { jimmy: { baseUrl: "https://user.example.com", apiKey: secretKey } } }
  const projectFile = { providers: { jimmy: { baseUrl: "https://project.example.com" } } }

  it("uses the user's own file if nothing else is configured", async () => {
    const env = { XDG_CONFIG_HOME: userFolderWith(userFile) }
    assert.deepStrictEqual(await jimmyAccounts({ env }), [
      { account: "jimmy", baseUrl: "https://user.example.com", variable: "JIMMY_API_KEY", found: true }
    ])
  })

  it("prefers the project's file to the user's, and the environment to both", async () => {
    const { cwd } = projectWith("gentask.config.json", projectFile)
    const env = { XDG_CONFIG_HOME: userFolderWith(userFile) }
    const [withProject] = await jimmyAccounts({ env, cwd })
    assert.deepStrictEqual(withProject, {
      account: "jimmy",
      baseUrl: "https://project.example.com",
      variable: "JIMMY_API_KEY",
      found: true
    })
    const [withBoth] = await jimmyAccounts({
      env: { ...env, JIMMY_BASE_URL: "https://env.example.com" },
      cwd
    })
    assert.strictEqual((withBoth as { baseUrl: string }).baseUrl, "https://env.example.com")
    const [withEndpoint] = await jimmyAccounts({ env: { ...env, JIMMY_ENDPOINT: "jimmyai" }, cwd })
    assert.strictEqual((withEndpoint as { baseUrl: string }).baseUrl, "https://www.jimmyai.cn")
  })

  it("reads accounts, key variables and settings from a TypeScript file", async () => {
    const { id } = fixture.emulator.addTask({ vendor: "jimmy", kind: "video" })
    const { cwd } = projectWith(
      "gentask.config.ts",
      `const baseUrl: string = ${JSON.stringify(fixture.emulator.url)}
       export default { providers: { jimmy: { accounts: { films: { baseUrl, kind: "video", apiKeyVariable: "FILM_KEY" } } } } }`
    )
    const { status, stdout, stderr } = await run(["query", "--json", `jimmy@films:${id}`], {
      cwd,
      env: { FILM_KEY: secretKey }
    })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    assert.strictEqual(onlyJsonOf(stdout)["status"], "succeeded")
    const withoutKey = await run(["query", `jimmy@films:${id}`], { cwd })
    assert.strictEqual(withoutKey.status, 4)
    assert.include(withoutKey.stderr, "Set the environment variable FILM_KEY")
  })

  it("uses timeout, interval and out of a file as defaults", async () => {
    const { id } = fixture.emulator.addTask({ vendor: "jimmy", end: "never" })
    const { cwd } = projectWith("gentask.config.json", { timeout: "300ms", interval: "100ms", out: "kept" })
    const timedOut = await run(["wait", `jimmy:${id}`], { cwd, env: fixture.env })
    assert.strictEqual(timedOut.status, 3)
    assert.include(timedOut.stderr, `To resume: gentask wait jimmy:${id}\n`)
    const saved = await run(["save", `jimmy:${fixture.taskId}`], { cwd, env: fixture.env })
    assert.include(saved.stdout, join(cwd, "kept", `jimmy_${fixture.taskId}.png`))
  })

  it("accepts a byte order mark at the start of a file", async () => {
    const { cwd } = projectWith("gentask.config.json", `\uFEFF${JSON.stringify(projectFile)}`)
    const [account] = await jimmyAccounts({ cwd })
    assert.strictEqual((account as { baseUrl: string }).baseUrl, "https://project.example.com")
  })

  it("reads no file if GENTASK_NO_CONFIG is set", async () => {
    const { cwd } = projectWith("gentask.config.json", "not json")
    assert.strictEqual((await run(["providers"], { cwd, env: { GENTASK_NO_CONFIG: "1" } })).status, 0)
  })
})

describe("an invalid configuration file", () => {
  const invalidFiles = [
    [
      "is not JSON",
      "gentask.config.json",
      `{ "providers": { "jimmy": ${secretKey} } }`,
      /cannot be read: invalid JSON.*\. Fix it, or remove it\.$/m
    ],
    [
      "has an unknown key",
      "gentask.config.json",
      { provider: {} },
      /is invalid: unknown key "provider"\. Allowed keys: plugins, providers, timeout, interval, out, targets, history, spend\.$/m
    ],
    [
      "has an unknown key of spend",
      "gentask.config.json",
      { spend: { max: 1 } },
      /is invalid at spend: unknown key "max"\. Allowed keys: maxSubmitsPerDay, confirm\.$/m
    ],
    [
      "has an unknown provider",
      "gentask.config.json",
      { providers: { jimy: {} } },
      /is invalid at providers: unknown provider "jimy"\. Did you mean jimmy\? Available providers: jimmy, [a-z, -]+\. To add a provider, /
    ],
    [
      "has a value of an invalid type",
      "gentask.config.json",
      { providers: { jimmy: { baseUrl: 1 } } },
      /is invalid at providers\.jimmy\.baseUrl: /
    ],
    [
      "has an invalid duration",
      "gentask.config.json",
      { timeout: "soon" },
      /is invalid at timeout: expected a duration such as 10m, /
    ],
    [
      "has an API key, in a project",
      "gentask.config.mjs",
      `export default { providers: { jimmy: { apiKey: "${secretKey}" } } }`,
      /contains an API key at providers\.jimmy\.apiKey, but the files of a project are shared/
    ],
    [
      "has no default export",
      "gentask.config.mjs",
      "export const providers = {}",
      /has no default export\. Add one: export default /
    ],
    ["has a syntax error", "gentask.config.mjs", "export default {", /cannot be read: /]
  ] as const

  it.each(invalidFiles)("fails with status 2 and one line if it %s", async (_, name, content, message) => {
    const { root, cwd } = projectWith(name, content)
    const { status, stdout, stderr } = await run(["query", "--json", "jimmy:1"], { cwd })
    assert.deepStrictEqual({ status, stdout }, { status: 2, stdout: "" })
    assert.include(stderr, `gentask: The configuration file ${join(root, name)} `)
    assert.match(stderr, message)
    assert.lengthOf(linesOf(stderr), 1)
  })

  it("fails if there are two files in one folder", async () => {
    const cwd = newProject({ "gentask.config.json": {}, "gentask.config.ts": "export default {}" })
    const { status, stderr } = await run(["providers"], { cwd })
    assert.strictEqual(status, 2)
    assert.include(stderr, "gentask.config.ts, gentask.config.json. Keep only one of them.")
  })

  it("fails if the provider rejects a setting of the account", async () => {
    const { cwd } = projectWith("gentask.config.json", { providers: { jimmy: { kin: "video" } } })
    const { status, stderr } = await run(["query", "jimmy:1"], { cwd, env: { JIMMY_API_KEY: secretKey } })
    assert.strictEqual(status, 2)
    assert.match(stderr, /^gentask: jimmy:1: .*settings.* of jimmy.*: Unrecognized key: "kin"/)
  })
})
