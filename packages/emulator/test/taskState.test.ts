/** The states of a task over time, and the status of each vendor for them. */
import { assert, describe, it } from "vitest"
import type { TaskScript } from "../src/index.ts"
import { createTask } from "../src/createTask.ts"
import { stateAt } from "../src/TaskState.ts"
import { queryTask, start, stopClock } from "./support.ts"

const stateAfter = (script: Omit<TaskScript, "vendor">, elapsed: number) => {
  const { phase, progress } = stateAt(createTask({ vendor: "jimmy", ...script }, 1000), 1000 + elapsed)
  return [phase, progress]
}

const statusOf = (body: any): unknown => body.data?.state ?? body.data?.status ?? body.status

describe("a timeline", () => {
  it("is queued, then runs with linear progress, then ends", () => {
    const script = { queuedFor: 100, runningFor: 200 }
    assert.deepEqual(
      [0, 99, 100, 150, 299, 300, 9999].map((elapsed) => stateAfter(script, elapsed)),
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

  it("has ended immediately without durations", () => {
    assert.deepEqual(stateAfter({}, 0), ["succeeded", 1])
  })

  it.each(["failed", "canceled", "expired"] as const)("has progress 0 when it has %s", (end) => {
    assert.deepEqual(stateAfter({ runningFor: 10, end }, 10), [end, 0])
  })

  it("stays below full progress if it never ends", () => {
    assert.deepEqual(stateAfter({ runningFor: 10, end: "never" }, 1_000_000), ["running", 0.99])
    assert.deepEqual(stateAfter({ end: "never" }, 1_000_000), ["running", 0])
  })

  it("follows the system clock", async () => {
    const advance = stopClock()
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", queuedFor: 200, runningFor: 250 })
    const first = await queryTask(emulator, task)
    advance(300)
    const second = await queryTask(emulator, task)
    advance(150)
    const third = await queryTask(emulator, task)
    assert.deepEqual(
      [first, second, third].map(({ body }) => body.data.status),
      ["queued", "processing", "completed"]
    )
    assert.strictEqual(second.body.data.progress, 40)
    assert.strictEqual(emulator.task("jimmy", task.id)?.polls, 3)
  })
})

describe("the statuses of each vendor", () => {
  const phases = {
    queued: { queuedFor: 60_000 },
    running: { runningFor: 60_000 },
    succeeded: {},
    failed: { end: "failed" },
    canceled: { end: "canceled" },
    expired: { end: "expired" }
  } as const
  const cases = [
    {
      script: { vendor: "jimmy" },
      statuses: ["queued", "processing", "completed", "failed", "failed", "failed"]
    },
    {
      script: { vendor: "sora" },
      statuses: ["pending", "pending", "completed", "failed", "cancelled", "expired"]
    },
    {
      script: { vendor: "sora", dialect: "openai" },
      statuses: ["queued", "processing", "completed", "failed", "cancelled", "expired"]
    },
    {
      script: { vendor: "jimeng" },
      statuses: ["generating", "generating", "success", "failed", "failed", "expired"]
    },
    {
      script: { vendor: "jimeng", dialect: "volcengine" },
      statuses: ["in_queue", "generating", "done", 50_413, 50_413, "expired"]
    },
    { script: { vendor: "aigptimage" }, statuses: ["waiting", "waiting", "success", "fail", "fail", "fail"] },
    {
      script: { vendor: "aigptimage", dialect: "kie" },
      statuses: ["queuing", "generating", "success", "fail", "fail", "fail"]
    }
  ] as const
  it.each(cases)("are those of its document: $script", async ({ script, statuses }) => {
    const emulator = await start()
    const responses = await Promise.all(
      Object.values(phases).map((phase) => queryTask(emulator, emulator.addTask({ ...script, ...phase })))
    )
    assert.deepEqual(
      responses.map(({ body }) => statusOf(body)),
      [...statuses]
    )
  })

  it.each(["jimmy", "sora", "jimeng", "aigptimage"] as const)(
    "can be overridden by phase for %s",
    async (vendor) => {
      const emulator = await start()
      const task = emulator.addTask({
        vendor,
        runningFor: 60_000,
        statuses: { running: "image_downloading" }
      })
      assert.strictEqual(statusOf((await queryTask(emulator, task)).body), "image_downloading")
    }
  )
})
