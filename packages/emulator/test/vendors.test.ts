/** What is special to each vendor: dialects, failures, results in other forms. */
import { assert, describe, it } from "vitest"
import { ask, askJimeng, jimengUrl, pause, shape, start } from "./support.ts"

const query = (id: string, reqJson?: string) => ({
  req_key: "jimeng_t2i_v40",
  task_id: id,
  ...(reqJson !== undefined && { req_json: reqJson })
})

describe("jimmy", () => {
  it("answers without its envelope in the dialect bare", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "jimmy",
      dialect: "bare",
      end: "failed",
      failure: { message: "No" }
    })
    const seconds = Math.floor(task.addedAt / 1000)
    assert.deepEqual((await ask(emulator, task)).body, {
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
    const { body } = await ask(emulator, emulator.addTask({ vendor: "jimmy", dialect: "numeric-code" }))
    assert.strictEqual(body.code, 20_000)
  })

  it("names one result, by its kind", async () => {
    const emulator = await start()
    const image = await ask(emulator, emulator.addTask({ vendor: "jimmy", media: ["webp", "png"] }))
    const video = await ask(emulator, emulator.addTask({ vendor: "jimmy", kind: "video" }))
    const none = await ask(emulator, emulator.addTask({ vendor: "jimmy", media: [] }))
    assert.deepEqual(Object.keys(image.body.data.result), ["image_url"])
    assert.match(image.body.data.result.image_url, /\/result\.webp\?token=/)
    assert.deepEqual(Object.keys(video.body.data.result), ["video_url"])
    assert.deepEqual(none.body.data.result, {})
  })

  it("keeps the progress of a running task within 1 and 99", async () => {
    const emulator = await start()
    const young = emulator.addTask({ vendor: "jimmy", runningFor: 3_600_000 })
    const stuck = emulator.addTask({ vendor: "jimmy", runningFor: 1, end: "never" })
    await pause(5)
    assert.strictEqual((await ask(emulator, young)).body.data.progress, 1)
    assert.strictEqual((await ask(emulator, stuck)).body.data.progress, 99)
  })

  it("finds an id with any character", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", id: "a/b?c#d%e 图" })
    const { body } = await ask(emulator, task)
    assert.strictEqual(body.data.task_id, task.id)
    assert.strictEqual((await fetch(body.data.result.image_url)).status, 200)
  })
})

describe("sora", () => {
  it("says why a task failed", async () => {
    const emulator = await start()
    const failure = { code: "content_policy_violation", message: "Not this" }
    const { body } = await ask(emulator, emulator.addTask({ vendor: "sora", end: "failed", failure }))
    assert.deepEqual(
      [body.status, body.detail.status, body.detail.pending_info.failure_reason, body.error],
      ["failed", "failed", "Not this", failure]
    )
  })

  it("tells its progress as a fraction", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "sora", runningFor: 1, end: "never" })
    await pause(5)
    assert.strictEqual((await ask(emulator, task)).body.detail.pending_info.progress_pct, 0.99)
  })

  it("makes ids of a model and a sortable name", async () => {
    const emulator = await start()
    assert.match(emulator.addTask({ vendor: "sora" }).id, /^sora-2:task_01[0-9a-hjkmnp-tv-z]{24}$/)
    assert.match(emulator.addTask({ vendor: "sora", model: "veo3.1-fast" }).id, /^veo3\.1-fast:task_/)
  })

  it("answers in the hybrid form in the dialect openai", async () => {
    const emulator = await start()
    const script = { vendor: "sora", dialect: "openai" } as const
    const running = await ask(emulator, emulator.addTask({ ...script, runningFor: 3_600_000 }))
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
    const ended = await ask(emulator, emulator.addTask(script))
    assert.deepEqual([ended.body.progress, typeof ended.body.video_url], ["100", "string"])
    const failed = await ask(emulator, emulator.addTask({ ...script, end: "failed" }))
    assert.deepEqual(failed.body.error, { code: null, message: "Video generation failed" })
  })

  it("has null for links when there is no result", async () => {
    const emulator = await start()
    const { body } = await ask(emulator, emulator.addTask({ vendor: "sora", media: [] }))
    assert.deepEqual(
      [body.status, body.video_url, body.detail.draft_info.encodings.md.path],
      ["completed", null, null]
    )
  })
})

describe("jimeng", () => {
  it.each([undefined, "{}", '{"return_url": false}', '{"return_url": "true"}'])(
    "sends only base64 when req_json is %s",
    async (reqJson) => {
      const emulator = await start()
      const { id } = emulator.addTask({ vendor: "jimeng", media: ["png", "jpeg"] })
      const { body } = await askJimeng(emulator, query(id, reqJson))
      assert.strictEqual(body.data.image_urls, null)
      const [png, jpeg] = body.data.binary_data_base64.map((text: string) => Buffer.from(text, "base64"))
      assert.strictEqual(png.subarray(1, 4).toString("latin1"), "PNG")
      assert.strictEqual(jpeg.subarray(0, 3).toString("hex"), "ffd8ff")
    }
  )

  it("sends the same bytes in base64 and behind a link", async () => {
    const emulator = await start()
    const { id } = emulator.addTask({ vendor: "jimeng" })
    const inline = await askJimeng(emulator, query(id))
    const linked = await askJimeng(emulator, query(id, '{"return_url":true}'))
    const bytes = Buffer.from(await (await fetch(linked.body.data.image_urls[0])).arrayBuffer())
    assert.deepEqual(linked.body.data.binary_data_base64, [])
    assert.strictEqual(bytes.toString("base64"), inline.body.data.binary_data_base64[0])
  })

  it("sends base64 in spite of return_url when the task is inline", async () => {
    const emulator = await start()
    const { body } = await ask(emulator, emulator.addTask({ vendor: "jimeng", inline: true }))
    assert.deepEqual([body.data.image_urls, body.data.binary_data_base64.length], [null, 1])
  })

  it("sends a video as video_url", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimeng", kind: "video" })
    assert.strictEqual(task.reqKey, "jimeng_ti2v_v30_pro")
    const { data } = (await ask(emulator, task)).body
    assert.deepEqual([data.image_urls, data.binary_data_base64], [null, []])
    assert.match(data.video_url, /\.mp4\?X-Tos-Algorithm=/)
  })

  it.each(["/jm", "/", "/jimeng", "/jimeng/", "/volcark/visual", "/volcv/v1"])(
    "answers at %s",
    async (path) => {
      const emulator = await start()
      const { id } = emulator.addTask({ vendor: "jimeng" })
      const { body } = await askJimeng(emulator, query(id), jimengUrl(emulator, path))
      assert.strictEqual(body.data.status, "success")
    }
  )

  it("fails with the script's code and message", async () => {
    const emulator = await start()
    const failure = { code: 50_511, message: "Post Img Risk Not Pass" }
    const { status, body } = await ask(
      emulator,
      emulator.addTask({ vendor: "jimeng", end: "failed", failure })
    )
    assert.deepEqual(
      [status, body.code, body.status, body.message, body.data.status],
      [200, 50_511, 50_511, "Post Img Risk Not Pass", "failed"]
    )
  })

  describe("in the dialect volcengine", () => {
    const failures = [
      { code: undefined, status: 400, message: "Post Text Risk Not Pass" },
      { code: 50_511, status: 400, message: "Post Img Risk Not Pass" },
      { code: 50_429, status: 429, message: "Request Has Reached API Limit, Please Try Later" },
      { code: 50_430, status: 429, message: "Request Has Reached API Concurrent Limit, Please Try Later" },
      { code: 50_500, status: 500, message: "Internal Error" },
      { code: 50_501, status: 500, message: "Internal RPC Error" }
    ]
    it.each(failures)(
      "fails with code $code by HTTP $status and no data",
      async ({ code, status, message }) => {
        const emulator = await start()
        const failure = code === undefined ? {} : { code }
        const task = emulator.addTask({ vendor: "jimeng", dialect: "volcengine", end: "failed", failure })
        const answer = await ask(emulator, task)
        const { request_id: _, ...rest } = answer.body
        const told = code ?? 50_413
        assert.deepEqual(
          [answer.status, rest],
          [status, { code: told, data: null, message, status: told, time_elapsed: "36.799829ms" }]
        )
      }
    )

    it("has null where relays have an empty list, and decimal ids", async () => {
      const emulator = await start()
      const task = emulator.addTask({ vendor: "jimeng", dialect: "volcengine", runningFor: 60_000 })
      assert.match(task.id, /^7\d{18}$/)
      const { body } = await ask(emulator, task)
      assert.deepEqual(body.data, { binary_data_base64: null, image_urls: null, status: "generating" })
    })

    it("is done with links", async () => {
      const emulator = await start()
      const { body } = await ask(emulator, emulator.addTask({ vendor: "jimeng", dialect: "volcengine" }))
      assert.deepEqual([body.code, body.data.binary_data_base64, body.data.status], [10_000, null, "done"])
      assert.match(body.data.image_urls[0], /x-expires=\d+&x-signature=/)
    })
  })
})

describe("aigptimage", () => {
  it("gives durations and instants in milliseconds", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "aigptimage", runningFor: 20 })
    await pause(30)
    const { data } = (await ask(emulator, task)).body
    assert.deepEqual(
      [data.createTime, data.costTime, data.completeTime],
      [task.addedAt, 20, task.addedAt + 20]
    )
  })

  it("fails with the script's code as a text", async () => {
    const emulator = await start()
    const failure = { code: 500, message: "provider error" }
    const { status, body } = await ask(
      emulator,
      emulator.addTask({ vendor: "aigptimage", end: "failed", failure })
    )
    assert.deepEqual(
      [status, body.code, body.data.state, body.data.failCode, body.data.failMsg],
      [200, 200, "fail", "500", "provider error"]
    )
  })

  it("follows kie.ai in the dialect kie", async () => {
    const emulator = await start()
    const script = { vendor: "aigptimage", dialect: "kie" } as const
    const running = await ask(emulator, emulator.addTask({ ...script, runningFor: 60_000 }))
    assert.deepEqual(Object.keys(running.body), ["code", "message", "data"])
    const { data } = running.body
    assert.deepEqual(
      [data.resultJson, data.failCode, data.failMsg, typeof data.updateTime],
      ["", "", "", "number"]
    )
    const video = await ask(emulator, emulator.addTask({ ...script, kind: "video" }))
    assert.strictEqual(video.body.data.progress, 100)
  })

  it("keeps its other fields in the dialect kie", async () => {
    const emulator = await start()
    const plain = (await ask(emulator, emulator.addTask({ vendor: "aigptimage" }))).body.data
    const kie = (await ask(emulator, emulator.addTask({ vendor: "aigptimage", dialect: "kie" }))).body.data
    const { updateTime, ...rest } = kie
    assert.strictEqual(updateTime, kie.completeTime)
    assert.deepEqual(shape(rest), shape({ ...plain, failCode: "", failMsg: "" }))
  })
})
