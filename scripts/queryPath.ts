/**
 * Counts the source files and named functions of gentask that a successful `query` runs, and prints them. The first query
 * includes the creation of the client. `pnpm query-path`
 */
import { once } from "node:events"
import { createServer } from "node:http"
import { Session } from "node:inspector/promises"
import type { Profiler } from "node:inspector"
import type { AddressInfo } from "node:net"
import { relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
// By path, because the root package depends on no package of the workspace.
import { createGentask } from "../packages/core/src/index.ts"
import type { Gentask } from "../packages/core/src/index.ts"
import { jimmy } from "../packages/provider-jimmy/src/index.ts"

const root = fileURLToPath(new URL("..", import.meta.url))

/** The response of Jimmy for a task that has succeeded. */
const body = JSON.stringify({
  code: "20000",
  msg: "ok",
  data: {
    task_id: "1",
    status: "completed",
    progress: 100,
    model: "gpt-image-2",
    created_at: 1_767_225_600,
    completed_at: 1_767_225_660,
    result: { image_url: "https://files.example.com/1.png" }
  }
})

/** The functions that ran, by the path of their source file. */
type Path = ReadonlyMap<string, ReadonlyArray<string>>

/** Returns the path of a source file of gentask, relative to the workspace; undefined for any other script. */
const sourcePath = (url: string): string | undefined => {
  if (!url.startsWith("file:")) return undefined
  const path = relative(root, fileURLToPath(url)).split(sep).join("/")
  return /^packages\/[^/]+\/src\//.test(path) ? path : undefined
}

const isCalled = ({ ranges }: Profiler.FunctionCoverage): boolean => (ranges[0]?.count ?? 0) > 0

/** Type stripping keeps positions, so functions have the names and offsets of their sources. */
const pathOf = (scripts: ReadonlyArray<Profiler.ScriptCoverage>): Path => {
  const path = new Map<string, ReadonlyArray<string>>()
  for (const { url, functions } of scripts) {
    const source = sourcePath(url)
    const called = functions.filter(isCalled)
    if (source === undefined || called.length === 0) continue
    // A function without a name is a callback or the module itself.
    const names = called.map(({ functionName }) => functionName).filter((name) => name !== "")
    path.set(source, names)
  }
  return path
}

const countFunctions = (path: Path): number => [...path.values()].flat().length

const print = (title: string, path: Path): void => {
  console.log(`${title}: ${path.size} files, ${countFunctions(path)} named functions\n`)
  for (const [file, names] of [...path].toSorted(([a], [b]) => (a < b ? -1 : 1)))
    console.log(`  ${file}\n    ${names.length === 0 ? "(only functions without a name)" : names.join(", ")}`)
  console.log()
}

const server = createServer((_, response) => {
  response.setHeader("content-type", "application/json").end(body)
})
await once(server.listen(0, "127.0.0.1"), "listening")
const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const session = new Session()
session.connect()
await session.post("Profiler.enable")
await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false })

/** Runs something, and returns the functions that it called. */
const trace = async (run: () => Promise<unknown>): Promise<Path> => {
  // Taking the coverage resets the counts.
  await session.post("Profiler.takePreciseCoverage")
  await run()
  const { result } = await session.post("Profiler.takePreciseCoverage")
  return pathOf(result)
}

let gentask: Gentask | undefined
const query = async (): Promise<void> => {
  gentask ??= createGentask({ providers: [jimmy({ apiKey: "sk-query-path", baseUrl })] })
  const { status } = await gentask.query("jimmy:1")
  if (status !== "succeeded") throw new Error(`The task has the status ${status}: expected succeeded.`)
}
const first = await trace(query)
const second = await trace(query)
session.disconnect()
await gentask?.close()
server.closeAllConnections()
server.close()

print("First query", first)
print("Second query", second)
console.log(`First query:  ${first.size} files, ${countFunctions(first)} functions`)
console.log(`Second query: ${second.size} files, ${countFunctions(second)} functions`)
