/** How a task goes from queued over running to its end, and in which words each vendor says so. */
import { assert, describe, it } from "vitest"
import type { TaskScript } from "../src/index.ts"
import { makeTask } from "../src/TaskScript.ts"
import { momentOf } from "../src/Timeline.ts"
import { ask, pause, start } from "./support.ts"

const at = (script: Omit<TaskScript, "vendor">, elapsed: number) => {
  const { phase, progress } = momentOf(makeTask({ vendor: "jimmy", ...script }, 1000), 1000 + elapsed)
  return [phase, progress]
}

const statusOf = (body: any): unknown => body.data?.state ?? body.data?.status ?? body.status

describe("a timeline", () => {
  it("is queued, then runs with its progress growing evenly, then ends", () => {
    const script = { queuedFor: 100, runningFor: 200 }
    assert.deepEqual(
      [0, 99, 100, 150, 299, 300, 9999].map((elapsed) => at(script, elapsed)),
      [
        ["queued", 0],
        ["queued", 0],
        ["running", 0],
        ["running", 0.25],
        ["running", 0.99],
        ["succeeded", 1],
        ["succeeded", 1]
      ]
    )
  })

  it("has ended at once without times", () => {
    assert.deepEqual(at({}, 0), ["succeeded", 1])
  })

  it.each(["failed", "canceled", "expired"] as const)("is back at progress 0 when it has %s", (end) => {
    assert.deepEqual(at({ runningFor: 10, end }, 10), [end, 0])
  })

  it("stays below its whole progress when it never ends", () => {
    assert.deepEqual(at({ runningFor: 10, end: "never" }, 1_000_000), ["running", 0.99])
    assert.deepEqual(at({ end: "never" }, 1_000_000), ["running", 0])
  })

  it("follows the clock", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", queuedFor: 200, runningFor: 250 })
    const first = await ask(emulator, task)
    await pause(260)
    const second = await ask(emulator, task)
    await pause(260)
    const third = await ask(emulator, task)
    assert.deepEqual(
      [first, second, third].map(({ body }) => body.data.status),
      ["queued", "processing", "completed"]
    )
    assert.isAbove(second.body.data.progress, 0)
    assert.strictEqual(emulator.task("jimmy", task.id)?.polls, 3)
  })
})

describe("the words of each vendor", () => {
  const phases = {
    queued: { queuedFor: 60_000 },
    running: { runningFor: 60_000 },
    succeeded: {},
    failed: { end: "failed" },
    canceled: { end: "canceled" },
    expired: { end: "expired" }
  } as const
  const vocabularies = [
    {
      script: { vendor: "jimmy" },
      words: ["queued", "processing", "completed", "failed", "failed", "failed"]
    },
    {
      script: { vendor: "sora" },
      words: ["pending", "pending", "completed", "failed", "cancelled", "expired"]
    },
    {
      script: { vendor: "sora", dialect: "openai" },
      words: ["queued", "processing", "completed", "failed", "cancelled", "expired"]
    },
    {
      script: { vendor: "jimeng" },
      words: ["generating", "generating", "success", "failed", "failed", "expired"]
    },
    {
      script: { vendor: "jimeng", dialect: "volcengine" },
      words: ["in_queue", "generating", "done", 50_413, 50_413, "expired"]
    },
    { script: { vendor: "aigptimage" }, words: ["waiting", "waiting", "success", "fail", "fail", "fail"] },
    {
      script: { vendor: "aigptimage", dialect: "kie" },
      words: ["queuing", "generating", "success", "fail", "fail", "fail"]
    }
  ] as const
  it.each(vocabularies)("are those of its document: $script", async ({ script, words }) => {
    const emulator = await start()
    const answers = await Promise.all(
      Object.values(phases).map((phase) => ask(emulator, emulator.addTask({ ...script, ...phase })))
    )
    assert.deepEqual(
      answers.map(({ body }) => statusOf(body)),
      [...words]
    )
  })

  it.each(["jimmy", "sora", "jimeng", "aigptimage"] as const)(
    "of %s can be replaced by phase",
    async (vendor) => {
      const emulator = await start()
      const task = emulator.addTask({ vendor, runningFor: 60_000, words: { running: "image_downloading" } })
      assert.strictEqual(statusOf((await ask(emulator, task)).body), "image_downloading")
    }
  )
})
