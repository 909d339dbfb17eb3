/** The process that watches tasks, and measures memory, start-up, and how late polls are. */
import { setTimeout as delay } from "node:timers/promises"
import { UndiciTransport } from "@gentask/core/effect"
import { createClient } from "@gentask/core/internal"
import type { Gentask } from "@gentask/core"
import { jimmy } from "@gentask/provider-jimmy"
import { quantile } from "../measure/Spread.ts"
import { handleRequests } from "../measure/Worker.ts"
import { measureHeap } from "./measureHeap.ts"
import { idOf, PollMeter } from "./PollMeter.ts"
import { stubTransport } from "./stubTransport.ts"

/** What to watch, and how. */
export interface WatchPlan {
  readonly tasks: number
  /** The server to query; undefined for a stub in the process. */
  readonly baseUrl?: string | undefined
  /** Watches by one `waitAll`, or by one `wait` per task. */
  readonly by: "waitAll" | "wait"
  /** The duration of each measurement, in milliseconds. */
  readonly milliseconds: number
}

/** The results of a plan. */
export interface WatchResult extends WatchPlan {
  /** The time until every task is watched, in milliseconds. */
  readonly startedIn: number
  /** Bytes of heap per task before its first poll. */
  readonly heapBefore: number
  /** Bytes of heap per task after its first poll. */
  readonly heapAfter: number
  /** The maximum polls per second on one core. */
  readonly fullRate: number
  /** Microseconds of CPU time per poll at the full rate. */
  readonly cpuPerPoll: number
  /** Polls per second while lateness was recorded. */
  readonly pacedRate: number
  /** The delay between the time when a poll was due and when it was sent, in milliseconds. */
  readonly lateness: { readonly p50: number; readonly p99: number; readonly max: number }
}

/** The share of the full rate at which lateness is recorded. */
const load = 0.75

const start = async (gentask: Gentask, { tasks, by }: WatchPlan): Promise<void> => {
  if (by === "wait") {
    for (let number = 0; number < tasks; number += 1) void gentask.wait(`jimmy:${idOf(number)}`)
    return
  }
  const refs = Array.from({ length: tasks }, (_, number) => `jimmy:${idOf(number)}`)
  // The last ref settles at once as invalid, when all others are watched.
  const settled = gentask.waitAll([...refs, ""])[Symbol.asyncIterator]()
  await settled.next()
  void settled.next().catch(() => undefined)
}

/** Creates a client of a server or of the stub. */
const client = (meter: PollMeter, baseUrl: string | undefined): Gentask =>
  createClient(
    {
      providers: [jimmy({ apiKey: "sk-bench-0123456789", baseUrl: baseUrl ?? "http://127.0.0.1:1" })],
      pollPolicy: meter.policy
    },
    meter.observed(baseUrl === undefined ? stubTransport : UndiciTransport.layer)
  )

/** Watches 1000 tasks for a second, so that all code is loaded and compiled. */
const warmUp = async (plan: WatchPlan): Promise<void> => {
  const meter = new PollMeter(1000)
  await using gentask = client(meter, plan.baseUrl)
  meter.open()
  await start(gentask, { ...plan, by: "waitAll", tasks: 1000 })
  await delay(1000)
}

/** Counts polls and their CPU time. */
const countPolls = async (meter: PollMeter, milliseconds: number) => {
  const { polls } = meter
  const cpu = process.cpuUsage()
  const start = performance.now()
  await delay(milliseconds)
  const { user, system } = process.cpuUsage(cpu)
  const counted = meter.polls - polls
  return { rate: (counted * 1000) / (performance.now() - start), cpu: (user + system) / counted }
}

const watch = async (plan: WatchPlan): Promise<WatchResult> => {
  const { tasks, milliseconds } = plan
  await warmUp(plan)
  const meter = new PollMeter(tasks)
  const empty = await measureHeap()
  const gentask = client(meter, plan.baseUrl)
  const started = performance.now()
  await start(gentask, plan)
  const startedIn = performance.now() - started
  const heapBefore = ((await measureHeap()) - empty) / tasks

  meter.open()
  const full = await countPolls(meter, milliseconds)

  // Spreads polls evenly after all queued polls are sent.
  const round = (tasks / full.rate) * 1000
  const spreadFrom = performance.now() + round * 1.2 + 200
  meter.pace(spreadFrom, round / load)
  await delay(spreadFrom - performance.now() + Math.min(1000, milliseconds / 2))
  const lateness = meter.recordLateness()
  const paced = await countPolls(meter, milliseconds)
  meter.stopRecording()
  const heapAfter = ((await measureHeap()) - empty) / tasks
  return {
    ...plan,
    startedIn,
    heapBefore,
    heapAfter,
    fullRate: full.rate,
    cpuPerPoll: full.cpu,
    pacedRate: paced.rate,
    lateness: { p50: quantile(lateness, 0.5), p99: quantile(lateness, 0.99), max: quantile(lateness, 1) }
  }
}

handleRequests<WatchPlan, WatchResult>(watch)
