/** The tables and targets of the tracker's benchmark. */
import type { Target } from "../measure/Report.ts"
import { ratioOf, spreadOf } from "../measure/Spread.ts"
import type { Table } from "../measure/Table.ts"
import type { AcceptResult } from "./measureAccept.ts"
import type { PeerResult } from "./measurePeers.ts"
import type { StreamResult } from "./measureStreams.ts"
import type { TakeOverResult } from "./measureTakeOver.ts"

const whole = (number: number): string => Math.round(number).toLocaleString("en")
const optional = (number: number | null): string => (number === null ? "" : whole(number))
const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(2)

export const acceptTable = (results: ReadonlyArray<AcceptResult>, load: string): Table => {
  const peer = results.at(-1)?.rates ?? []
  return {
    title: "Accepting tasks in batches of 1,000",
    note: `One connection adds one batch after another, by turns with the others. Postgres and SQLite sync each commit. gentask also records an event of each task. ${load}`,
    columns: [
      "",
      "tasks/s",
      "middle half",
      "× pg-boss",
      "Node CPU µs/task",
      "Postgres CPU µs/task",
      "WAL bytes/task"
    ],
    rows: results.map(({ name, rates, nodeCpu, postgresCpu, walBytes }) => {
      const { median, low, high } = spreadOf(rates)
      return [
        name,
        whole(median),
        `${whole(low)}–${whole(high)}`,
        ratioOf(rates, peer).median.toFixed(2),
        nodeCpu.toFixed(1),
        optional(postgresCpu),
        optional(walBytes)
      ]
    })
  }
}

export const takeOverTable = (results: ReadonlyArray<TakeOverResult>): Table => ({
  title: "Taking over open tasks after a crash",
  note: "One account, whose tasks have a snapshot and are all overdue. Times are from the start of the owner until it sends the first poll, and until all polls are scheduled. Bytes are those of the heap after a garbage collection. Closing hands the account over.",
  columns: ["", "tasks", "first poll s", "all scheduled s", "CPU µs/task", "bytes/task", "closing s"],
  rows: results.map((result) => [
    result.name,
    whole(result.tasks),
    seconds(result.firstPoll),
    seconds(result.allScheduled),
    result.cpuPerTask.toFixed(1),
    whole(result.bytesPerTask),
    seconds(result.closing)
  ])
})

/** The measured polls. */
export interface PollResults {
  readonly takeOvers: ReadonlyArray<TakeOverResult>
  /** Polls whose responses are all the same. */
  readonly laterPolls: ReadonlyArray<TakeOverResult>
  /** Polls whose responses differ in an id. */
  readonly numberedPolls: ReadonlyArray<TakeOverResult>
}

export const pollTable = (
  { takeOvers, laterPolls, numberedPolls }: PollResults,
  peers: ReadonlyArray<PeerResult>
): Table => {
  const own = laterPolls.find(({ name }) => name === "Postgres")
  const total = ({ cpuPerPoll, postgresCpuPerPoll }: Pick<PeerResult, "cpuPerPoll" | "postgresCpuPerPoll">) =>
    cpuPerPoll + postgresCpuPerPoll
  const base = own === undefined ? Number.NaN : total(own)
  const row = (name: string, result: Omit<PeerResult, "name" | "acceptedPerSecond">, rows: string) => [
    name,
    whole(result.tasks),
    whole(result.polls),
    result.cpuPerPoll.toFixed(1),
    result.postgresCpuPerPoll.toFixed(1),
    (total(result) / base).toFixed(1),
    rows
  ]
  return {
    title: "Polls without news",
    note: "The vendor responds in the same process. Each task is polled every 2 seconds. The first polls after a restart are sent at 5,000 per second, and parse the recorded snapshot of each task. gentask interprets a response unless it is the same as the last one, which those of vendors with an id in each response never are. The peers only parse it. The last ratio is that of the CPU time of Node and Postgres together. gentask also reserves the account each second, which writes one row for all polls; its CPU time is included.",
    columns: ["", "tasks", "polls", "Node CPU µs/poll", "Postgres CPU µs/poll", "× gentask", "rows written"],
    rows: [
      ...laterPolls.map((result) => row(`gentask on ${result.name}`, result, whole(result.rowsWritten))),
      ...numberedPolls.map((result) =>
        row(`gentask on ${result.name}, an id in each response`, result, whole(result.rowsWritten))
      ),
      ...takeOvers.map((result) =>
        row(`gentask on ${result.name}, first polls after a restart`, result, whole(result.rowsWritten))
      ),
      ...peers.map((result) =>
        row(`${result.name} (${whole(result.acceptedPerSecond)} accepted/s)`, result, "not counted")
      )
    ]
  }
}

export const streamTable = ({ clients, events, first, all, cpu }: StreamResult): Table => ({
  title: "Streams of events",
  note: "Clients of the stream in another process of this machine. Times are from before the task is added until all clients have its event.",
  columns: [
    "clients",
    "events",
    "first event ms",
    "all events ms",
    "events/s to all clients",
    "CPU µs/event and client"
  ],
  rows: [
    [
      whole(clients),
      whole(events),
      whole(first),
      whole(all),
      whole((clients * events * 1000) / all),
      cpu.toFixed(2)
    ]
  ]
})

export const targetsOf = (
  accept: ReadonlyArray<AcceptResult>,
  takeOvers: ReadonlyArray<TakeOverResult>,
  laterPolls: ReadonlyArray<TakeOverResult>
): ReadonlyArray<Target> => [
  ...accept
    .filter(({ name }) => name.startsWith("gentask"))
    .map(({ name, rates }) => ({
      what: `Tracker: accepting batches, ${name}`,
      target: "at least 30,000/s",
      measured: `${whole(spreadOf(rates).median)}/s`,
      isMet: spreadOf(rates).median >= 30_000
    })),
  ...laterPolls.map((result) => ({
    what: `Tracker on ${result.name}: a poll without news`,
    target: "at most 30 µs of Node CPU and 0 rows",
    measured: `${result.cpuPerPoll.toFixed(1)} µs and ${result.rowsWritten} rows`,
    isMet: result.cpuPerPoll <= 30 && result.rowsWritten === 0
  })),
  ...takeOvers.flatMap((result): ReadonlyArray<Target> => [
    {
      what: `Tracker on ${result.name}: heap per open task`,
      target: "under 1,500 bytes",
      measured: `${whole(result.bytesPerTask)} bytes`,
      isMet: result.bytesPerTask < 1500
    },
    {
      what: `Tracker on ${result.name}: polling ${whole(result.tasks)} open tasks again`,
      target: "within 10 s",
      measured: `first poll after ${seconds(result.firstPoll)} s, all scheduled after ${seconds(result.allScheduled)} s`,
      isMet: result.allScheduled <= 10_000
    }
  ])
]

/** Returns one sentence if pg-boss accepts tasks faster, and one if it writes less. */
export const behindOf = (accept: ReadonlyArray<AcceptResult>): ReadonlyArray<string> => {
  const [sqlite, own, peer] = accept
  if (sqlite === undefined || own === undefined || peer === undefined) return []
  const slower = [sqlite, own].flatMap(({ name, rates }) => {
    const { median } = ratioOf(rates, peer.rates)
    return median < 1 ? [`${name} accepts ${median.toFixed(2)} × as many tasks per second as pg-boss.`] : []
  })
  if ((own.walBytes ?? 0) > (peer.walBytes ?? 0))
    slower.push(
      `gentask writes ${whole(own.walBytes ?? 0)} bytes to the log of Postgres per task, and pg-boss ${whole(peer.walBytes ?? 0)}.`
    )
  return slower
}
