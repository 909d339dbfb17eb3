/**
 * The start-up of `gentask mcp` until its first list of tools, and what a tool call costs. `pnpm bench:mcp` needs a build. It
 * prints figures and ratios, and never fails because of them: a busy machine measures badly.
 */
import { spawn, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

const main = fileURLToPath(new URL("../packages/cli/dist/main.js", import.meta.url))
const folder = mkdtempSync(join(tmpdir(), "gentask-bench-mcp-"))
const env = { PATH: process.env["PATH"], HOME: folder, XDG_STATE_HOME: folder, TMPDIR: folder }
const rounds = 9
const calls = 300

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {}
}

/** Starts a server. `send` resolves with the response of a request. */
const startServer = () => {
  const child = spawn(process.execPath, [main, "mcp", "--root", folder], {
    cwd: folder,
    env,
    stdio: ["pipe", "pipe", "inherit"]
  })
  const responses = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let id = 0
  const send = async (method: string, params: object = {}): Promise<string> => {
    id += 1
    child.stdin.write(
      `${JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...params, _meta: meta } })}\n`
    )
    return String((await responses.next()).value)
  }
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      child.once("close", () => resolve())
      child.stdin.end()
    })
  return { send, close }
}

const starts: Array<number> = []
const emptyStarts: Array<number> = []
for (let round = 0; round < rounds; round += 1) {
  let begin = performance.now()
  spawnSync(process.execPath, ["-e", "0"], { cwd: folder, env })
  emptyStarts.push(performance.now() - begin)
  begin = performance.now()
  const server = startServer()
  await server.send("tools/list")
  starts.push(performance.now() - begin)
  await server.close()
}

const server = startServer()
const list = { name: "list", arguments: {} }
for (let call = 0; call < 50; call += 1) await server.send("tools/call", list)
const times: Array<number> = []
for (let call = 0; call < calls; call += 1) {
  const begin = performance.now()
  await server.send("tools/call", list)
  times.push(performance.now() - begin)
}
await server.close()
rmSync(folder, { recursive: true })

const print = (what: string, measured: string, target: string): void =>
  console.log(`${what.padEnd(48)} ${measured.padStart(10)}   target: ${target}`)
print("gentask mcp until the first list of tools", `${median(starts).toFixed(0)} ms`, "400 ms")
print("  over node -e 0", `${(median(starts) / median(emptyStarts)).toFixed(1)} ×`, "10 ×")
print("a call of list, with its query of the ledger", `${median(times).toFixed(2)} ms`, "5 ms")
