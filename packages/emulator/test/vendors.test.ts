/** Features of Jimmy, Sora and AI GPT Image: dialects, failures and the forms of results. */
import { assert, describe, it } from "vitest"
import { queryTask, shape, start, stopClock } from "./support.ts"

describe("jimmy", () => {
  it("responds without its envelope in the dialect bare", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "jimmy",
      dialect: "bare",
      end: "failed",
      failure: { message: "No" }
    })
    const seconds = Math.floor(task.addedAt / 1000)
    assert.deepEqual((await queryTask(emulator, task)).body, {
      task_id: task.id,
      status: "failed",
      progress: 0,
      model: "gpt-image-2",
      created_at: seconds,
      completed_at: seconds,
      error_message: "No"
    })
  })

  it("sends its code as a number in the dialect numeric-code", async () => {
    const emulator = await start()
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "jimmy", dialect: "numeric-code" }))
    assert.strictEqual(body.code, 20_000)
  })

  it("returns one result, by its kind", async () => {
    const emulator = await start()
    const image = await queryTask(emulator, emulator.addTask({ vendor: "jimmy", media: ["webp", "png"] }))
    const video = await queryTask(emulator, emulator.addTask({ vendor: "jimmy", kind: "video" }))
    const empty = await queryTask(emulator, emulator.addTask({ vendor: "jimmy", media: [] }))
    assert.deepEqual(Object.keys(image.body.data.result), ["image_url"])
    assert.match(image.body.data.result.image_url, /\/result\.webp\?token=/)
    assert.deepEqual(Object.keys(video.body.data.result), ["video_url"])
    assert.deepEqual(empty.body.data.result, {})
  })

  it("keeps the progress of a running task between 1 and 99", async () => {
    const advance = stopClock()
    const emulator = await start()
    const started = emulator.addTask({ vendor: "jimmy", runningFor: 3_600_000 })
    const stuck = emulator.addTask({ vendor: "jimmy", runningFor: 1, end: "never" })
    advance(5)
    assert.strictEqual((await queryTask(emulator, started)).body.data.progress, 1)
    assert.strictEqual((await queryTask(emulator, stuck)).body.data.progress, 99)
  })

  it("finds an id with any characters", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", id: "a/b?c#d%e 图" })
    const { body } = await queryTask(emulator, task)
    assert.strictEqual(body.data.task_id, task.id)
    assert.strictEqual((await fetch(body.data.result.image_url)).status, 200)
  })
})

describe("sora", () => {
  it("returns why a task failed", async () => {
    const emulator = await start()
    const failure = { code: "content_policy_violation", message: "Not this" }
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "sora", end: "failed", failure }))
    assert.deepEqual(
      [body.status, body.detail.status, body.detail.pending_info.failure_reason, body.error],
      ["failed", "failed", "Not this", failure]
    )
  })

  it("returns its progress as a fraction", async () => {
    const advance = stopClock()
    const emulator = await start()
    const task = emulator.addTask({ vendor: "sora", runningFor: 1, end: "never" })
    advance(5)
    assert.strictEqual((await queryTask(emulator, task)).body.detail.pending_info.progress_pct, 0.99)
  })

  it("creates ids from the model and a ULID", async () => {
    const emulator = await start()
    assert.match(emulator.addTask({ vendor: "sora" }).id, /^sora-2:task_01[0-9a-hjkmnp-tv-z]{24}$/)
    assert.match(emulator.addTask({ vendor: "sora", model: "veo3.1-fast" }).id, /^veo3\.1-fast:task_/)
  })

  it("responds in the hybrid form in the dialect openai", async () => {
    const emulator = await start()
    const script = { vendor: "sora", dialect: "openai" } as const
    const running = await queryTask(emulator, emulator.addTask({ ...script, runningFor: 3_600_000 }))
    const { id, created_at: createdAt, status_update_time: updatedAt, detail, ...rest } = running.body
    assert.match(id, /^sora-2:task_/)
    assert.deepEqual(rest, {
      object: "video",
      model: "sora-2",
      status: "processing",
      progress: "0",
      size: "large"
    })
    assert.isTrue(Number.isInteger(createdAt) && Number.isInteger(updatedAt))
    assert.deepEqual(Object.keys(detail), ["input"])
    const ended = await queryTask(emulator, emulator.addTask(script))
    assert.deepEqual([ended.body.progress, typeof ended.body.video_url], ["100", "string"])
    const failed = await queryTask(emulator, emulator.addTask({ ...script, end: "failed" }))
    assert.deepEqual(failed.body.error, { code: null, message: "Video generation failed" })
  })

  it("has null instead of links without a result", async () => {
    const emulator = await start()
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "sora", media: [] }))
    assert.deepEqual(
      [body.status, body.video_url, body.detail.draft_info.encodings.md.path],
      ["completed", null, null]
    )
  })
})

describe("aigptimage", () => {
  it("returns durations and times in milliseconds", async () => {
    const advance = stopClock()
    const emulator = await start()
    const task = emulator.addTask({ vendor: "aigptimage", runningFor: 20 })
    advance(30)
    const { data } = (await queryTask(emulator, task)).body
    assert.deepEqual(
      [data.createTime, data.costTime, data.completeTime],
      [task.addedAt, 20, task.addedAt + 20]
    )
  })

  it("fails with the script's code as a string", async () => {
    const emulator = await start()
    const failure = { code: 500, message: "provider error" }
    const { status, body } = await queryTask(
      emulator,
      emulator.addTask({ vendor: "aigptimage", end: "failed", failure })
    )
    assert.deepEqual(
      [status, body.code, body.data.state, body.data.failCode, body.data.failMsg],
      [200, 200, "fail", "500", "provider error"]
    )
  })

  it("responds as kie.ai does in the dialect kie", async () => {
    const emulator = await start()
    const script = { vendor: "aigptimage", dialect: "kie" } as const
    const running = await queryTask(emulator, emulator.addTask({ ...script, runningFor: 60_000 }))
    assert.deepEqual(Object.keys(running.body), ["code", "message", "data"])
    const { data } = running.body
    assert.deepEqual(
      [data.resultJson, data.failCode, data.failMsg, typeof data.updateTime],
      ["", "", "", "number"]
    )
    const video = await queryTask(emulator, emulator.addTask({ ...script, kind: "video" }))
    assert.strictEqual(video.body.data.progress, 100)
  })

  it("keeps its other fields in the dialect kie", async () => {
    const emulator = await start()
    const plain = (await queryTask(emulator, emulator.addTask({ vendor: "aigptimage" }))).body.data
    const kie = (await queryTask(emulator, emulator.addTask({ vendor: "aigptimage", dialect: "kie" }))).body
      .data
    const { updateTime, ...rest } = kie
    assert.strictEqual(updateTime, kie.completeTime)
    assert.deepEqual(shape(rest), shape({ ...plain, failCode: "", failMsg: "" }))
  })
})
