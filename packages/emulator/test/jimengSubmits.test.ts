/** Jimeng's submits on relays and on the origin, with the documented examples and the vendor's own client. */
import { createRequire } from "node:module"
import { assert, describe, it, vi } from "vitest"
import { countsOf, jimengSubmit, post, submit } from "./submits.ts"
import { jimengUrl, queryJimeng, start, uuid } from "./support.ts"

const { default: Service } = createRequire(import.meta.url)(
  "@volcengine/openapi/lib/base/service.js"
) as typeof import("@volcengine/openapi/lib/base/service.js")

const link = "https://example.com/a.png"
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
const prompt = "A cat"

const examples = [
  {
    req_key: "jimeng_t2i_v40",
    prompt,
    image_urls: [link],
    width: 2560,
    height: 1440,
    scale: 0.5,
    force_single: true
  },
  { req_key: "jimeng_seedream46_cvtob", prompt, image_urls: [link], scale: 50 },
  { req_key: "jimeng_t2i_v31", prompt, use_pre_llm: true, seed: -1, width: 1328, height: 1328 },
  {
    req_key: "jimeng_i2i_v30",
    prompt,
    binary_data_base64: [png],
    scale: 0.5,
    seed: -1,
    width: 1328,
    height: 1328
  },
  { req_key: "jimeng_image2image_dream_inpaint", prompt: "删除", image_urls: [link, link], seed: 101 },
  { req_key: "jimeng_i2i_seed3_tilesr_cvtob", image_urls: [link], resolution: "4k", scale: 50 },
  { req_key: "jimeng_ti2v_v30_pro", prompt, seed: -1, frames: 121, aspect_ratio: "16:9" },
  { req_key: "jimeng_t2v_v30", prompt, seed: -1, frames: 241, aspect_ratio: "21:9" },
  { req_key: "jimeng_i2v_first_v30", prompt, binary_data_base64: [png], seed: -1, frames: 121 },
  { req_key: "jimeng_i2v_first_tail_v30", prompt, image_urls: [link, link], seed: -1, frames: 121 },
  {
    req_key: "jimeng_i2v_recamera_v30",
    prompt,
    image_urls: [link],
    template_id: "hitchcock_dolly_in",
    camera_strength: "medium",
    seed: -1,
    frames: 121
  },
  { req_key: "jimeng_dreamactor_m20_gen_video", image_urls: [link], video_url: link },
  {
    req_key: "jimeng_realman_avatar_picture_omni_v15",
    image_url: link,
    audio_url: link,
    output_resolution: 1080
  }
] as const

const actionOf = (reqKey: string): string =>
  reqKey.includes("_omni_") ? "CVSubmitTask" : "CVSync2AsyncSubmitTask"

describe("a submit to Jimeng", () => {
  it.each(examples)("of $req_key makes a task on a relay", async (body) => {
    const emulator = await start({ submits: { jimeng: { task: { runningFor: 60_000 } } } })
    const created = await post(emulator, jimengSubmit("/jm", actionOf(body.req_key)), body)
    assert.strictEqual(created.status, 200, JSON.stringify(created.body))
    const { code, status, message, data } = created.body
    assert.deepEqual([code, status, message, data.status], [10_000, 10_000, "Success", "submitted"])
    assert.match(data.task_id, uuid)
    const query = { req_key: body.req_key, task_id: data.task_id, req_json: '{"return_url": true}' }
    assert.strictEqual((await queryJimeng(emulator, query)).body.data.status, "generating")
    assert.deepEqual(countsOf(emulator), { posts: 1, tasks: 1 })
  })

  const t2i = { req_key: "jimeng_t2i_v40", prompt }
  const i2i = { req_key: "jimeng_i2i_v30", prompt }
  const invalid: readonly (readonly [body: object, code: number, message: RegExp])[] = [
    [{ prompt }, 50_204, /^/],
    [{ req_key: "no_such_key", prompt }, 50_204, /^/],
    [{ req_key: "jimeng_realman_avatar_picture_omni_v15", image_url: link, audio_url: link }, 50_204, /^/],
    [{ req_key: "jimeng_t2i_v40" }, 50_215, /prompt is required/],
    [{ ...t2i, prompt: "x".repeat(801) }, 50_215, /prompt/],
    [{ ...t2i, width: 2560 }, 50_215, /width and height/],
    [{ ...t2i, scale: 50 }, 50_215, /scale/],
    [{ ...t2i, size: 1000 }, 50_215, /size/],
    [{ ...t2i, image_urls: Array.from({ length: 11 }, () => link) }, 50_215, /image_urls/],
    [{ req_key: "jimeng_seedream46_cvtob", prompt, scale: 0.5 }, 50_215, /scale/],
    [i2i, 50_215, /exactly one of binary_data_base64 and image_urls/],
    [{ ...i2i, binary_data_base64: [png], image_urls: [link] }, 50_215, /exactly one of/],
    [{ ...i2i, binary_data_base64: [`data:image/png;base64,${png}`] }, 50_215, /without a prefix/],
    [{ ...i2i, binary_data_base64: ["R0lGODlhAQABAAAAACw="] }, 50_215, /JPEG or a PNG/],
    [{ ...i2i, binary_data_base64: [png.slice(0, 8) + "A".repeat(6_600_000)] }, 50_215, /at most 4\.7 MB/],
    [{ req_key: "jimeng_ti2v_v30_pro", frames: 121 }, 50_215, /prompt or an image/],
    [{ req_key: "jimeng_t2v_v30", prompt, frames: 200 }, 50_215, /frames/],
    [{ req_key: "jimeng_i2v_first_tail_v30", prompt, image_urls: [link] }, 50_215, /image_urls/],
    [
      { req_key: "jimeng_i2v_recamera_v30", prompt, image_urls: [link], camera_strength: "weak" },
      50_215,
      /template_id is required/
    ],
    [{ req_key: "jimeng_dreamactor_m20_gen_video", image_urls: [link] }, 50_215, /video_url is required/]
  ]

  it.each(invalid.map(([body, code, message]) => ({ body, code, message })))(
    "is refused with $code ($message)",
    async ({ body, code, message }) => {
      const emulator = await start()
      const response = await post(emulator, jimengSubmit(), body)
      assert.deepEqual(
        [response.status, response.body.code, response.body.status, response.body.data],
        [400, code, code, null]
      )
      assert.match(response.body.message, message)
      assert.deepEqual(countsOf(emulator), { posts: 1, tasks: 0 })
    }
  )

  it("above the concurrency limit gets 50430 until a task has ended", async () => {
    const emulator = await start({
      submits: { jimeng: { maxActiveTasks: 1, task: { runningFor: 300 } } }
    })
    assert.strictEqual((await submit(emulator, "jimeng")).status, 200)
    const { status, body } = await submit(emulator, "jimeng")
    assert.deepEqual(
      [status, body.code, body.data, body.message],
      [429, 50_430, null, "Request Has Reached API Concurrent Limit, Please Try Later"]
    )
    await vi.waitFor(async () => assert.strictEqual((await submit(emulator, "jimeng")).status, 200), 5000)
    assert.strictEqual(countsOf(emulator).tasks, 2)
  })

  it("above the rate limit gets 50429", async () => {
    const emulator = await start({ submits: { jimeng: { limits: [{ limit: 1, windowSeconds: 60 }] } } })
    assert.strictEqual((await submit(emulator, "jimeng")).status, 200)
    const { status, body } = await submit(emulator, "jimeng")
    assert.deepEqual([status, body.code, body.data], [429, 50_429, null])
  })

  it("with a bearer token to the origin's path gets the origin's form", async () => {
    const emulator = await start()
    const { body } = await post(emulator, jimengSubmit("/"), examples[0])
    assert.deepEqual(Object.keys(body.data), ["task_id"])
    assert.match(body.data.task_id, /^\d{19}$/)
  })
})

describe("Volcengine's own client", () => {
  const clientOf = (url: string, secretKey: string) => {
    const { host } = new URL(url)
    const service = new Service({
      serviceName: "cv",
      region: "cn-north-1",
      protocol: "http:",
      host,
      accessKeyId: "AKLTemulator",
      secretKey
    })
    // The package types its parameters as those of another method.
    return (action: string, body: object): Promise<any> =>
      service.createJSONAPI(action, { Version: "2022-08-31" })(body, { headers: { Host: host } } as never)
  }

  it("submits and queries a task", async () => {
    const emulator = await start()
    const call = clientOf(emulator.url, "emulated-secret")
    const created = await call("CVSync2AsyncSubmitTask", examples[6])
    assert.strictEqual(created.code, 10_000, JSON.stringify(created))
    assert.match(created.data.task_id, /^\d{19}$/)
    const queried = await call("CVSync2AsyncGetResult", {
      req_key: "jimeng_ti2v_v30_pro",
      task_id: created.data.task_id
    })
    assert.strictEqual(queried.data.status, "done")
    assert.deepEqual(emulator.submitCounts(), [
      { service: "jimeng", apiKey: "AKLTemulator", posts: 1, tasks: 1 }
    ])
  })

  it("submits and queries an OmniHuman task", async () => {
    const emulator = await start()
    const call = clientOf(emulator.url, "emulated-secret")
    const created = await call("CVSubmitTask", examples[12])
    const queried = await call("CVGetResult", {
      req_key: "jimeng_realman_avatar_picture_omni_v15",
      task_id: created.data.task_id
    })
    assert.deepEqual([queried.data.status, typeof queried.data.video_url], ["done", "string"])
  })

  it("gets the gateway's error for a wrong secret, and no task is made", async () => {
    const emulator = await start()
    const response = await clientOf(emulator.url, "wrong-secret")("CVSync2AsyncSubmitTask", examples[6])
    assert.strictEqual(response.ResponseMetadata.Error.Code, "SignatureDoesNotMatch")
    assert.deepEqual(countsOf(emulator), { posts: 1, tasks: 0 })
  })
})

describe("a query of Jimeng", () => {
  it("has no endpoint for another action", async () => {
    const emulator = await start()
    const url = jimengUrl(emulator).replace("CVSync2AsyncGetResult", "CVProcess")
    assert.strictEqual((await queryJimeng(emulator, "{}", url)).status, 400)
  })
})
