/**
 * Runs the conformance suite of MCP against the built `gentask mcp --http`. `pnpm mcp:conformance` needs a build. Most
 * scenarios of the suite call the tools of its own example server, so only those that any server can pass are run.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer, request } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { text } from "node:stream/consumers"

const scenarios = ["server-initialize", "ping", "tools-list", "resources-list", "dns-rebinding-protection"]

const folder = mkdtempSync(join(tmpdir(), "gentask-mcp-conformance-"))
const token = "a-token-for-the-conformance-suite"
const server = spawn(
  process.execPath,
  ["packages/cli/dist/main.js", "mcp", "--http", "0", "--root", folder],
  {
    env: { ...process.env, XDG_STATE_HOME: folder, GENTASK_MCP_TOKEN: token },
    stdio: ["ignore", "ignore", "pipe"]
  }
)
let target = ""
for await (const line of createInterface({ input: server.stderr })) {
  target = /running at (\S+) until/.exec(line)?.[1] ?? ""
  if (target !== "") break
}

/** Adds the token, which the suite cannot send. All else passes unchanged. */
const proxy = createServer((incoming, outgoing) => {
  const sent = request(
    target,
    { method: incoming.method ?? "GET", headers: { ...incoming.headers, authorization: `Bearer ${token}` } },
    (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(outgoing)
    }
  )
  sent.once("error", () => outgoing.destroy())
  incoming.pipe(sent)
})
proxy.listen(0, "127.0.0.1")
await once(proxy, "listening")
const { port } = proxy.address() as AddressInfo

let failed = 0
for (const scenario of scenarios) {
  const args = [
    "exec",
    "conformance",
    "server",
    "--url",
    `http://127.0.0.1:${port}/mcp`,
    "--scenario",
    scenario
  ]
  const run = spawn("pnpm", [...args, "-o", folder], { stdio: ["ignore", "pipe", "pipe"] })
  const [output, errors, [status]] = await Promise.all([
    text(run.stdout),
    text(run.stderr),
    once(run, "close") as Promise<[number | null]>
  ])
  console.log(`${status === 0 ? "ok  " : "FAIL"}  ${scenario}`)
  if (status === 0) continue
  failed += 1
  console.log(output, errors)
}

proxy.close()
proxy.closeAllConnections()
server.kill()
await once(server, "close")
rmSync(folder, { recursive: true })
process.exitCode = failed === 0 ? 0 : 1
