/** Features of Jimeng: base64, links, paths and the dialect volcengine. */
import { assert, describe, it } from "vitest"
import { jimengUrl, queryJimeng, queryTask, start } from "./support.ts"

const bodyOf = (id: string, reqJson?: string) => ({
  req_key: "jimeng_t2i_v40",
  task_id: id,
  ...(reqJson !== undefined && { req_json: reqJson })
})

describe("jimeng", () => {
  it.each([undefined, "{}", '{"return_url": false}', '{"return_url": "true"}'])(
    "sends only base64 if req_json is %s",
    async (reqJson) => {
      const emulator = await start()
      const { id } = emulator.addTask({ vendor: "jimeng", media: ["png", "jpeg"] })
      const { body } = await queryJimeng(emulator, bodyOf(id, reqJson))
      assert.strictEqual(body.data.image_urls, null)
      const [png, jpeg] = body.data.binary_data_base64.map((text: string) => Buffer.from(text, "base64"))
      assert.strictEqual(png.subarray(1, 4).toString("latin1"), "PNG")
      assert.strictEqual(jpeg.subarray(0, 3).toString("hex"), "ffd8ff")
    }
  )

  it("sends the same bytes in base64 and behind a link", async () => {
    const emulator = await start()
    const { id } = emulator.addTask({ vendor: "jimeng" })
    const inline = await queryJimeng(emulator, bodyOf(id))
    const linked = await queryJimeng(emulator, bodyOf(id, '{"return_url":true}'))
    const bytes = Buffer.from(await (await fetch(linked.body.data.image_urls[0])).arrayBuffer())
    assert.deepEqual(linked.body.data.binary_data_base64, [])
    assert.strictEqual(bytes.toString("base64"), inline.body.data.binary_data_base64[0])
  })

  it("sends base64 despite return_url if the task is inline", async () => {
    const emulator = await start()
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "jimeng", inline: true }))
    assert.deepEqual([body.data.image_urls, body.data.binary_data_base64.length], [null, 1])
  })

  it("sends a video as video_url", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimeng", kind: "video" })
    assert.strictEqual(task.reqKey, "jimeng_ti2v_v30_pro")
    const { data } = (await queryTask(emulator, task)).body
    assert.deepEqual([data.image_urls, data.binary_data_base64], [null, []])
    assert.match(data.video_url, /\.mp4\?X-Tos-Algorithm=/)
  })

  it.each(["/jm", "/", "/jimeng", "/jimeng/", "/volcark/visual", "/volcv/v1"])(
    "responds at %s",
    async (path) => {
      const emulator = await start()
      const { id } = emulator.addTask({ vendor: "jimeng" })
      const { body } = await queryJimeng(emulator, bodyOf(id), jimengUrl(emulator, path))
      assert.strictEqual(body.data.status, "success")
    }
  )

  it("fails with the script's code and message", async () => {
    const emulator = await start()
    const failure = { code: 50_511, message: "Post Img Risk Not Pass" }
    const { status, body } = await queryTask(
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
      "fails with code $code, HTTP $status and no data",
      async ({ code, status, message }) => {
        const emulator = await start()
        const failure = code === undefined ? {} : { code }
        const task = emulator.addTask({ vendor: "jimeng", dialect: "volcengine", end: "failed", failure })
        const response = await queryTask(emulator, task)
        const { request_id: _, ...rest } = response.body
        const expectedCode = code ?? 50_413
        assert.deepEqual(
          [response.status, rest],
          [
            status,
            { code: expectedCode, data: null, message, status: expectedCode, time_elapsed: "36.799829ms" }
          ]
        )
      }
    )

    it("has null where relays have an empty array, and decimal ids", async () => {
      const emulator = await start()
      const task = emulator.addTask({ vendor: "jimeng", dialect: "volcengine", runningFor: 60_000 })
      assert.match(task.id, /^7\d{18}$/)
      const { body } = await queryTask(emulator, task)
      assert.deepEqual(body.data, { binary_data_base64: null, image_urls: null, status: "generating" })
    })

    it("is done with links", async () => {
      const emulator = await start()
      const { body } = await queryTask(
        emulator,
        emulator.addTask({ vendor: "jimeng", dialect: "volcengine" })
      )
      assert.deepEqual([body.code, body.data.binary_data_base64, body.data.status], [10_000, null, "done"])
      assert.match(body.data.image_urls[0], /x-expires=\d+&x-signature=/)
    })
  })
})
