import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { RateBudget } from "../../src/exchange/RateBudget.ts"
import { RequestQueue } from "../../src/exchange/RequestQueue.ts"
import { maxConcurrency } from "../support/requestQueue.ts"

setFlagsFromString("--expose-gc")
const collectGarbage = runInNewContext("gc") as () => void

const usedBytes = (): number => {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

it.each([
  { situation: "the queue is empty", queued: 0 },
  { situation: "thousands of requests are queued", queued: 5000 }
])("RequestQueue keeps no references to ended requests while $situation", ({ queued }) => {
  const queue = new RequestQueue(new RateBudget([]), { now: () => performance.now(), fork: Effect.runFork })
  let end = (): void => undefined
  const enqueue = (): void =>
    queue.enqueue({
      isWaiting: false,
      start: (release) => {
        end = () => release("succeeded")
      }
    })
  const endAndEnqueue = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      end()
      enqueue()
    }
  }
  for (let index = 0; index < maxConcurrency + queued; index += 1) enqueue()
  endAndEnqueue(20_000)
  const before = usedBytes()
  endAndEnqueue(400_000)
  expect(usedBytes() - before).toBeLessThan(1_000_000)
})
