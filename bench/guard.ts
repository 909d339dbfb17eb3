/**
 * Prints ratios that show early when gentask becomes slower or larger. `pnpm bench:guard` takes 15 seconds. A ratio never
 * fails it, because a busy machine measures badly.
 */
import { readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { Worker } from "./measure/Worker.ts"
import { compare } from "./query/compare.ts"
import { gentaskContestants } from "./query/gentaskContestants.ts"
import { floors } from "./query/peerContestants.ts"
import { taskId } from "./query/responses.ts"
import { install } from "./startup/installation.ts"
import { measureStarts } from "./startup/measureStarts.ts"

const print = (what: string, measured: string, target: string): void =>
  console.log(`${what.padEnd(52)} ${measured.padStart(10)}   target: ${target}`)

const isJimmy = ({ name }: { readonly name: string }): boolean => name.endsWith("jimmy")

const { costs } = await compare([...floors.filter(isJimmy), ...gentaskContestants.filter(isJimmy)], {
  rounds: [[64, 9]],
  milliseconds: 80,
  warmUp: 2000,
  profiled: []
})
for (const { name, overFloor } of costs.slice(1))
  print(`${name}: CPU over undici.request`, `${overFloor.median.toFixed(2)} ×`, "1.3 ×")

{
  await using server = Worker.start<"url", string>(new URL("query/server.ts", import.meta.url), "server")
  using installation = install()
  const { folder } = installation
  const cli = installation.folderOf("cli")
  const main = join(cli, "dist/main.js")
  const env = {
    JIMMY_API_KEY: "sk-bench-0123456789",
    JIMMY_BASE_URL: await server.request("url"),
    TMPDIR: folder
  }
  const [, version, query] = measureStarts(
    [
      { name: "node -e 0", args: ["-e", "0"], cwd: folder },
      { name: "gentask --version", args: [main, "--version"], cwd: folder, env },
      { name: "gentask query", args: [main, "query", `jimmy:${taskId}`], cwd: folder, env }
    ],
    7
  )
  if (version !== undefined)
    print("gentask --version over node -e 0", `${version.overFirst.median.toFixed(2)} ×`, "3 ×")
  if (query !== undefined) print("gentask query", `${query.wall.median.toFixed(0)} ms`, "350 ms")
  const files = readdirSync(join(cli, "dist"), { recursive: true, encoding: "utf8" })
  const bytes = files
    .filter((name) => name.endsWith(".js"))
    .reduce((sum, name) => sum + statSync(join(cli, "dist", name)).size, 0)
  print("JavaScript of the command line", `${(bytes / 1000).toFixed(0)} kB`, "see scripts/sizes.json")
}
