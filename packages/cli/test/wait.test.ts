import { existsSync, readFileSync, readdirSync } from "node:fs"
import { createHash } from "node:crypto"
import { join } from "node:path"
import { startEmulator } from "@gentask/emulator"
import type { Emulator, TaskScript } from "@gentask/emulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import {
  jsonLinesOf,
  linesOf,
  newFolder,
  onlyJsonOf,
  pointedAt,
  run,
  runInShell,
  secretKey,
  start,
  until
} from "./support.ts"

let emulator: Emulator
let env: Record<string, string>

beforeAll(async () => {
  emulator = await startEmulator({ apiKey: secretKey })
  env = pointedAt(emulator)
})
afterAll(() => emulator.close())

const add = (script: TaskScript): string => emulator.addTask(script).id

const sha256 = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex")

const isWhole = (file: Record<string, unknown>): boolean => {
  const path = String(file["path"])
  return readFileSync(path).length === file["bytes"] && sha256(path) === file["sha256"]
}

describe("wait", () => {
  it("saves what every system made, whole and under the name of its ref", async () => {
    const out = newFolder()
    const ids = {
      jimmy: add({ vendor: "jimmy", id: "a", runningFor: 300 }),
      film: add({ vendor: "jimmy", id: "b", kind: "video" }),
      sora: add({ vendor: "sora", id: "sora-2:task_c", queuedFor: 200, runningFor: 300 }),
      link: add({ vendor: "jimeng", id: "d" }),
      inline: add({ vendor: "jimeng", id: "e", inline: true, runningFor: 300 }),
      aigpt: add({ vendor: "aigptimage", id: "f" })
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
      env
    })
    assert.strictEqual(status, 0)
    const lines = jsonLinesOf(stdout)
    assert.sameMembers(
      lines.map(({ ref }) => ref),
      refs
    )
    const files = lines.flatMap((line) => line["files"] as ReadonlyArray<Record<string, unknown>>)
    assert.isTrue(files.every(isWhole))
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

  it("tells changes on the standard error and the end on the standard output", async () => {
    const id = add({ vendor: "jimmy", queuedFor: 1500, runningFor: 1500 })
    const { status, stdout, stderr } = await run(["wait", `jimmy:${id}`, "--interval", "150ms"], { env })
    assert.strictEqual(status, 0)
    assert.strictEqual(linesOf(stdout)[0], `jimmy:${id}  succeeded`)
    const words = linesOf(stderr).map((line) => line.split("  ")[1])
    assert.deepStrictEqual([...new Set(words)], ["queued", "running", "succeeded"])
    assert.notInclude(stderr, "\u001b")
  })

  it("tells each missed poll, and goes on", async () => {
    const id = add({ vendor: "jimmy", responses: [{ status: 503, body: {} }] })
    const { status, stderr } = await run(["wait", `jimmy:${id}`, "--interval", "100ms"], { env })
    assert.strictEqual(status, 0)
    assert.match(
      linesOf(stderr)[0] ?? "",
      /^jimmy:\S+ {2}missed poll 1 \(Unavailable\): the vendor cannot answer now \(HTTP 503\); again in .+ m?s$/
    )
  })

  it("answers 1 for a failed task, and tells all about the others", async () => {
    const good = add({ vendor: "jimmy" })
    const bad = add({ vendor: "sora", end: "failed", failure: { code: "x1", message: "No luck" } })
    const { status, stdout, stderr } = await run(["wait", "--json", `sora:${bad}`, `jimmy:${good}`], { env })
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

  it("answers 3 at the deadline, with a command that then works", async () => {
    const out = join(newFolder(), "it's here")
    const id = add({ vendor: "sora", runningFor: 2500 })
    const words = ["wait", `sora:${id}`, "--timeout", "500ms", "--save", out, "--interval", "200ms", "--json"]
    const late = await run(words, { env })
    assert.strictEqual(late.status, 3)
    const line = onlyJsonOf(late.stdout)
    assert.deepStrictEqual(
      { status: line["status"], type: (line["error"] as { type: string }).type },
      { status: "running", type: "StillRunning" }
    )
    const command = `gentask wait sora:${id} --timeout 500ms --save '${out.replace("'", `'\\''`)}' --interval 200ms --json`
    assert.strictEqual(linesOf(late.stderr).at(-1), `To go on: ${command}`)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    const again = await runInShell(command, { env })
    assert.strictEqual(again.status, 0)
    assert.isTrue(
      (onlyJsonOf(again.stdout)["files"] as ReadonlyArray<Record<string, unknown>>).every(isWhole)
    )
  })

  it("asks about a ref that is given twice once", async () => {
    const id = add({ vendor: "jimmy" })
    const { stdout } = await run(["wait", "--json", `jimmy:${id}`, `jimmy:${id}`], { env })
    assert.lengthOf(jsonLinesOf(stdout), 1)
  })

  it("answers the highest status of a list", async () => {
    const failed = add({ vendor: "jimmy", end: "failed" })
    const running = add({ vendor: "jimmy", end: "never" })
    const { status } = await run(
      ["wait", `jimmy:${failed}`, `jimmy:${running}`, "nonsense", "--timeout", "300ms"],
      { env }
    )
    assert.strictEqual(status, 3)
  })
})

describe("an interrupted wait", () => {
  it("ends at once with 130 and the command that goes on, and leaves no half file", async () => {
    const out = newFolder()
    const id = add({ vendor: "jimmy", end: "never" })
    const done = add({ vendor: "jimmy", id: "whole" })
    const words = ["wait", `jimmy:${id}`, `jimmy:${done}`, "--save", out, "--interval", "200ms"]
    const running = start(words, { env })
    await until(() => running.stdout().includes("saved"), "the first file")
    const began = performance.now()
    running.child.kill("SIGINT")
    const { status, stderr } = await running.ended
    assert.isBelow(performance.now() - began, 500)
    assert.strictEqual(status, 130)
    assert.strictEqual(
      linesOf(stderr).at(-1),
      `To go on: gentask wait jimmy:${id} --save ${out} --interval 200ms`
    )
    assert.deepStrictEqual(readdirSync(out).toSorted(), ["jimmy_whole.png", "jimmy_whole.png.json"])
  })

  it("ends with 143 when it is told to terminate", async () => {
    const id = add({ vendor: "jimmy", end: "never" })
    const running = start(["wait", `jimmy:${id}`], { env })
    await until(() => running.stderr().includes("running"), "the first poll")
    running.child.kill("SIGTERM")
    assert.strictEqual((await running.ended).status, 143)
  })
})

describe("watch", () => {
  it("prints each change as it happens, on the standard output", async () => {
    const id = add({ vendor: "sora", queuedFor: 1000, runningFor: 1500 })
    const { status, stdout, stderr } = await run(["watch", "--json", `sora:${id}`, "--interval", "150ms"], {
      env
    })
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
    const words = jsonLinesOf(stdout).map((line) => line["status"])
    assert.strictEqual(words.at(-1), "succeeded")
    assert.include(words, "running")
  })

  it("prints plain lines for people, and answers 1 for a failed task", async () => {
    const id = add({ vendor: "jimmy", runningFor: 2000, end: "failed" })
    const { status, stdout } = await run(["watch", `jimmy:${id}`, "--interval", "150ms"], { env })
    assert.strictEqual(status, 1)
    assert.match(stdout, new RegExp(`^jimmy:${id} {2}running {2}\\d+ %\n`))
    assert.match(linesOf(stdout).at(-1) ?? "", /failed {2}unknown: Generation failed$/)
  })

  it("ends quietly when nobody reads on", async () => {
    const id = add({ vendor: "jimmy", runningFor: 3000 })
    const running = start(["watch", `jimmy:${id}`, "--interval", "100ms"], { env })
    await until(() => running.stdout() !== "", "the first line")
    running.child.stdout?.destroy()
    const { status, stderr } = await running.ended
    assert.deepStrictEqual({ status, stderr }, { status: 0, stderr: "" })
  })
})

describe("save", () => {
  it("saves every role with --all, and recognises what it saved before", async () => {
    const out = newFolder()
    add({ vendor: "sora", id: "sora-2:all" })
    const first = await run(["save", "sora:sora-2:all", "-o", out, "--all"], { env })
    assert.strictEqual(first.status, 0)
    assert.deepStrictEqual(linesOf(first.stdout), [
      "sora:sora-2:all  succeeded",
      `  saved  ${join(out, "sora_sora-2~all.mp4")}  video/mp4  15.1 kB`,
      `  saved  ${join(out, "sora_sora-2~all+thumbnail.webp")}  image/webp  2.3 kB`,
      `  saved  ${join(out, "sora_sora-2~all+preview.gif")}  image/gif  10.9 kB`
    ])
    const second = await run(["save", "sora:sora-2:all", "--out", out], { env })
    assert.strictEqual(
      linesOf(second.stdout)[1],
      `  already saved  ${join(out, "sora_sora-2~all.mp4")}  video/mp4  15.1 kB`
    )
  })

  it("answers 1 for a task that failed and 3 for one that runs, with the command that waits for it", async () => {
    const out = newFolder()
    const failed = add({ vendor: "jimmy", end: "failed" })
    const running = add({ vendor: "jimmy", end: "never" })
    assert.strictEqual((await run(["save", `jimmy:${failed}`, "-o", out], { env })).status, 1)
    const { status, stderr } = await run(["save", `jimmy:${running}`, "-o", out], { env })
    assert.strictEqual(status, 3)
    assert.deepStrictEqual(linesOf(stderr), [
      `gentask: jimmy:${running}: the task is running, so there is nothing to save yet. Wait until it has succeeded.`,
      `To go on: gentask wait jimmy:${running} --save ${out}`
    ])
  })

  it("answers 6 when the folder cannot be written to", async () => {
    const file = join(newFolder(), "a-file")
    const id = add({ vendor: "jimmy" })
    await run(["save", `jimmy:${id}`, "-o", file.replace("a-file", "")], { env })
    const under = join(file.replace("a-file", `jimmy_${id}.png`), "out")
    const { status, stdout } = await run(["save", "--json", `jimmy:${id}`, "-o", under], { env })
    assert.strictEqual(status, 6)
    assert.deepStrictEqual(onlyJsonOf(stdout)["error"], {
      type: "SaveError",
      problem: "NotWritable",
      message: `jimmy:${id}: cannot write to ${under} (ENOTDIR). Choose a folder that you may write to.`
    })
    assert.isFalse(existsSync(under))
  })
})
