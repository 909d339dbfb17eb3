/** The cost of watching many tasks. `pnpm bench:watching [--quick]` */
import { runPart } from "./measure/Report.ts"
import type { Findings, Target } from "./measure/Report.ts"
import type { Table } from "./measure/Table.ts"
import { Worker } from "./measure/Worker.ts"
import { runningPath } from "./query/responses.ts"
import type { HeapPerTask } from "./watching/loops.ts"
import type { WatchPlan, WatchResult } from "./watching/watcher.ts"

const nodeOptions = ["--expose-gc", "--max-old-space-size=8192"]

/** Measures in a new process, whose heap is empty. */
const watch = async (plan: WatchPlan): Promise<WatchResult> => {
  await using worker = Worker.start<WatchPlan, WatchResult>(
    new URL("watching/watcher.ts", import.meta.url),
    "client",
    [],
    nodeOptions
  )
  return await worker.request(plan)
}

const heapOfLoops = async (tasks: number): Promise<HeapPerTask> => {
  const script = new URL("watching/loops.ts", import.meta.url)
  await using worker = Worker.start<number, HeapPerTask>(script, "client", [], nodeOptions)
  return await worker.request(tasks)
}

const sizes = { quick: [1000, 10_000], full: [1000, 10_000, 100_000, 1_000_000] } as const

const whole = (number: number): string => Math.round(number).toLocaleString("en")

const row = (result: WatchResult): ReadonlyArray<string> => [
  whole(result.tasks),
  (result.startedIn / 1000).toFixed(2),
  whole(result.heapBefore),
  whole(result.heapAfter),
  whole(result.fullRate),
  result.cpuPerPoll.toFixed(1),
  whole(result.pacedRate),
  result.lateness.p50.toFixed(1),
  result.lateness.p99.toFixed(1)
]

const columns = [
  "tasks",
  "start s",
  "bytes/task before a poll",
  "bytes/task after a poll",
  "polls/s, full",
  "CPU µs/poll",
  "polls/s, paced",
  "lateness p50 ms",
  "lateness p99 ms"
]

const pollerTable = (results: ReadonlyArray<WatchResult>): Table => ({
  title: "The poller alone",
  note: '`waitAll` over a transport in the same process, which responds with a running task in the next turn of the event loop. "Full" is the maximum rate on one core. Lateness is measured at three quarters of it, with evenly spread polls. Bytes are those of the heap after a garbage collection.',
  columns,
  rows: results.map(row)
})

const socketTable = (results: ReadonlyArray<WatchResult>): Table => ({
  title: "Over sockets",
  note: "The same with requests to a server on this machine.",
  columns,
  rows: results.map(row)
})

const waysTable = (one: WatchResult, all: WatchResult, loops: HeapPerTask): Table => ({
  title: "Ways to watch",
  note: `Bytes of heap for each of ${whole(one.tasks)} running tasks after its first poll. The hand-written loop sleeps, queries and parses, and keeps nothing.`,
  columns: ["", "bytes/task"],
  rows: [
    ["one `waitAll`", whole(all.heapAfter)],
    ["one `wait` per task", whole(one.heapAfter)],
    ["one hand-written async loop with a timer per task", whole(loops)]
  ]
})

const targetsOf = (results: ReadonlyArray<WatchResult>): ReadonlyArray<Target> => {
  const largest = results.at(-1)
  if (largest === undefined) return []
  const reference = results.find(({ tasks }) => tasks >= 10_000) ?? largest
  const growth = largest.cpuPerPoll / reference.cpuPerPoll
  const what = `${whole(largest.tasks)} watched tasks`
  return [
    {
      what: `${what}: heap per task`,
      target: "under 1 KB",
      measured: `${whole(largest.heapAfter)} bytes`,
      isMet: largest.heapAfter < 1024
    },
    {
      what: `${what}: start`,
      target: "under 10 s",
      measured: `${(largest.startedIn / 1000).toFixed(1)} s`,
      isMet: largest.startedIn < 10_000
    },
    {
      what: `${what}: CPU per poll, compared with ${whole(reference.tasks)}`,
      target: "at most 1.25 ×",
      measured: `${growth.toFixed(2)} ×`,
      isMet: growth <= 1.25
    }
  ]
}

const behindOf = (one: WatchResult, loops: HeapPerTask): ReadonlyArray<string> =>
  one.heapAfter <= loops
    ? []
    : [
        `One \`wait\` per task takes ${whole(one.heapAfter)} bytes per task. Smaller: a hand-written loop (${whole(loops)} bytes).`
      ]

const measure = async (isQuick: boolean): Promise<Findings> => {
  const milliseconds = isQuick ? 1000 : 3000
  const poller: Array<WatchResult> = []
  for (const tasks of isQuick ? sizes.quick : sizes.full)
    poller.push(await watch({ tasks, by: "waitAll", milliseconds }))
  const sockets: Array<WatchResult> = []
  {
    await using server = Worker.start<"url", string>(new URL("query/server.ts", import.meta.url), "server")
    const baseUrl = `${await server.request("url")}${runningPath}`
    for (const tasks of isQuick ? [1000] : [1000, 10_000, 100_000])
      sockets.push(await watch({ tasks, by: "waitAll", baseUrl, milliseconds }))
  }
  const tasks = isQuick ? 10_000 : 100_000
  const one = await watch({ tasks, by: "wait", milliseconds: 500 })
  const all = poller.find((each) => each.tasks === tasks) ?? one
  const loops = await heapOfLoops(tasks)
  return {
    title: "Watching",
    tables: [pollerTable(poller), socketTable(sockets), waysTable(one, all, loops)],
    targets: targetsOf(poller),
    behind: behindOf(one, loops),
    packages: ["effect", "undici"],
    numbers: { poller, sockets, one, loops }
  }
}

await runPart("watching", measure)
