/** `pnpm tracker:soak [TASKS] [RUNNERS] [SECONDS_BETWEEN_KILLS]`: runs the soak test and prints its counts. */
import { hasPostgres, startPostgres } from "@gentask/tooling/postgres"
import { noViolations } from "./checkInvariants.ts"
import { runSoak } from "./soak.ts"

const [taskCount = 20_000, runnerCount = 3, killSeconds = 5] = process.argv.slice(2).map(Number)

if (!hasPostgres) {
  console.error("skipped: PostgreSQL is not installed")
  process.exit(1)
}
const server = await startPostgres()
try {
  const report = await runSoak({ server, taskCount, runnerCount, killEveryMs: killSeconds * 1000 })
  console.log(JSON.stringify(report, null, 2))
  const isBroken = Object.keys(noViolations).some((name) => report[name as keyof typeof noViolations] > 0)
  process.exitCode = isBroken ? 1 : 0
} finally {
  await server.close()
}
