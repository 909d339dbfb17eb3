import { assert, describe, it, vi } from "vitest"
import { useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, run, start } from "./gentask.ts"

const fixture = useEmulator()

describe("watch", () => {
  it("prints each change on the standard output", async () => {
    const { id } = fixture.emulator.addTask({ vendor: "sora", queuedFor: 1000, runningFor: 1500 })
    const { status, stdout, stderr } = await run(["watch", "--json", `sora:${id}`, "--interval", "150ms"], {
      env: fixture.env
    })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const words = jsonLinesOf(stdout).map((line) => line["status"])
    assert.strictEqual(words.at(-1), "succeeded")
    assert.include(words, "running")
  })

  it("prints lines without --json, and ends with status 1 for a failed task", async () => {
    const { id } = fixture.emulator.addTask({ vendor: "jimmy", runningFor: 2000, end: "failed" })
    const { status, stdout } = await run(["watch", `jimmy:${id}`, "--interval", "150ms"], {
      env: fixture.env
    })
    assert.strictEqual(status, 1)
    assert.match(stdout, new RegExp(`^jimmy:${id} {2}running {2}\\d+ %\n`))
    assert.match(linesOf(stdout).at(-1) ?? "", /failed {2}unknown: Generation failed$/)
  })

  it("ends with status 0 and no message if the reader closes the pipe", async () => {
    const { id } = fixture.emulator.addTask({ vendor: "jimmy", runningFor: 3000 })
    const running = start(["watch", `jimmy:${id}`, "--interval", "100ms"], { env: fixture.env })
    await vi.waitFor(() => assert.notStrictEqual(running.stdout(), ""), 10_000)
    running.child.stdout?.destroy()
    const { status, stderr } = await running.result
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
  })
})
