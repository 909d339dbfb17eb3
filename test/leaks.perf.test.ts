import { expect, it } from "vitest"
import { leaks } from "./leaks.ts"

it(
  "leaves no socket, timer, file handle or heap of 600 waits that were started and aborted",
  { timeout: 60_000 },
  async () => {
    const { before, after, aborts } = await leaks(600)
    expect(aborts).toBe(600)
    // Idle connections stay open for a while; they are few, and not one for each wait.
    expect(after.sockets).toBeLessThanOrEqual(before.sockets + 4)
    expect(after.timers).toBeLessThanOrEqual(before.timers)
    // Less than 5 kB for each wait: what one holds while it is under way is several times that.
    expect(after.heap - before.heap).toBeLessThan(3_000_000)
    expect(after.files).toBeLessThanOrEqual(before.files + 8)
  }
)
