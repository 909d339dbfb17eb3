/** The modules that built packages load. Large modules load on first use. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { expect, it } from "vitest"

/** Records the modules that a program loads, including those of Node. */
const recordModules = `
  import { registerHooks } from "node:module"
  const loaded = []
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
`

const loadedBy = async (program: string): Promise<ReadonlyArray<string>> => {
  const code = `${recordModules}\n${program}\nconsole.log(JSON.stringify(loaded))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", code],
    // Without the condition for sources, which Vitest sets, and in a folder that depends on the packages.
    { cwd: import.meta.dirname, env: { ...process.env, NODE_OPTIONS: "" } }
  )
  return JSON.parse(stdout) as ReadonlyArray<string>
}

const packageOf = (url: string): string => {
  if (url.startsWith("node:")) return "node"
  const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? []
  return name ?? "gentask"
}

const packages = (urls: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...new Set(urls.map(packageOf))].toSorted()

it("loads no HTTP client, schema library, streams, modules of Node or modules for saving when core is imported", async () => {
  const loaded = await loadedBy(`await import("@gentask/core")`)
  expect(packages(loaded)).toEqual(["effect", "gentask", "ipaddr.js"])
  const deferred =
    /^node:crypto$|\/Save[^/]*\.js$|\/effect\/dist\/(?:Schema|SchemaAST|Config|Stream|Channel)\.js$/
  expect(loaded.filter((url) => deferred.test(url))).toEqual([])
})

it("loads the schema library, but no HTTP client and no client of gentask, when the schema entry is imported", async () => {
  const loaded = await loadedBy(`await import("@gentask/core/schema")`)
  expect(packages(loaded)).toEqual(["effect", "gentask"])
  expect(loaded.some((url) => url.endsWith("/effect/dist/Schema.js"))).toBe(true)
})

it("loads the HTTP client with the first query", async () => {
  const loaded = await loadedBy(`
    const { createGentask } = await import("@gentask/core")
    const { jimmy } = await import("@gentask/provider-jimmy")
    const gentask = createGentask({ providers: [jimmy({ apiKey: "sk-test", baseUrl: "http://127.0.0.1:9" })] })
    await gentask.wait("jimmy:1", { timeout: 1 }).catch(() => undefined)
    await gentask.close()
  `)
  expect(packages(loaded)).toEqual(["effect", "gentask", "ipaddr.js", "node", "undici", "zod"])
})
