/** The process that watches with hand-written code: a loop and a timer for each task. */
import { setTimeout as delay } from "node:timers/promises"
import { handleRequests } from "../measure/Worker.ts"
import { measureHeap } from "./measureHeap.ts"
import { runningResponse } from "./stubTransport.ts"

/** Bytes of heap per task. */
export type HeapPerTask = number

interface QueryResponse {
  readonly data: { readonly status: string; readonly progress: number }
}

const query = async (): Promise<QueryResponse> => {
  await delay(0)
  return JSON.parse(runningResponse) as QueryResponse
}

const watchOne = async (id: string): Promise<string> => {
  for (;;) {
    const { data } = await query()
    if (data.status === "completed") return id
    await delay(1_000_000)
  }
}

handleRequests<number, HeapPerTask>(async (tasks) => {
  const empty = await measureHeap()
  const loops = Array.from({ length: tasks }, (_, number) => watchOne(`t${number}`))
  await delay(1000)
  const used = await measureHeap()
  return loops.length === tasks ? (used - empty) / tasks : Number.NaN
})
