import { readdirSync } from "node:fs"
import { assert, describe, it, vi } from "vitest"
import { start } from "./gentask.ts"
import { newFolder } from "./project.ts"
import { startStalledVendor } from "./stalledVendor.ts"

describe("a save that a signal interrupts", () => {
  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129]
  ] as const)("releases its lock and exits (%s)", async (signal, expected) => {
    await using vendor = await startStalledVendor()
    const out = newFolder()
    const running = start(["save", "jimmy:1", "-o", out], { env: vendor.env })
    const filesWith = (part: string): ReadonlyArray<string> =>
      readdirSync(out, { recursive: true })
        .map(String)
        .filter((name) => name.includes(part))
    await vi.waitFor(() => assert.isNotEmpty(filesWith(".part"), running.stderr()), 10_000)
    running.child.kill(signal)
    const { status, stderr } = await running.result
    assert.strictEqual(status, expected)
    assert.strictEqual(stderr, `To resume: gentask save jimmy:1 -o ${out}\n`)
    assert.isEmpty(filesWith(".lock"))
  })
})
