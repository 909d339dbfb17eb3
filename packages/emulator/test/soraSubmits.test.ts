/** The create path of Sora relays with the documented examples, and new-api's account data. */
import { assert, describe, it } from "vitest"
import { countsOf, get, idIn, post, submit } from "./submits.ts"
import { send, start, uuid } from "./support.ts"

const path = "/v1/video/create"
const link = "https://example.com/a.png"

const examples = [
  {
    model: "sora-2-pro",
    prompt: "A cat",
    images: [],
    orientation: "portrait",
    size: "large",
    duration: 15,
    watermark: false,
    private: true
  },
  {
    model: "veo3.1-fast",
    prompt: "A cat",
    aspect_ratio: "16:9",
    enhance_prompt: true,
    enable_upsample: true,
    images: [link]
  },
  { model: "grok-video-3", prompt: "A cat --mode=custom", aspect_ratio: "3:2", size: "720P", images: [link] },
  { model: "jimeng-video-3.0", prompt: "A cat", aspect_ratio: "16:9", size: "1280x720", images: [] },
  {
    model: "viduq3-pro",
    prompt: "A cat",
    images: [link],
    duration: 5,
    resolution: "720p",
    aspect_ratio: "16:9",
    audio: true,
    seed: 1
  }
] as const

const bodyOf = (model: (typeof examples)[number]["model"]) =>
  examples.find((example) => example.model === model)

describe("a submit to a Sora relay", () => {
  it.each(examples)("of $model makes a task that runs", async (body) => {
    const emulator = await start({ submits: { sora: { task: { runningFor: 60_000 } } } })
    const created = await post(emulator, path, body)
    assert.strictEqual(created.status, 200)
    const { id, status, status_update_time: updatedAt, enhanced_prompt: prompt } = created.body
    assert.isTrue(id.startsWith(`${body.model}:task_`))
    assert.deepEqual(
      [status, typeof updatedAt, prompt],
      ["pending", "number", body.model.startsWith("veo") ? "A cat" : undefined]
    )
    const queried = await get(emulator, `/v1/video/query?id=${encodeURIComponent(id)}`)
    assert.deepEqual([queried.body.id, queried.body.status], [id, "pending"])
    assert.deepEqual(countsOf(emulator), { posts: 1, tasks: 1 })
  })

  it("has new-api's response headers", async () => {
    const emulator = await start()
    const { headers } = await submit(emulator, "sora")
    assert.match(headers.get("x-oneapi-request-id") ?? "", uuid)
    assert.isTrue(headers.has("x-new-api-version"))
    assert.strictEqual(emulator.posts()[0]?.requestId, headers.get("x-oneapi-request-id"))
  })

  it("has octopusx's three forms on its host", async () => {
    const emulator = await start()
    const url = `/octopusx${path}`
    const jimeng = await post(emulator, url, bodyOf("jimeng-video-3.0"))
    assert.deepEqual(Object.keys(jimeng.body), ["created_at", "status", "task_id"])
    assert.match(jimeng.body.task_id, uuid)
    const vidu = await post(emulator, url, bodyOf("viduq3-pro"))
    assert.deepEqual(Object.keys(vidu.body), ["created_at", "status", "task_id"])
    const veo = await post(emulator, url, bodyOf("veo3.1-fast"))
    assert.deepEqual(
      [veo.body.object, veo.body.status, veo.body.progress, veo.body.status_update_time < 1e11],
      ["video", "queued", 0, true]
    )
    assert.match(veo.body.id, /^video_/)
    const sora = await post(emulator, url, bodyOf("sora-2-pro"))
    assert.deepEqual(Object.keys(sora.body), ["id", "status", "status_update_time"])
    for (const { body } of [jimeng, vidu, veo, sora]) {
      const queried = await get(
        emulator,
        `/octopusx/v1/video/query?id=${encodeURIComponent(idIn(body) ?? "")}`
      )
      assert.strictEqual(queried.body.status, "completed")
    }
  })

  it("has both ids on zhubo's host, and the form of a chat completion on anyapi's", async () => {
    const emulator = await start()
    const zhubo = await post(emulator, `/zhubo${path}`, bodyOf("grok-video-3"))
    assert.strictEqual(zhubo.body.task_id, zhubo.body.id)
    const anyapi = await post(emulator, `/anyapi${path}`, bodyOf("sora-2-pro"))
    assert.deepEqual([anyapi.body.object, anyapi.body.id], ["chat.completion", emulator.tasks()[1]?.id])
  })

  it("has the form of the script without a host", async () => {
    const emulator = await start({ submits: { sora: { style: "zhubo" } } })
    const { body } = await submit(emulator, "sora")
    assert.strictEqual(body.task_id, body.id)
  })

  const invalid: readonly (readonly [body: object, status: number, message: RegExp])[] = [
    [{ prompt: "A cat" }, 400, /^model is required$/],
    [{ model: "sora-2" }, 400, /^prompt is required$/],
    [{ model: "sora-2", prompt: "A", duration: 25 }, 400, /^duration/],
    [{ model: "sora-2", prompt: "A", size: "huge" }, 400, /^size/],
    [{ model: "sora-2", prompt: "A", watermark: "no" }, 400, /^watermark/],
    [{ model: "veo3.1-fast", prompt: "A", aspect_ratio: "1:1" }, 400, /^aspect_ratio/],
    [{ model: "veo3-frames", prompt: "A", images: [link, link, link] }, 400, /^images/],
    [{ model: "veo3-pro-frames", prompt: "A", images: [link, link] }, 400, /^images/],
    [{ model: "grok-video-3", prompt: "A", aspect_ratio: "16:9" }, 400, /^aspect_ratio/],
    [{ model: "jimeng-video-3.0", prompt: "A", size: "4k" }, 400, /^size/]
  ]

  it.each(invalid)("with %o is refused in the form of the task layer", async (body, status, message) => {
    const emulator = await start()
    const response = await post(emulator, path, body)
    assert.deepEqual(
      [response.status, response.body.code, response.body.data],
      [status, "invalid_request", null]
    )
    assert.match(response.body.message, message)
    assert.deepEqual(countsOf(emulator), { posts: 1, tasks: 0 })
  })

  it("of a model without a channel gets 503 in the form of the middleware", async () => {
    const emulator = await start()
    const { status, body } = await post(emulator, path, { model: "kling-video", prompt: "A" })
    assert.deepEqual([status, body.error.type], [503, "new_api_error"])
    const unauthorized = await submit(emulator, "sora", { authorization: "Bearer sk-wrong" })
    assert.deepEqual([unauthorized.status, unauthorized.body.error.type], [401, "new_api_error"])
    assert.deepEqual(countsOf(emulator), { posts: 2, tasks: 0 })
  })

  it("without enough quota gets 403", async () => {
    const emulator = await start({ submits: { sora: { credit: 1 } } })
    const { status, body } = await submit(emulator, "sora")
    assert.deepEqual([status, body.code], [403, "local_quota_not_enough"])
  })
})

describe("new-api's account data", () => {
  it("lists tasks with the console token, also those whose response was lost", async () => {
    const emulator = await start({ submits: { sora: { faults: [{ fault: "error-after-task" }] } } })
    assert.strictEqual((await submit(emulator, "sora")).status, 500)
    const console = { authorization: "console-token", "new-api-user": "1" }
    const { body } = await get(emulator, "/api/task/self?p=1&page_size=10&status=SUCCESS", console)
    const [task] = emulator.tasks()
    assert.deepEqual([body.success, body.data.total], [true, 1])
    const [item] = body.data.items
    assert.deepEqual(
      [item.task_id, item.properties.input, item.properties.origin_model_name, item.progress, item.quota],
      [task?.id, "A cat", "sora-2", "100%", 50_000]
    )
    const outside = await get(emulator, "/api/task/self?start_timestamp=9999999999", console)
    assert.deepEqual(outside.body.data.items, [])
    const withKey = await get(emulator, "/api/task/self", { "new-api-user": "1" })
    assert.deepEqual([withKey.status, withKey.body.success], [401, false])
  })

  it("lists log rows and usage with the API key", async () => {
    const emulator = await start()
    const { headers } = await submit(emulator, "sora")
    const log = await get(emulator, "/api/log/token")
    const [row] = log.body.data
    assert.deepEqual(
      [row.type, row.model_name, row.quota, row.request_id, JSON.parse(row.other)],
      [2, "sora-2", 50_000, headers.get("x-oneapi-request-id"), { is_task: true }]
    )
    const usage = await get(emulator, "/api/usage/token/")
    assert.deepInclude(usage.body.data, { total_used: 50_000, total_available: 999_950_000 })
    assert.strictEqual((await send(`${emulator.url}/api/log/token`)).status, 401)
  })
})
