/** How much of the heap is in use once what nobody needs is collected, in bytes; run with `--expose-gc`. */
import { setTimeout as delay } from "node:timers/promises"

export const heap = async (): Promise<number> => {
  await delay(50)
  globalThis.gc?.()
  await delay(50)
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
