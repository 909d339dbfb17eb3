/** Loading open tasks after a crash, and polling them. */
import { setTimeout as delay } from "node:timers/promises"
import { PollPolicy } from "@gentask/core"
import { unreportedSnapshot } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import { measureHeap } from "../watching/measureHeap.ts"
import { PollMeter } from "../watching/PollMeter.ts"
import { postgresCpuMs, rowsWritten } from "./databases.ts"
import type { BenchDatabase } from "./databases.ts"
import { startOwner } from "./startOwner.ts"
import type { PostgresServer, TrackerStoreService } from "./trackerInternals.ts"

/** Times in milliseconds, CPU times in microseconds. */
export interface TakeOverResult {
  readonly name: string
  readonly tasks: number
  readonly firstPoll: number
  readonly allScheduled: number
  readonly cpuPerTask: number
  readonly bytesPerTask: number
  readonly closing: number
  readonly polls: number
  readonly cpuPerPoll: number
  readonly postgresCpuPerPoll: number
  /** How many rows the measured polls have written. */
  readonly rowsWritten: number
}

const seedBatch = 50_000

/** The snapshot of a running task, as the transport of the benchmark returns it. */
const snapshotText = (id: string): string =>
  JSON.stringify({
    ...unreportedSnapshot(`jimmy:${id}`, "running"),
    account: "default",
    rawStatus: "processing",
    progress: 0.4,
    model: "gpt-image-2",
    createdAt: "2026-01-01T00:00:00.000Z"
  })

const seed = async ({ sql, name }: BenchDatabase, count: number): Promise<void> => {
  const [before, between, after] = snapshotText("@").split("@")
  const id = name === "SQLite" ? "printf('t%08d', value)" : "'t' || lpad(value::text, 8, '0')"
  for (let from = 0; from < count; from += seedBatch) {
    const to = Math.min(count, from + seedBatch) - 1
    const numbers =
      name === "SQLite"
        ? `(with recursive numbers (value) as (select ${from} union all select value + 1 from numbers where value < ${to}) select value from numbers)`
        : `generate_series(${from}, ${to}) as numbers (value)`
    await Effect.runPromise(
      sql.unsafe(`
        insert into tasks (ref, account, status, added_at, since, updated_at, polls, model, snapshot)
        select 'jimmy:' || ${id}, 'jimmy', 'running', 1767225600000, 1767225600000, 1767225600000, 5, 'gpt-image-2',
          '${before}' || ${id} || '${between}' || ${id} || '${after}'
        from ${numbers}`)
    )
  }
}

/** Calls back after the last page of open tasks was added. */
const observePages = (store: TrackerStoreService, onLast: () => void): TrackerStoreService => ({
  ...store,
  openTasks: (account, afterSeq, limit) =>
    Effect.tap(store.openTasks(account, afterSeq, limit), (page) =>
      Effect.sync(() => void (page.length < limit && setImmediate(onLast)))
    )
})

const waitUntil = async (isDone: () => boolean): Promise<void> => {
  while (!isDone()) await delay(1)
}

/** What to measure. */
export interface TakeOverOptions {
  readonly tasks: number
  /** How often each task is polled, in milliseconds. */
  readonly interval: number
  /** How long polls are counted, in milliseconds. */
  readonly milliseconds: number
  /** Whether each task is polled once before polls are counted. The first poll of a task also parses its recorded snapshot. */
  readonly skipsFirstPolls: boolean
  /** Whether each response has an id of its own. Otherwise all have the same bytes. @default false */
  readonly hasRequestIds?: boolean
}

/** Fills an empty database, takes its tasks over as after a crash, and then counts polls that bring no news. */
export const measureTakeOver = async (
  database: BenchDatabase,
  server: PostgresServer,
  dir: string,
  { tasks, interval, milliseconds, skipsFirstPolls, hasRequestIds = false }: TakeOverOptions
): Promise<TakeOverResult> => {
  await seed(database, tasks)
  // Postgres counts rows up to some seconds later.
  while ((await rowsWritten(database)) < tasks) await delay(100)
  const meter = new PollMeter(tasks)
  const empty = await measureHeap()
  const [cpu, start] = [process.cpuUsage(), performance.now()]
  let allScheduled = 0
  let reserved = 0
  const store = observePages(database.store, () => (allScheduled ||= performance.now() - start))
  const owner = startOwner(
    { ...store, reserve: (...parameters) => ((reserved += 1), store.reserve(...parameters)) },
    meter,
    { pollPolicy: PollPolicy.fixed(interval), dir, hasRequestIds }
  )
  await waitUntil(() => meter.polls > 0)
  const firstPoll = performance.now() - start
  await waitUntil(() => allScheduled > 0)
  const { user, system } = process.cpuUsage(cpu)
  const bytesPerTask = ((await measureHeap()) - empty) / tasks

  meter.open()
  await delay(skipsFirstPolls ? 2 * interval : 2000)
  const before = {
    polls: meter.polls,
    cpu: process.cpuUsage(),
    postgres: postgresCpuMs(server),
    rows: await rowsWritten(database),
    reserved
  }
  await delay(milliseconds)
  const spent = process.cpuUsage(before.cpu)
  const polls = meter.polls - before.polls
  const postgres = postgresCpuMs(server) - before.postgres
  // Postgres counts rows up to a second later.
  await delay(1200)
  // The reservation of the account writes a row each second, however many polls there are.
  const others = database.name === "SQLite" ? reserved - before.reserved : 0
  const written = (await rowsWritten(database)) - before.rows - others
  const closing = performance.now()
  await owner[Symbol.asyncDispose]()
  return {
    name: database.name,
    tasks,
    firstPoll,
    allScheduled,
    cpuPerTask: (user + system) / tasks,
    bytesPerTask,
    closing: performance.now() - closing,
    polls,
    cpuPerPoll: (spent.user + spent.system) / polls,
    postgresCpuPerPoll: database.name === "SQLite" ? 0 : (postgres * 1000) / polls,
    rowsWritten: written
  }
}
