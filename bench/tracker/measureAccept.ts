/** How fast tasks are accepted in batches. */
import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import { PgBoss } from "pg-boss"
import { openPostgres, openSqlite, postgresCpuMs, walBytes } from "./databases.ts"
import type { PostgresServer } from "./trackerInternals.ts"

const batchSize = 1000

/** Rates and costs of one contestant. */
export interface AcceptResult {
  readonly name: string
  /** Tasks per second in each round. */
  readonly rates: ReadonlyArray<number>
  /** CPU time per task, in microseconds. */
  readonly nodeCpu: number
  readonly postgresCpu: number | null
  /** Bytes of the write-ahead log per task. */
  readonly walBytes: number | null
}

interface Contestant extends AsyncDisposable {
  readonly name: string
  readonly add: (refs: ReadonlyArray<string>) => Promise<unknown>
  readonly wal: (() => Promise<number>) | null
}

/** Creates the client of pg-boss without its background work. */
export const openPgBoss = async (url: string): Promise<PgBoss> => {
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false })
  boss.on("error", (error: unknown) => console.error(error))
  await boss.start()
  await boss.createQueue("tasks")
  return boss
}

const contestants = async (folder: string, server: PostgresServer): Promise<ReadonlyArray<Contestant>> => {
  const sqlite = await openSqlite(folder, "accept")
  const postgres = await openPostgres(server)
  const boss = await openPgBoss(await server.createDatabase())
  const add =
    ({ store }: typeof sqlite) =>
    (refs: ReadonlyArray<string>) =>
      Effect.runPromise(store.addTasks(refs.map((ref) => ({ ref }))))
  return [
    { ...sqlite, name: "gentask on SQLite", add: add(sqlite), wal: null },
    { ...postgres, name: "gentask on Postgres", add: add(postgres), wal: () => walBytes(postgres) },
    {
      name: "pg-boss on Postgres",
      add: (refs) =>
        boss.insert(
          "tasks",
          refs.map((ref) => ({ data: { ref } }))
        ),
      wal: () => walBytes(postgres),
      [Symbol.asyncDispose]: () => boss.stop({ graceful: false })
    }
  ]
}

/** Adds tasks in batches of 1,000, by turns, round by round. */
export const measureAccept = async (
  folder: string,
  server: PostgresServer,
  { rounds, batches }: { readonly rounds: number; readonly batches: number }
): Promise<ReadonlyArray<AcceptResult>> => {
  const all = await contestants(folder, server)
  const totals = all.map(() => ({ rates: new Array<number>(), node: 0, postgres: 0, wal: 0, tasks: 0 }))
  // The first round only compiles the code.
  for (let round = -1; round < rounds; round += 1)
    for (const [index, { add, wal }] of all.entries()) {
      const given = Array.from({ length: batches }, () =>
        Array.from({ length: batchSize }, () => `jimmy:${randomUUID()}`)
      )
      const before = { wal: await wal?.(), postgres: postgresCpuMs(server), node: process.cpuUsage() }
      const start = performance.now()
      for (const refs of given) await add(refs)
      const seconds = (performance.now() - start) / 1000
      const node = process.cpuUsage(before.node)
      const total = totals[index]
      if (round < 0 || total === undefined) continue
      const tasks = batches * batchSize
      total.rates.push(tasks / seconds)
      total.tasks += tasks
      total.node += node.user + node.system
      total.postgres += (postgresCpuMs(server) - before.postgres) * 1000
      total.wal += ((await wal?.()) ?? 0) - (before.wal ?? 0)
    }
  for (const each of all) await each[Symbol.asyncDispose]()
  return all.map(({ name, wal }, index) => {
    const { rates = [], node = 0, postgres = 0, wal: bytes = 0, tasks = 1 } = totals[index] ?? {}
    return {
      name,
      rates,
      nodeCpu: node / tasks,
      postgresCpu: wal === null ? null : postgres / tasks,
      walBytes: wal === null ? null : bytes / tasks
    }
  })
}
