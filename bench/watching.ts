/** What watching many tasks costs: `pnpm bench:watching [--quick]`. */
import { runPart } from "./measure/Report.ts"
import type { Findings, Target } from "./measure/Report.ts"
import type { Table } from "./measure/Table.ts"
import { Worker } from "./measure/Worker.ts"
import { unfinished } from "./query/answers.ts"
import type { HeapPerTask } from "./watching/loops.ts"
import type { Plan, Watched } from "./watching/watcher.ts"

const nodeOptions = ["--expose-gc", "--max-old-space-size=8192"]

/** Each measurement has a process of its own, so that none inherits another's heap. */
const watch = async (plan: Plan): Promise<Watched> => {
  await using worker = Worker.start<Plan, Watched>(
    new URL("watching/watcher.ts", import.meta.url),
    "client",
    [],
    nodeOptions
  )
  return await worker.ask(plan)
}

const heapOfLoops = async (tasks: number): Promise<HeapPerTask> => {
  const script = new URL("watching/loops.ts", import.meta.url)
  await using worker = Worker.start<number, HeapPerTask>(script, "client", [], nodeOptions)
  return await worker.ask(tasks)
}

const sizes = { quick: [1000, 10_000], full: [1000, 10_000, 100_000, 1_000_000] } as const

const whole = (number: number): string => Math.round(number).toLocaleString("en")

const row = (watched: Watched): ReadonlyArray<string> => [
  whole(watched.tasks),
  (watched.startedIn / 1000).toFixed(2),
  whole(watched.heapBefore),
  whole(watched.heapAfter),
  whole(watched.fullRate),
  watched.cpuPerPoll.toFixed(1),
  whole(watched.pacedRate),
  watched.lateness.p50.toFixed(1),
  watched.lateness.p99.toFixed(1)
]

const columns = [
  "tasks",
  "started in s",
  "bytes each, unanswered",
  "bytes each, answered",
  "polls/s, full",
  "CPU µs/poll",
  "polls/s, paced",
  "late p50 ms",
  "late p99 ms"
]

const pollerTable = (found: ReadonlyArray<Watched>): Table => ({
  title: "The poller alone",
  note: 'By `waitAll`, over a transport in the same process that answers in the next turn of the event loop with a running task. "Full" is as fast as one core goes; lateness is measured at three quarters of that, with polls spread evenly. Bytes are of the heap, after a collection.',
  columns,
  rows: found.map(row)
})

const socketTable = (found: ReadonlyArray<Watched>): Table => ({
  title: "Over sockets",
  note: "The same, with requests to a server on this machine.",
  columns,
  rows: found.map(row)
})

const waysTable = (one: Watched, all: Watched, loops: HeapPerTask): Table => ({
  title: "Ways to watch",
  note: `Bytes of heap for each of ${whole(one.tasks)} tasks that are running and were asked about. The loop is written by hand: it sleeps, asks, parses, and keeps nothing.`,
  columns: ["", "bytes each"],
  rows: [
    ["one `waitAll`", whole(all.heapAfter)],
    ["a `wait` each, which is a promise", whole(one.heapAfter)],
    ["an async loop each, with a timer, by hand", whole(loops)]
  ]
})

const targetsOf = (found: ReadonlyArray<Watched>): ReadonlyArray<Target> => {
  const most = found.at(-1)
  if (most === undefined) return []
  const least = found.find(({ tasks }) => tasks >= 10_000) ?? most
  const growth = most.cpuPerPoll / least.cpuPerPoll
  const what = `${whole(most.tasks)} tasks watched`
  return [
    {
      what: `${what}: heap of each`,
      target: "under 1 KB",
      measured: `${whole(most.heapAfter)} bytes`,
      isMet: most.heapAfter < 1024
    },
    {
      what: `${what}: started`,
      target: "in under 10 s",
      measured: `${(most.startedIn / 1000).toFixed(1)} s`,
      isMet: most.startedIn < 10_000
    },
    {
      what: `${what}: CPU of a poll, beside that at ${whole(least.tasks)}`,
      target: "flat: at most 1.25 ×",
      measured: `${growth.toFixed(2)} ×`,
      isMet: growth <= 1.25
    }
  ]
}

const behindOf = (one: Watched, loops: HeapPerTask): ReadonlyArray<string> =>
  one.heapAfter <= loops
    ? []
    : [
        `Watching by a \`wait\` each takes ${whole(one.heapAfter)} bytes a task, and a loop by hand, which keeps nothing, ${whole(loops)}.`
      ]

const measure = async (isQuick: boolean): Promise<Findings> => {
  const milliseconds = isQuick ? 1000 : 3000
  const poller: Array<Watched> = []
  for (const tasks of isQuick ? sizes.quick : sizes.full)
    poller.push(await watch({ tasks, by: "waitAll", milliseconds }))
  const sockets: Array<Watched> = []
  {
    await using server = Worker.start<"url", string>(new URL("query/server.ts", import.meta.url), "server")
    const baseUrl = `${await server.ask("url")}${unfinished}`
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
