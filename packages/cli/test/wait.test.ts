import { createHash } from "node:crypto"
import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import type { TaskScript } from "@gentask/emulator"
import { assert, describe, it, vi } from "vitest"
import { useEmulator } from "./emulator.ts"
import { jsonLinesOf, linesOf, onlyJsonOf, run, runInShell, start } from "./gentask.ts"
import { newFolder } from "./project.ts"

const fixture = useEmulator()

const addTask = (script: TaskScript): string => fixture.emulator.addTask(script).id

const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex")

const filesIn = (line: Record<string, unknown>): ReadonlyArray<Record<string, unknown>> =>
  line["files"] as ReadonlyArray<Record<string, unknown>>

const isComplete = (file: Record<string, unknown>): boolean => {
  const path = String(file["path"])
  return readFileSync(path).length === file["bytes"] && sha256(path) === file["sha256"]
}

describe("wait", () => {
  it("saves the outputs of every format, named after their refs", async () => {
    const out = newFolder()
    const ids = {
      jimmy: addTask({ vendor: "jimmy", id: "a", runningFor: 300 }),
      film: addTask({ vendor: "jimmy", id: "b", kind: "video" }),
      sora: addTask({ vendor: "sora", id: "sora-2:task_c", queuedFor: 200, runningFor: 300 }),
      link: addTask({ vendor: "jimeng", id: "d" }),
      inline: addTask({ vendor: "jimeng", id: "e", inline: true, runningFor: 300 }),
      aigpt: addTask({ vendor: "aigptimage", id: "f" })
    }
    const refs = [
      `jimmy:${ids.jimmy}`,
      `jimmy:${ids.film}?kind=video`,
      `sora:${ids.sora}`,
      `jimeng@octopusx:${ids.link}`,
      `jimeng@deepwl:${ids.inline}`,
      `aigptimage:${ids.aigpt}`
    ]
    const { status, stdout } = await run(["wait", ...refs, "--save", out, "--json", "--interval", "200ms"], {
      env: fixture.env
    })
    assert.strictEqual(status, 0)
    const lines = jsonLinesOf(stdout)
    assert.sameMembers(
      lines.map(({ ref }) => ref),
      refs
    )
    const files = lines.flatMap(filesIn)
    assert.isTrue(files.every(isComplete))
    assert.deepStrictEqual(
      files
        .map(({ path, mediaType, role }) => ({ path, mediaType, role }))
        .toSorted((one, other) => (String(one.path) < String(other.path) ? -1 : 1)),
      [
        { path: join(out, "aigptimage_f.png"), mediaType: "image/png", role: "result" },
        { path: join(out, "jimeng@deepwl_e.jpg"), mediaType: "image/jpeg", role: "result" },
        { path: join(out, "jimeng@octopusx_d.jpg"), mediaType: "image/jpeg", role: "result" },
        { path: join(out, "jimmy_a.png"), mediaType: "image/png", role: "result" },
        { path: join(out, "jimmy_b+kind=video.mp4"), mediaType: "video/mp4", role: "result" },
        { path: join(out, "sora_sora-2~task_c.mp4"), mediaType: "video/mp4", role: "result" }
      ]
    )
  })

  it("prints changes on the standard error, and the result on the standard output", async () => {
    const id = addTask({ vendor: "jimmy", queuedFor: 4000, runningFor: 1500 })
    const { status, stdout, stderr } = await run(["wait", `jimmy:${id}`, "--interval", "150ms"], {
      env: fixture.env
    })
    assert.strictEqual(status, 0)
    assert.strictEqual(linesOf(stdout)[0], `jimmy:${id}  succeeded`)
    const words = linesOf(stderr).map((line) => line.split("  ")[1])
    assert.deepStrictEqual([...new Set(words)], ["queued", "running", "succeeded"])
    assert.notInclude(stderr, "\u001b")
  })

  it("prints each failed poll, and continues", async () => {
    const id = addTask({ vendor: "jimmy", responses: [{ status: 503, body: {} }] })
    const { status, stderr } = await run(["wait", `jimmy:${id}`, "--interval", "100ms"], { env: fixture.env })
    assert.strictEqual(status, 0)
    assert.match(
      linesOf(stderr)[0] ?? "",
      /^jimmy:\S+ {2}failed poll 1 \(Unavailable\): the vendor is temporarily unavailable \(HTTP 503\)\. Next poll in .+ m?s\.$/
    )
  })

  it("ends with status 1 for a failed task, and still reports the others", async () => {
    const good = addTask({ vendor: "jimmy" })
    const bad = addTask({ vendor: "sora", end: "failed", failure: { code: "x1", message: "No luck" } })
    const { status, stdout, stderr } = await run(["wait", "--json", `sora:${bad}`, `jimmy:${good}`], {
      env: fixture.env
    })
    assert.strictEqual(status, 1)
    const lines = jsonLinesOf(stdout)
    const failed = lines.find(({ ref }) => ref === `sora:${bad}`)
    const message = `sora:${bad} failed (unknown, code x1): No luck.`
    assert.deepStrictEqual(
      { status: failed?.["status"], error: failed?.["error"] },
      { status: "failed", error: { type: "TaskFailed", reason: "unknown", message } }
    )
    assert.strictEqual(lines.find(({ ref }) => ref === `jimmy:${good}`)?.["status"], "succeeded")
    assert.include(linesOf(stderr), `gentask: ${message}`)
  })

  it("ends with status 3 at the deadline, and prints a command that resumes", async () => {
    const out = join(newFolder(), "it's here")
    const id = addTask({ vendor: "sora", end: "never" })
    const args = ["wait", `sora:${id}`, "--timeout", "500ms", "--save", out, "--interval", "200ms", "--json"]
    const timedOut = await run(args, { env: fixture.env })
    assert.strictEqual(timedOut.status, 3)
    const line = onlyJsonOf(timedOut.stdout)
    assert.deepStrictEqual(
      { status: line["status"], type: (line["error"] as { type: string }).type },
      { status: "running", type: "StillRunning" }
    )
    const command = `gentask wait sora:${id} --timeout 500ms --save '${out.replace("'", `'\\''`)}' --interval 200ms --json`
    assert.strictEqual(linesOf(timedOut.stderr).at(-1), `To resume: ${command}`)
    fixture.emulator.removeTask("sora", id)
    addTask({ vendor: "sora", id })
    const resumed = await runInShell(command, { env: fixture.env })
    assert.strictEqual(resumed.status, 0)
    assert.isTrue(filesIn(onlyJsonOf(resumed.stdout)).every(isComplete))
  })

  it("reports a ref once if it is given twice", async () => {
    const ref = `jimmy:${fixture.taskId}`
    const { stdout } = await run(["wait", "--json", ref, ref], { env: fixture.env })
    assert.lengthOf(jsonLinesOf(stdout), 1)
  })

  it("ends with the highest status of a list", async () => {
    const failed = addTask({ vendor: "jimmy", end: "failed" })
    const running = addTask({ vendor: "jimmy", end: "never" })
    const { status } = await run(
      ["wait", `jimmy:${failed}`, `jimmy:${running}`, "nonsense", "--timeout", "300ms"],
      { env: fixture.env }
    )
    assert.strictEqual(status, 3)
  })
})

describe("an interrupted wait", () => {
  it("ends at once with status 130 and a command that resumes, and leaves no incomplete file", async () => {
    const out = newFolder()
    const id = addTask({ vendor: "jimmy", end: "never" })
    const done = addTask({ vendor: "jimmy", id: "complete" })
    const args = ["wait", `jimmy:${id}`, `jimmy:${done}`, "--save", out, "--interval", "200ms"]
    const running = start(args, { env: fixture.env })
    await vi.waitFor(() => assert.include(running.stdout(), "saved"), 10_000)
    const interruptedAt = performance.now()
    running.child.kill("SIGINT")
    const { status, stderr } = await running.result
    assert.isBelow(performance.now() - interruptedAt, 500)
    assert.strictEqual(status, 130)
    assert.strictEqual(
      linesOf(stderr).at(-1),
      `To resume: gentask wait jimmy:${id} --save ${out} --interval 200ms`
    )
    assert.deepStrictEqual(readdirSync(out).toSorted(), ["jimmy_complete.png", "jimmy_complete.png.json"])
  })

  it("ends with status 143 if it is terminated", async () => {
    const id = addTask({ vendor: "jimmy", end: "never" })
    const running = start(["wait", `jimmy:${id}`], { env: fixture.env })
    await vi.waitFor(() => assert.include(running.stderr(), "running"), 10_000)
    running.child.kill("SIGTERM")
    assert.strictEqual((await running.result).status, 143)
  })
})
