import { expect, it, vi } from "vitest"
import { createGentask } from "@gentask/core"
import { jimmy } from "@gentask/provider-jimmy"
import { startHangingVendor } from "./hangingVendor.ts"

/** The limit in milliseconds; far below every timeout that would end the operation without the abort. */
const limit = 1000

it.each(["jimmy:hangs", "jimmy:running"])(
  "rejects a wait for %s within a second of its abort",
  async (ref) => {
    await using vendor = await startHangingVendor()
    await using gentask = createGentask({ providers: [jimmy(vendor.options)] })
    const controller = new AbortController()
    const waiting = gentask.wait(ref, { signal: controller.signal }).catch((error: unknown) => error)
    await vi.waitFor(() => expect(vendor.paths).not.toEqual([]), { timeout: 20_000 })
    const start = performance.now()
    const reason = new Error("aborted by the test")
    controller.abort(reason)
    expect(await waiting).toBe(reason)
    expect(performance.now() - start).toBeLessThan(limit)
  }
)
