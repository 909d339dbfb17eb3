/** Sending events to many clients. */
import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import { Worker } from "../measure/Worker.ts"
import type { BenchDatabase } from "./databases.ts"
import type { SubscriberRequest } from "./subscribers.ts"
import { startServerOver, tokens } from "./trackerInternals.ts"

export interface StreamResult {
  readonly clients: number
  readonly events: number
  /** The time until all clients have received one event, in milliseconds. */
  readonly first: number
  /** The time until all clients have received all events, in milliseconds. */
  readonly all: number
  /** CPU time of the server per event and client, in microseconds. */
  readonly cpu: number
}

/** Opens a stream for each client, and adds one task and then many. */
export const measureStreams = async (
  { store }: BenchDatabase,
  clients: number,
  events: number
): Promise<StreamResult> => {
  const server = await startServerOver(store)
  try {
    await using worker = Worker.start<SubscriberRequest, number>(
      new URL("subscribers.ts", import.meta.url),
      "anywhere"
    )
    await worker.request({ open: clients, url: server.url, token: tokens.read })
    const send = async (count: number, total: number): Promise<number> => {
      const start = performance.now()
      const received = worker.request({ events: total })
      const tasks = Array.from({ length: count }, () => ({ ref: `jimmy:${randomUUID()}` }))
      await Effect.runPromise(store.addTasks(tasks))
      await received
      return performance.now() - start
    }
    const first = await send(1, 1)
    const start = process.cpuUsage()
    const all = await send(events, events + 1)
    const { user, system } = process.cpuUsage(start)
    return { clients, events, first, all, cpu: (user + system) / (clients * events) }
  } finally {
    await server.close()
  }
}
