import { expect, it } from "vitest"
import { maxIdleConnections, measureLeaks } from "./leaks.ts"

it(
  "releases the sockets, timers, file handles and heap of 600 aborted waits",
  { timeout: 60_000 },
  async () => {
    const { before, after, aborts } = await measureLeaks(600)
    expect(aborts).toBe(600)
    expect(after.sockets).toBeLessThanOrEqual(before.sockets + maxIdleConnections)
    expect(after.timers).toBeLessThanOrEqual(before.timers)
    // Less than 5 kB for each wait. A pending wait takes several times as much.
    expect(after.heap - before.heap).toBeLessThan(3_000_000)
    expect(after.files).toBeLessThanOrEqual(before.files + 2 * maxIdleConnections)
  }
)
