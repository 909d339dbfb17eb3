import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { RateBudget } from "../../src/exchange/RateBudget.ts"
import { RequestQueue } from "../../src/exchange/RequestQueue.ts"

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as () => void

const bytesHeld = (): number => {
  collect()
  return process.memoryUsage().heapUsed
}

it.each([
  { situation: "none waits", waiting: 0 },
  { situation: "thousands wait", waiting: 5000 }
])("holds on to nothing of the requests that are over, while $situation", ({ waiting }) => {
  const lane = new RequestQueue(new RateBudget([]), { now: () => performance.now(), fork: Effect.runFork })
  let end = (): void => undefined
  const add = (): void =>
    lane.enqueue({
      isWaiting: false,
      start: (release) => {
        end = () => release("succeeded")
      }
    })
  const endAndAdd = (count: number): void => {
    for (let index = 0; index < count; index += 1) {
      end()
      add()
    }
  }
  // As many as may be out at once, and those that wait.
  for (let index = 0; index < 64 + waiting; index += 1) add()
  endAndAdd(20_000)
  const before = bytesHeld()
  endAndAdd(400_000)
  expect(bytesHeld() - before).toBeLessThan(1_000_000)
})
