/** Runs every part in turn, and writes RESULTS.md. `pnpm bench [--quick]` */
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { parts } from "./measure/Report.ts"

const failed = parts.filter((part) => {
  const script = fileURLToPath(new URL(`${part}.ts`, import.meta.url))
  const { status } = spawnSync(process.execPath, [...process.execArgv, script, ...process.argv.slice(2)], {
    stdio: "inherit"
  })
  return status !== 0
})
if (failed.length > 0) {
  console.error(`These parts failed: ${failed.join(", ")}.`)
  process.exitCode = 1
}
