/** Jimmy AI's create paths and account data, with the documented examples. */
import { assert, describe, it } from "vitest"
import { countsOf, get, jimmyPrefix, post } from "./submits.ts"
import { queryTask, start } from "./support.ts"

const link = "https://example.com/a.png"

const examples = [
  {
    path: "/images",
    body: {
      model: "gpt-image-2",
      prompt: "A cat",
      ratio: "16:9",
      resolution: "4k",
      quality: "low",
      images: [link]
    }
  },
  {
    path: "/videos",
    body: { model: "sora2-12s", prompt: "A cat", duration: 12, orientation: "landscape", images: [] }
  },
  {
    path: "/veo/frames",
    body: {
      model: "veo_3_1_fast",
      prompt: "A cat",
      resolution: "1080p",
      orientation: "landscape",
      first_frame_url: link,
      last_frame_url: link
    }
  },
  {
    path: "/veo/videos",
    body: { model: "veo_3_1_lite", prompt: "A cat", resolution: "720p", images: [link] }
  },
  {
    path: "/gemini/omni/videos",
    body: {
      model: "Gemini-Omini",
      prompt: "A cat",
      duration: 6,
      resolution: "720p",
      aspect_ratio: "16:9",
      generation_type: "reference",
      image_urls: [link]
    }
  },
  {
    path: "/seedance/videos",
    body: {
      model: "seedance2.0-sp",
      prompt: "A cat",
      duration: 5,
      resolution: "720p",
      ratio: "16:9",
      images: [link],
      reference_videos: [],
      reference_audios: []
    }
  },
  { path: "/seedance/videos", body: { model: "sd2_mx_pro", prompt: "A cat", images: ["asset://a1"] } },
  { path: "/seedance25/videos", body: { model: "seedance-2.5", prompt: "A cat", duration: 30 } },
  { path: "/minimax/videos", body: { model: "minimax-h3", prompt: "A cat", duration: 5 } },
  {
    path: "/kling/videos",
    body: { model: "kling-o3", prompt: "A cat", duration: 6, resolution: "720p", generate_audio: false }
  },
  { path: "/wan/videos", body: { model: "wan3.0", prompt: "A cat" } },
  {
    path: "/grok/videos",
    body: { model: "grok-imagine-video-1.5", prompt: "A cat", duration: 10, images: [link] }
  },
  { path: "/flux3/videos", body: { model: "flux3", prompt: "A cat" } },
  { path: "/super-resolution/videos", body: { video_url: link } }
] as const

describe("a submit to Jimmy", () => {
  it.each(examples)("of $body.model to $path makes a task that runs", async ({ path, body }) => {
    const emulator = await start({ submits: { jimmy: { task: { runningFor: 60_000 } } } })
    const created = await post(emulator, jimmyPrefix + path, body)
    assert.strictEqual(created.status, 200)
    const { code, msg, data } = created.body
    assert.deepEqual([code, msg, data.status], ["20000", "ok", "queued"])
    const kind = path === "/images" ? "image" : "video"
    const [task] = emulator.tasks()
    assert.deepEqual([task?.id, task?.kind, task?.submit?.body], [data.task_id, kind, body])
    const { body: queried } = await queryTask(emulator, { vendor: "jimmy", id: data.task_id, kind })
    assert.strictEqual(queried.data.status, "processing")
    assert.deepEqual(emulator.submitCounts(), [
      { service: "jimmy", apiKey: emulator.apiKey, posts: 1, tasks: 1 }
    ])
  })

  const invalid: readonly (readonly [path: string, body: object, message: RegExp])[] = [
    ["/images", { prompt: "A cat" }, /^model is required$/],
    ["/images", { model: "no-such-model", prompt: "A cat" }, /^配置不存在$/],
    ["/images", { model: "gpt-image-2" }, /^不支持的模型参数: prompt is required$/],
    ["/images", { model: "gpt-image-2", prompt: "A cat", ratio: "7:1" }, /^不支持的模型参数: ratio/],
    ["/images", { model: "gpt-image-2", prompt: "A cat", resolution: "4k" }, /4k requires a ratio/],
    ["/images", { model: "doubao-seedream-5-0-pro", prompt: "A", resolution: "4k" }, /resolution/],
    ["/images", { model: "grok-imagine-image-2", prompt: "A", n: 5 }, /: n:/],
    ["/videos", { model: "sora2-12s", prompt: "A cat", duration: 10 }, /duration/],
    ["/videos", { model: "sora2-gz-sp", prompt: "A cat" }, /duration is required/],
    ["/veo/frames", { model: "veo_3_1_fast", prompt: "A cat" }, /first_frame_url is required/],
    ["/veo/videos", { model: "veo_3_1_lite", prompt: "A", resolution: "4k" }, /resolution/],
    [
      "/veo/videos",
      { model: "veo_3_1_fast", prompt: "A", images: [link], first_frame_url: link },
      /cannot be used together/
    ],
    [
      "/gemini/omni/videos",
      { model: "Gemini-Omini", prompt: "A", generation_type: "frame", image_urls: [] },
      /requires one image/
    ],
    [
      "/gemini/omni/videos",
      { model: "Gemini-Omini", prompt: "A", image_urls: [link, link] },
      /1 or 3 images/
    ],
    ["/gemini/omni/videos", { model: "omni-10s", prompt: "A", duration: 10, video_urls: [link] }, /together/],
    ["/seedance/videos", { model: "sd2_mx_pro", prompt: "A", images: [link] }, /asset/],
    ["/seedance/videos", { model: "seedance2.0-md", prompt: "A", resolution: "1080p" }, /resolution/],
    ["/seedance/videos", { model: "seedance2.0-sp", prompt: "A", duration: 3 }, /duration/],
    [
      "/seedance/videos",
      { model: "seedance2.0-sp", prompt: "A", reference_audios: [link] },
      /require an image/
    ],
    ["/grok/videos", { model: "grok-imagine-video-1.5", prompt: "A" }, /images is required/]
  ]

  it.each(invalid)("to %s with %o is refused", async (path, body, message) => {
    const emulator = await start()
    const response = await post(emulator, jimmyPrefix + path, body)
    assert.deepEqual([response.status, response.body.code, response.body.data], [200, "20002", null])
    assert.match(response.body.msg, message)
    assert.deepEqual(countsOf(emulator), { posts: 1, tasks: 0 })
  })

  it("on the path of another model names the documented path", async () => {
    const emulator = await start()
    const body = { model: "minimax-h3", prompt: "A cat" }
    const response = await post(emulator, `${jimmyPrefix}/seedance/videos`, body)
    assert.strictEqual(
      response.body.msg,
      "model minimax-h3 请改用 POST /api/open-api/v1/minimax/videos，勿使用 /seedance/videos"
    )
  })

  it("without a valid key gets code 20001", async () => {
    const emulator = await start()
    const response = await post(emulator, `${jimmyPrefix}/images`, examples[0].body, {
      authorization: "Bearer sk-wrong"
    })
    assert.strictEqual(response.body.code, "20001")
    assert.deepEqual(countsOf(emulator), { posts: 1, tasks: 0 })
  })
})

describe("Jimmy's balance", () => {
  it("shrinks with each task, until submits are refused", async () => {
    const emulator = await start({ submits: { jimmy: { credit: 15, price: 10 } } })
    const submitOnce = () => post(emulator, `${jimmyPrefix}/images`, examples[0].body)
    assert.strictEqual((await submitOnce()).body.code, "20000")
    const user = await get(emulator, `${jimmyPrefix}/user/balance`)
    assert.deepEqual(user.body, { code: 20_000, data: { balance: 15, used_coin: 10, available: 5 } })
    const key = await get(emulator, `${jimmyPrefix}/key/balance`)
    assert.deepEqual(key.body.data, {
      name: "emulator",
      total_quota: 15,
      used_quota: 10,
      available_quota: 5,
      unlimited: false
    })
    assert.strictEqual((await submitOnce()).body.code, "20002")
    assert.deepEqual(countsOf(emulator), { posts: 2, tasks: 1 })
  })
})

describe("Jimmy's catalog", () => {
  it("lists models without a key, filtered by a term", async () => {
    const emulator = await start()
    const { body } = await get(emulator, "/api/openapi/model/catalog?search=veo", { authorization: "" })
    assert.deepEqual(
      body.data.list.map(({ model_type: type }: { readonly model_type: string }) => type),
      ["video"]
    )
  })
})
