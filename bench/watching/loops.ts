/** The process that watches as people write it down: a loop and a timer for each task. */
import { setTimeout as delay } from "node:timers/promises"
import { answerWith } from "../measure/Worker.ts"
import { heap } from "./heap.ts"
import { running } from "./stub.ts"

/** Bytes of heap for each task that is asked about in a loop of its own. */
export type HeapPerTask = number

interface Answer {
  readonly data: { readonly status: string; readonly progress: number }
}

const ask = async (): Promise<Answer> => {
  await delay(0)
  return JSON.parse(running) as Answer
}

const watchOne = async (id: string): Promise<string> => {
  for (;;) {
    const { data } = await ask()
    if (data.status === "completed") return id
    await delay(1_000_000)
  }
}

answerWith<number, HeapPerTask>(async (tasks) => {
  const empty = await heap()
  const loops = Array.from({ length: tasks }, (_, number) => watchOne(`t${number}`))
  await delay(1000)
  const held = await heap()
  return loops.length === tasks ? (held - empty) / tasks : Number.NaN
})
