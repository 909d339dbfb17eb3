import { existsSync, readdirSync } from "node:fs"
import { hostname } from "node:os"
import { join } from "node:path"
import { assert, describe, it, vi } from "vitest"
import { useEmulator } from "./emulator.ts"
import { linesOf, onlyJsonOf, run, start } from "./gentask.ts"
import { newFolder } from "./project.ts"
import { startStalledVendor } from "./stalledVendor.ts"

const fixture = useEmulator()

describe("save", () => {
  it("saves all roles with --all, and recognizes files that it saved before", async () => {
    const out = newFolder()
    fixture.emulator.addTask({ vendor: "sora", id: "sora-2:all" })
    const first = await run(["save", "sora:sora-2:all", "-o", out, "--all"], { env: fixture.env })
    assert.strictEqual(first.status, 0)
    assert.deepStrictEqual(linesOf(first.stdout), [
      "sora:sora-2:all  succeeded",
      `  saved  ${join(out, "sora_sora-2~all.mp4")}  video/mp4  15.1 kB`,
      `  saved  ${join(out, "sora_sora-2~all+thumbnail.webp")}  image/webp  2.3 kB`,
      `  saved  ${join(out, "sora_sora-2~all+preview.gif")}  image/gif  10.9 kB`
    ])
    const second = await run(["save", "sora:sora-2:all", "--out", out], { env: fixture.env })
    assert.strictEqual(
      linesOf(second.stdout)[1],
      `  already saved  ${join(out, "sora_sora-2~all.mp4")}  video/mp4  15.1 kB`
    )
  })

  it("ends with status 1 for a failed task", async () => {
    const { id } = fixture.emulator.addTask({ vendor: "jimmy", end: "failed" })
    assert.strictEqual(
      (await run(["save", `jimmy:${id}`, "-o", newFolder()], { env: fixture.env })).status,
      1
    )
  })

  it("ends with status 3 for a running task, and prints a command that waits for it", async () => {
    const out = newFolder()
    const { id } = fixture.emulator.addTask({ vendor: "jimmy", end: "never" })
    const { status, stderr } = await run(["save", `jimmy:${id}`, "-o", out], { env: fixture.env })
    assert.strictEqual(status, 3)
    assert.deepStrictEqual(linesOf(stderr), [
      `gentask: jimmy:${id}: the task is running, so there is nothing to save yet. Wait until it has succeeded.`,
      `To resume: gentask wait jimmy:${id} --save ${out}`
    ])
  })

  it("prints once which process it waits for", async () => {
    await using vendor = await startStalledVendor()
    const out = newFolder()
    const args = ["save", "jimmy:1", "-o", out]
    const first = start(args, { env: vendor.env })
    await vi.waitFor(() => assert.include(readdirSync(out).join(), ".part"), 10_000)
    const second = start(args, { env: vendor.env })
    const expected = `jimmy:1  waiting for process ${first.child.pid} on ${hostname()}, which is saving this file.\n`
    await vi.waitFor(() => assert.strictEqual(second.stderr(), expected), 10_000)
    second.child.kill("SIGINT")
    first.child.kill("SIGINT")
    const { status, stderr } = await second.result
    assert.strictEqual(status, 130)
    assert.strictEqual(stderr, `${expected}To resume: gentask save jimmy:1 -o ${out}\n`)
    await first.result
  })

  it("ends with status 6 if the folder is not writable", async () => {
    const out = newFolder()
    const { id } = fixture.emulator.addTask({ vendor: "jimmy" })
    await run(["save", `jimmy:${id}`, "-o", out], { env: fixture.env })
    const insideFile = join(out, `jimmy_${id}.png`, "out")
    const { status, stdout } = await run(["save", "--json", `jimmy:${id}`, "-o", insideFile], {
      env: fixture.env
    })
    assert.strictEqual(status, 6)
    assert.deepStrictEqual(onlyJsonOf(stdout)["error"], {
      type: "SaveError",
      problem: "NotWritable",
      message: `jimmy:${id}: cannot write to ${insideFile} (ENOTDIR). Choose a folder that you may write to.`
    })
    assert.isFalse(existsSync(insideFile))
  })
})
