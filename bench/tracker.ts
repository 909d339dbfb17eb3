/** The cost of the tracker. `pnpm bench:tracker [--quick]` */
import { randomUUID } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { loadavg, tmpdir } from "node:os"
import { join } from "node:path"
import { runPart } from "./measure/Report.ts"
import type { Findings } from "./measure/Report.ts"
import { openPostgres, openSqlite } from "./tracker/databases.ts"
import type { BenchDatabase } from "./tracker/databases.ts"
import { measureAccept } from "./tracker/measureAccept.ts"
import { measurePgBoss, measureWorkflows } from "./tracker/measurePeers.ts"
import { measureStreams } from "./tracker/measureStreams.ts"
import { measureTakeOver } from "./tracker/measureTakeOver.ts"
import type { TakeOverOptions, TakeOverResult } from "./tracker/measureTakeOver.ts"
import { acceptTable, behindOf, pollTable, streamTable, takeOverTable, targetsOf } from "./tracker/tables.ts"
import { hasPostgres, startPostgres } from "./tracker/trackerInternals.ts"

const sizes = {
  quick: {
    rounds: 3,
    batches: 10,
    tasks: 50_000,
    polledTasks: 5000,
    milliseconds: 3000,
    peerTasks: 2000,
    workflows: 20,
    events: 50
  },
  full: {
    rounds: 7,
    batches: 20,
    tasks: 1_000_000,
    polledTasks: 20_000,
    milliseconds: 10_000,
    peerTasks: 5000,
    workflows: 50,
    events: 200
  }
} as const

const clients = 1000

const measure = async (isQuick: boolean): Promise<Findings> => {
  if (!hasPostgres) throw new Error("This benchmark needs PostgreSQL in /usr/lib/postgresql.")
  const { rounds, batches, tasks, polledTasks, milliseconds, peerTasks, workflows, events } = isQuick
    ? sizes.quick
    : sizes.full
  const folder = mkdtempSync(join(tmpdir(), "gentask-bench-"))
  const loadBefore = loadavg()[0] ?? Number.NaN
  const server = await startPostgres({ fsync: "on", shared_buffers: "1GB", max_wal_size: "8GB" })
  try {
    const accept = await measureAccept(folder, server, { rounds, batches })
    const takeOvers: Array<TakeOverResult> = []
    const laterPolls: Array<TakeOverResult> = []
    const numberedPolls: Array<TakeOverResult> = []
    const openers: ReadonlyArray<() => Promise<BenchDatabase>> = [
      () => openSqlite(folder, randomUUID()),
      () => openPostgres(server)
    ]
    for (const open of openers) {
      const run = async (options: TakeOverOptions): Promise<TakeOverResult> => {
        await using database = await open()
        return await measureTakeOver(database, server, folder, options)
      }
      // 5,000 polls per second.
      takeOvers.push(await run({ tasks, interval: tasks / 5, milliseconds, skipsFirstPolls: false }))
      const later = { tasks: polledTasks, interval: 2000, milliseconds, skipsFirstPolls: true }
      laterPolls.push(await run(later))
      numberedPolls.push(await run({ ...later, hasRequestIds: true }))
    }
    const peers = [
      await measurePgBoss(server, peerTasks, milliseconds),
      await measureWorkflows(server, workflows, milliseconds)
    ]
    await using streamed = await openPostgres(server)
    const stream = await measureStreams(streamed, clients, events)
    const written = [...takeOvers, ...laterPolls, ...numberedPolls].filter(
      ({ rowsWritten }) => rowsWritten !== 0
    )
    if (written.length > 0)
      throw new Error(`Polls without news wrote rows: ${JSON.stringify(written)}. Expected 0 rows.`)
    const load = `The average load of the machine was ${loadBefore.toFixed(1)} before the run, and ${(loadavg()[0] ?? 0).toFixed(1)} after it, which includes the benchmark.`
    return {
      title: "Tracker",
      tables: [
        acceptTable(accept, load),
        takeOverTable(takeOvers),
        pollTable({ takeOvers, laterPolls, numberedPolls }, peers),
        streamTable(stream)
      ],
      targets: targetsOf(accept, takeOvers, laterPolls),
      behind: behindOf(accept),
      onAllCores: true,
      packages: ["@gentask/tracker", "pg-boss", "effect", "@effect/sql-pg"],
      numbers: { accept, takeOvers, laterPolls, numberedPolls, peers, stream, load }
    }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

await runPart("tracker", measure)
// The client of pg-boss keeps timers.
process.exit()
