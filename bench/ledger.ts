/** The cost of the ledger with 100,000 tasks. `pnpm bench:ledger [--quick]` */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { openLedger } from "@gentask/ledger"
import type { ListOptions, SqliteLedger } from "@gentask/ledger"
import { fill, intentOf, snapshotOf } from "./ledger/seed.ts"
import { runPart } from "./measure/Report.ts"
import type { Findings, Target } from "./measure/Report.ts"
import { ratioOf } from "./measure/Spread.ts"
import type { Table } from "./measure/Table.ts"
import { measureTimes, time, timingOf } from "./measure/timing.ts"
import type { Operation, Timing } from "./measure/timing.ts"

const search = (text: string, options: ListOptions = {}) => ({
  name: `search "${text}"${options.status === undefined ? "" : `, only ${String(options.status)}`}`,
  options: { ...options, search: text }
})

const lists: ReadonlyArray<{ readonly name: string; readonly options: ListOptions }> = [
  { name: "list the newest 50", options: {} },
  { name: "list 50 of one account and status", options: { account: "jimmy", status: "failed" } },
  { name: "list the running", options: { status: "running" } },
  { name: "list an account without tasks", options: { account: "none" } },
  { name: "list a day without tasks", options: { until: new Date(0) } },
  search("zeppelin"),
  search("soft light"),
  search("soft light", { status: "running" }),
  { name: "search 4 Chinese characters", options: { search: "一只猫在" } },
  { name: "search 2 Chinese characters", options: { search: "月亮" } },
  search("xq"),
  search("nothing contains this")
]

const readOperations = (ledger: SqliteLedger, path: string, count: number): ReadonlyArray<Operation> => [
  ...lists.map(({ name, options }) => ({ name, run: () => ledger.list(options) })),
  { name: "show a task", run: () => ledger.show(snapshotOf(Math.trunc(Math.random() * count)).ref) },
  { name: "count active tasks of an account", run: () => ledger.countActive("jimmy") },
  {
    name: "open and close the file",
    run: async () => {
      const opened = await openLedger({ path })
      await opened.close()
    }
  }
]

/** Inserts the same text in two synced transactions: the least that a durable submit can do with `node:sqlite`. */
const openPeer = (path: string) => {
  const database = new DatabaseSync(path)
  database.exec(`
    pragma journal_mode = wal; pragma synchronous = full;
    create table intents (seq integer primary key, body text); create table tasks (seq integer primary key, body text)`)
  const addIntent = database.prepare("insert into intents (body) values (?)")
  const addTask = database.prepare("insert into tasks (body) values (?)")
  const inTransaction = (run: () => unknown): void => {
    database.exec("begin immediate")
    run()
    database.exec("commit")
  }
  return {
    submit: (index: number) => {
      inTransaction(() => addIntent.run(JSON.stringify(intentOf(index))))
      inTransaction(() => addTask.run(JSON.stringify(snapshotOf(index, "queued"))))
    },
    close: () => database.close()
  }
}

const submitTo = async (ledger: SqliteLedger, index: number): Promise<void> => {
  const intent = intentOf(index)
  await ledger.begin(intent)
  await ledger.settle(intent.id, { state: "accepted", tasks: [snapshotOf(index, "queued")], attempts: 1 })
}

const row = ({ name, wall, cpu }: Timing): ReadonlyArray<string> => [
  name,
  wall.median.toFixed(2),
  `${wall.low.toFixed(2)}–${wall.high.toFixed(2)}`,
  cpu.median.toFixed(2)
]

const table = (title: string, note: string, timings: ReadonlyArray<Timing>): Table => ({
  title,
  note,
  columns: ["", "wall ms", "middle half", "CPU ms"],
  rows: timings.map(row)
})

const targetsOf = (reads: ReadonlyArray<Timing>, submit: Timing, count: number): ReadonlyArray<Target> => {
  const slowest = reads.toSorted((a, b) => b.wall.median - a.wall.median)[0]
  return [
    {
      what: `Ledger with ${count.toLocaleString("en")} tasks: list, search and open, slowest (${slowest?.name})`,
      target: "under 100 ms",
      measured: `${slowest?.wall.median.toFixed(1)} ms, CPU ${slowest?.cpu.median.toFixed(1)} ms`,
      isMet: (slowest?.wall.median ?? Number.NaN) < 100
    },
    {
      what: "Ledger: begin and settle of a submit",
      target: "under 5 ms",
      measured: `${submit.wall.median.toFixed(2)} ms, CPU ${submit.cpu.median.toFixed(2)} ms`,
      isMet: submit.wall.median < 5
    }
  ]
}

const measure = async (isQuick: boolean): Promise<Findings> => {
  const folder = mkdtempSync(join(tmpdir(), "gentask-bench-"))
  const count = isQuick ? 20_000 : 100_000
  const path = join(folder, "ledger.db")
  const ledger = await openLedger({ path })
  const peer = openPeer(join(folder, "peer.db"))
  try {
    const { wall: fillTime } = await time(() => fill(ledger, count))
    const { bytes } = await ledger.info()
    const operations = readOperations(ledger, path, count)
    const reads = (await measureTimes(operations, isQuick ? 5 : 21)).map((times, index) =>
      timingOf(operations[index]?.name ?? "", times)
    )
    let index = count
    const running = snapshotOf(count - 1, "running")
    const writes: ReadonlyArray<Operation> = [
      { name: "node:sqlite, two synced inserts", run: () => peer.submit((index += 1)) },
      { name: "gentask, begin and settle", run: () => submitTo(ledger, (index += 1)) },
      { name: "gentask, record a change", run: () => ledger.record(snapshotOf((index += 1), "running")) },
      { name: "gentask, record no change", run: () => ledger.record(running) }
    ]
    const times = await measureTimes(writes, isQuick ? 50 : 500)
    const timings = writes.map(({ name }, place) => timingOf(name, times[place] ?? []))
    const [, submit = timingOf("", [])] = timings
    const wallsOf = (place: number): ReadonlyArray<number> => (times[place] ?? []).map(({ wall }) => wall)
    const overPeer = ratioOf(wallsOf(1), wallsOf(0))
    return {
      title: "Ledger",
      tables: [
        table(
          `Reading, ${count.toLocaleString("en")} tasks`,
          `Each list and search returns a page of at most 50 tasks. The file has ${Math.round(bytes / 1e6)} MB, and was filled in ${(fillTime / 1000).toFixed(1)} s.`,
          reads
        ),
        table(
          "Writing",
          `A submit syncs two transactions to the disk, and so does the peer. Begin and settle take ${overPeer.median.toFixed(2)} × the peer (middle half ${overPeer.low.toFixed(2)}–${overPeer.high.toFixed(2)}).`,
          timings
        )
      ],
      targets: targetsOf(reads, submit, count),
      behind:
        overPeer.median <= 1
          ? []
          : [
              `Begin and settle of a submit take ${submit.wall.median.toFixed(2)} ms, ${overPeer.median.toFixed(2)} × two plain inserts with node:sqlite, which keep neither indexes nor events.`
            ],
      onAllCores: true,
      packages: ["@gentask/ledger"],
      numbers: { count, bytes, fillTime, reads, writes: timings, overPeer }
    }
  } finally {
    peer.close()
    await ledger.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

await runPart("ledger", measure)
