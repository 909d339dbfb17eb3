/** The cost of a poll when each task is a job of pg-boss, or a workflow of Effect. */
import { setTimeout as delay } from "node:timers/promises"
import * as NodeCrypto from "@effect/platform-node/NodeCrypto"
import * as PgClient from "@effect/sql-pg/PgClient"
import * as ClusterWorkflowEngine from "effect/cluster/ClusterWorkflowEngine"
import * as SingleRunner from "effect/cluster/SingleRunner"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import * as Activity from "effect/workflow/Activity"
import * as DurableClock from "effect/workflow/DurableClock"
import * as Workflow from "effect/workflow/Workflow"
import { runningResponse } from "../watching/stubTransport.ts"
import { postgresCpuMs } from "./databases.ts"
import { openPgBoss } from "./measureAccept.ts"
import type { PostgresServer } from "./trackerInternals.ts"

/** CPU times per poll, in microseconds. */
export interface PeerResult {
  readonly name: string
  readonly tasks: number
  readonly acceptedPerSecond: number
  readonly polls: number
  readonly cpuPerPoll: number
  readonly postgresCpuPerPoll: number
}

const intervalSeconds = 2

/** What gentask does with a response is left out, so that peers have less to do. */
const poll = (): unknown => JSON.parse(runningResponse)

interface Counted {
  polls: number
}

const countPolls = async (server: PostgresServer, counted: Counted, milliseconds: number) => {
  await delay(1000)
  const before = { polls: counted.polls, cpu: process.cpuUsage(), postgres: postgresCpuMs(server) }
  await delay(milliseconds)
  const { user, system } = process.cpuUsage(before.cpu)
  const polls = counted.polls - before.polls
  return {
    polls,
    cpuPerPoll: (user + system) / polls,
    postgresCpuPerPoll: ((postgresCpuMs(server) - before.postgres) * 1000) / polls
  }
}

/** A poll completes its job, and adds the next one. */
export const measurePgBoss = async (
  server: PostgresServer,
  tasks: number,
  milliseconds: number
): Promise<PeerResult> => {
  const boss = await openPgBoss(await server.createDatabase())
  const counted = { polls: 0 }
  const start = performance.now()
  await boss.insert(
    "tasks",
    Array.from({ length: tasks }, (_, id) => ({ data: { ref: `jimmy:${id}` } }))
  )
  const acceptedPerSecond = (tasks * 1000) / (performance.now() - start)
  await boss.work<{ readonly ref: string }>(
    "tasks",
    { batchSize: 500, pollingIntervalSeconds: 0.5 },
    async (jobs) => {
      for (const _ of jobs) poll()
      counted.polls += jobs.length
      await boss.insert(
        "tasks",
        jobs.map(({ data }) => ({ data, startAfter: intervalSeconds }))
      )
    }
  )
  const result = await countPolls(server, counted, milliseconds)
  await boss.stop({ graceful: false })
  return { name: "pg-boss, a job per poll", tasks, acceptedPerSecond, ...result }
}

const Watch = Workflow.make("Watch", {
  payload: { ref: Schema.String },
  idempotencyKey: ({ ref }) => ref
})

const watchLayer = (counted: Counted) =>
  Watch.toLayer(
    Effect.fn(function* () {
      for (let number = 0; ; number += 1) {
        yield* Activity.make({
          name: `poll/${number}`,
          execute: Effect.sync(() => {
            poll()
            counted.polls += 1
          })
        })
        yield* DurableClock.sleep({
          name: `sleep/${number}`,
          duration: `${intervalSeconds} seconds`,
          inMemoryThreshold: 0
        })
      }
    })
  )

/** A workflow per task, whose polls are activities, and whose sleeps survive a restart. */
export const measureWorkflows = async (
  server: PostgresServer,
  tasks: number,
  milliseconds: number
): Promise<PeerResult> => {
  const counted = { polls: 0 }
  const url = await server.createDatabase()
  const runtime = ManagedRuntime.make(
    watchLayer(counted).pipe(
      Layer.provideMerge(ClusterWorkflowEngine.layer),
      Layer.provideMerge(
        SingleRunner.layer({
          runnerStorage: "memory",
          shardingConfig: { entityMessagePollInterval: "500 millis" }
        })
      ),
      Layer.provide(NodeCrypto.layerDigest),
      Layer.provide(PgClient.layer({ url: Redacted.make(url) }))
    )
  )
  try {
    const start = performance.now()
    await runtime.runPromise(
      Effect.forEach(
        Array.from({ length: tasks }, (_, id) => id),
        (id) => Watch.execute({ ref: `jimmy:${id}` }, { discard: true }),
        { concurrency: 10, discard: true }
      )
    )
    const acceptedPerSecond = (tasks * 1000) / (performance.now() - start)
    const result = await countPolls(server, counted, milliseconds)
    return { name: "Effect, a workflow per task", tasks, acceptedPerSecond, ...result }
  } finally {
    await runtime.dispose()
  }
}
