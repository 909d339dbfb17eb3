import { setTimeout as delay } from "node:timers/promises"

/** Returns the size of the heap after a garbage collection, in bytes. Requires `--expose-gc`. */
export const measureHeap = async (): Promise<number> => {
  await delay(50)
  globalThis.gc?.()
  await delay(50)
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
