/** The process that watches: how much memory that takes, how long it takes to begin, and how late its polls are. */
import { setTimeout as delay } from "node:timers/promises"
import { createClient } from "@gentask/core/internal"
import { UndiciTransport } from "@gentask/core/effect"
import type { Gentask } from "@gentask/core"
import { jimmy } from "@gentask/provider-jimmy"
import { quantile } from "../measure/Spread.ts"
import { answerWith } from "../measure/Worker.ts"
import { Clocked, idOf } from "./Clocked.ts"
import { heap } from "./heap.ts"
import { stub } from "./stub.ts"

/** What to watch, and how. */
export interface Plan {
  readonly tasks: number
  /** The server to ask; undefined for a stub in the process. */
  readonly baseUrl?: string | undefined
  /** By one `waitAll`, or by a `wait` for each task. */
  readonly by: "waitAll" | "wait"
  /** For how long polls are counted and their lateness is noted, in milliseconds. */
  readonly milliseconds: number
}

/** What was found. */
export interface Watched extends Plan {
  /** Until every task is watched, in milliseconds. */
  readonly startedIn: number
  /** Bytes of heap for each task that is watched and was not asked about yet. */
  readonly heapBefore: number
  /** Bytes of heap for each task, once every task was answered for, at least once. */
  readonly heapAfter: number
  /** Polls a second, as fast as one core goes. */
  readonly fullRate: number
  /** Microseconds of CPU time for a poll, at the full rate. */
  readonly cpuPerPoll: number
  /** Polls a second while lateness was noted. */
  readonly pacedRate: number
  /** In milliseconds. */
  readonly lateness: { readonly p50: number; readonly p99: number; readonly max: number }
}

/** The part of the full rate at which lateness is noted. */
const load = 0.75

const start = async (gentask: Gentask, { tasks, by }: Plan): Promise<void> => {
  if (by === "wait") {
    for (let number = 0; number < tasks; number += 1) void gentask.wait(`jimmy:${idOf(number)}`)
    return
  }
  const listed = Promise.withResolvers<void>()
  const refs = function* () {
    for (let number = 0; number < tasks; number += 1) yield `jimmy:${idOf(number)}`
    listed.resolve()
  }
  const nobody = gentask.waitAll(refs())[Symbol.asyncIterator]().next()
  nobody.catch(() => undefined)
  await listed.promise
}

/** A client that asks a stub or a server. */
const client = (clocked: Clocked, baseUrl: string | undefined): Gentask =>
  createClient(
    {
      providers: [jimmy({ apiKey: "sk-of-nobody-0123456789", baseUrl: baseUrl ?? "http://127.0.0.1:1" })],
      pollPolicy: clocked.policy
    },
    clocked.over(baseUrl === undefined ? stub : UndiciTransport.layer)
  )

/** Watches a few tasks for a while, so that everything is loaded and compiled. */
const warmUp = async (plan: Plan): Promise<void> => {
  const clocked = new Clocked(1000)
  await using gentask = client(clocked, plan.baseUrl)
  clocked.open()
  await start(gentask, { ...plan, by: "waitAll", tasks: 1000 })
  await delay(1000)
}

/** Counts polls and their CPU time for a while, as fast as they go. */
const countPolls = async (clocked: Clocked, milliseconds: number) => {
  const { polls } = clocked
  const cpu = process.cpuUsage()
  const from = performance.now()
  await delay(milliseconds)
  const { user, system } = process.cpuUsage(cpu)
  const counted = clocked.polls - polls
  return { rate: (counted * 1000) / (performance.now() - from), cpu: (user + system) / counted }
}

const watch = async (plan: Plan): Promise<Watched> => {
  const { tasks, milliseconds } = plan
  await warmUp(plan)
  const clocked = new Clocked(tasks)
  const empty = await heap()
  const gentask = client(clocked, plan.baseUrl)
  const began = performance.now()
  await start(gentask, plan)
  const startedIn = performance.now() - began
  const heapBefore = ((await heap()) - empty) / tasks

  // As fast as it goes.
  clocked.open()
  const full = await countPolls(clocked, milliseconds)

  // Everyone evenly, once all that are waiting for their turn had it.
  const round = (tasks / full.rate) * 1000
  const spreadFrom = performance.now() + round * 1.2 + 200
  clocked.pace(spreadFrom, round / load)
  await delay(spreadFrom - performance.now() + Math.min(1000, milliseconds / 2))
  const lateness = clocked.noteLateness()
  const paced = await countPolls(clocked, milliseconds)
  clocked.noteNothing()
  const heapAfter = ((await heap()) - empty) / tasks
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

answerWith<Plan, Watched>(watch)
