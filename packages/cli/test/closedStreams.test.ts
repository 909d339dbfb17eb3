import { once } from "node:events"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "vitest"
import { useEmulator } from "./emulator.ts"
import { runInShell, start } from "./gentask.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()

const exitOf = async (running: ReturnType<typeof start>): Promise<number | null> => {
  const [status] = (await once(running.child, "exit")) as [number | null]
  return status
}

describe("if the reader of the standard error closes it", () => {
  it("wait --save continues, saves the file and ends with status 0", async () => {
    const out = newFolder()
    const { id } = fixture.emulator.addTask({ vendor: "jimmy", id: "err", queuedFor: 500, runningFor: 1500 })
    const running = start(["wait", `jimmy:${id}`, "--save", out, "--interval", "100ms"], { env: fixture.env })
    const exit = exitOf(running)
    running.child.stderr?.once("data", () => running.child.stderr?.destroy())
    assert.strictEqual(await exit, 0)
    assert.isTrue(existsSync(join(out, "jimmy_err.png")))
  })

  it("wait --save ends with the status of a failed task", async () => {
    const { id } = fixture.emulator.addTask({
      vendor: "jimmy",
      queuedFor: 300,
      runningFor: 600,
      end: "failed"
    })
    const running = start(["wait", `jimmy:${id}`, "--save", newFolder(), "--interval", "100ms"], {
      env: fixture.env
    })
    const exit = exitOf(running)
    running.child.stderr?.once("data", () => running.child.stderr?.destroy())
    assert.strictEqual(await exit, 1)
  })
})

describe("if the reader of the standard output closes it", () => {
  it("wait --save continues, saves the files and ends with status 0", async () => {
    const out = newFolder()
    const first = fixture.emulator.addTask({ vendor: "jimmy", id: "first" })
    const last = fixture.emulator.addTask({ vendor: "jimmy", id: "last", runningFor: 1000 })
    const running = start(
      ["wait", `jimmy:${first.id}`, `jimmy:${last.id}`, "--save", out, "--interval", "100ms"],
      { env: fixture.env }
    )
    const exit = exitOf(running)
    running.child.stdout?.once("data", () => running.child.stdout?.destroy())
    assert.strictEqual(await exit, 0)
    assert.isTrue(existsSync(join(out, "jimmy_last.png")))
  })
})

describe("if the standard output cannot be written", () => {
  it.each(["--help", "providers", "wait --help"])("gentask %s ends with status 70", async (command) => {
    const { status, stderr } = await runInShell(`gentask ${command} > /dev/full`, { env: fixture.env })
    assert.strictEqual(status, 70)
    assert.match(stderr, /^gentask: cannot write to the standard output: ENOSPC.*\.$/m)
  })

  it("ends with status 70 and a message, but saves the file", async () => {
    const out = newFolder()
    const { id } = fixture.emulator.addTask({ vendor: "jimmy", id: "full" })
    const { status, stderr } = await runInShell(`gentask wait jimmy:${id} --save '${out}' > /dev/full`, {
      env: fixture.env
    })
    assert.strictEqual(status, 70)
    assert.match(stderr, /^gentask: cannot write to the standard output: ENOSPC.*\.$/m)
    assert.isTrue(existsSync(join(out, "jimmy_full.png")))
  })
})
