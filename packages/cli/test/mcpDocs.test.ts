/** The published setups of agents: those of docs/mcp.md, and the entry of the MCP registry. */
import { readFile } from "node:fs/promises"
import { Client } from "@modelcontextprotocol/client"
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio"
import { assert, describe, it } from "vitest"
import { main } from "./gentask.ts"
import { startHttp } from "./mcpClients.ts"
import { newFolder } from "./project.ts"

interface Setup {
  readonly command: string
  readonly args: ReadonlyArray<string>
  readonly env?: Readonly<Record<string, string>>
}

const document = await readFile(new URL("../../../docs/mcp.md", import.meta.url), "utf8")
const blocks = (language: string): ReadonlyArray<string> =>
  [...document.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))].map(([, code = ""]) => code)

const fromJson = blocks("json").flatMap((code) => {
  const { mcpServers, servers } = JSON.parse(code) as Readonly<
    Record<string, Readonly<Record<string, Setup>>>
  >
  return Object.values(mcpServers ?? servers ?? {})
})
const fromShell = blocks("sh").flatMap((code): ReadonlyArray<Setup> => {
  const [, line] = /mcp add gentask -- (.*)/.exec(code) ?? []
  const [command = "", ...args] = line?.split(" ") ?? []
  return line === undefined ? [] : [{ command, args }]
})

/** Replaces the folder of the example by one that exists. */
const withFolder = (args: ReadonlyArray<string>, folder: string): ReadonlyArray<string> =>
  args.map((arg, index) => (args[index - 1] === "--root" ? folder : arg))

describe("docs/mcp.md", () => {
  it("has the setups of four agents", () => {
    assert.lengthOf([...fromJson, ...fromShell], 4)
  })

  it.each([...fromJson, ...fromShell].map((setup) => [setup.args.join(" "), setup] as const))(
    "has a setup that starts a server: %s",
    async (_, { command, args, env = {} }) => {
      assert.strictEqual(command, "gentask")
      const folder = newFolder()
      const client = new Client({ name: "test", version: "1" })
      await client.connect(
        new StdioClientTransport({
          command: process.execPath,
          args: [main, ...withFolder(args, folder)],
          env: { ...env, HOME: folder, XDG_STATE_HOME: folder }
        })
      )
      assert.lengthOf((await client.listTools()).tools, 8)
      await client.close()
    }
  )

  it("has a command that serves HTTP", async () => {
    const line = blocks("sh").find((code) => code.includes("--http")) ?? ""
    const [, command, subcommand] = /^(gentask) (mcp) --http 4371 --root ~\/media$/m.exec(line) ?? []
    assert.deepStrictEqual([command, subcommand], ["gentask", "mcp"])
    const folder = newFolder()
    const server = await startHttp({ env: { XDG_STATE_HOME: folder }, cwd: folder })
    server.process.child.kill("SIGTERM")
    assert.strictEqual((await server.process.result).status, 0)
  })
})

describe("server.json", () => {
  it("names the package, its version and its command", async () => {
    const read = async (path: string): Promise<Readonly<Record<string, unknown>>> =>
      JSON.parse(await readFile(new URL(path, import.meta.url), "utf8")) as Readonly<Record<string, unknown>>
    const [entry, manifest] = [await read("../server.json"), await read("../package.json")]
    const [listed] = entry["packages"] as ReadonlyArray<Readonly<Record<string, unknown>>>
    assert.strictEqual(entry["name"], manifest["mcpName"])
    assert.isAtMost(String(entry["description"]).length, 100)
    assert.deepStrictEqual(
      [entry["version"], listed?.["version"], listed?.["identifier"]],
      [manifest["version"], manifest["version"], manifest["name"]]
    )
  })
})
