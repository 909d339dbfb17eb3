/** What an import of a built package brings into memory: what is large and seldom needed waits until it is. */
import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { expect, it } from "vitest"

/** Run in a process of its own: prints the modules that a program loads, Node's own among them. */
const listing = `
  import { registerHooks } from "node:module"
  const loaded = []
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
`

const loadedBy = async (program: string): Promise<ReadonlyArray<string>> => {
  const code = `${listing}\n${program}\nconsole.log(JSON.stringify(loaded))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", code],
    // The packages as they are published, and the folder whose dependencies they are.
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

it("core's import loads no HTTP client, no schema library, no streams and nothing that saves", async () => {
  const loaded = await loadedBy(`await import("@gentask/core")`)
  expect(packages(loaded)).toEqual(["effect", "gentask", "ipaddr.js", "node"])
  const late =
    /^node:crypto$|\/Save[^/]*\.js$|\/effect\/dist\/(?:Schema|SchemaAST|Config|Stream|Channel)\.js$/
  expect(loaded.filter((url) => late.test(url))).toEqual([])
})

it("the HTTP client is loaded with the first question", async () => {
  const loaded = await loadedBy(`
    const { createGentask } = await import("@gentask/core")
    const { jimmy } = await import("@gentask/provider-jimmy")
    const gentask = createGentask({ providers: [jimmy({ apiKey: "sk-of-nobody", baseUrl: "http://127.0.0.1:9" })] })
    await gentask.wait("jimmy:1", { timeout: 1 }).catch(() => undefined)
    await gentask.close()
  `)
  expect(packages(loaded)).toEqual(["effect", "gentask", "ipaddr.js", "node", "undici", "zod"])
})
