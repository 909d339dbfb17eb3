/** kie.ai's createTask and Veo, with the documented examples. */
import { assert, describe, it, vi } from "vitest"
import { kieCreateLimits } from "../src/index.ts"
import { countsOf, get, post, submit, validSubmits } from "./submits.ts"
import { inOrder, start } from "./support.ts"

const link = "https://example.com/a.png"
const path = "/api/v1/jobs/createTask"
const kiePath = `/kie${path}`

describe("a submit to kie.ai", () => {
  const examples = [
    {
      model: "nano-banana-2",
      callBackUrl: "https://example.com/hook",
      input: {
        prompt: "A cat",
        image_input: [link],
        aspect_ratio: "16:9",
        resolution: "2K",
        output_format: "jpg"
      }
    },
    {
      model: "kling-3.0/video",
      input: {
        prompt: "A cat",
        image_urls: [link],
        duration: "5",
        mode: "pro",
        aspect_ratio: "16:9",
        sound: false,
        multi_shots: false,
        multi_prompt: []
      }
    },
    {
      model: "bytedance/seedance-2",
      input: {
        prompt: "A cat",
        first_frame_url: link,
        resolution: "720p",
        duration: 5,
        aspect_ratio: "16:9",
        generate_audio: true
      }
    },
    { model: "recraft/remove-background", input: { image: link } },
    { model: "hailuo/2-3-image-to-video-pro", input: { prompt: "A", image_url: link, duration: "6" } },
    { model: "minimax-h3/image-to-video", input: { prompt: "A", duration: 5, last_frame_url: link } },
    { model: "bytedance/seedance-2-5", input: { prompt: "A cat", duration: -1 } },
    { model: "kling-3.0-omni/transformation", input: {} },
    { model: "wan/2-5-text-to-video", input: { prompt: "A cat" } }
  ]

  it.each(examples)("of $model makes a task that runs", async (body) => {
    const emulator = await start({ submits: { kie: { task: { runningFor: 60_000 } } } })
    const created = await post(emulator, kiePath, body)
    const id: string = created.body.data?.taskId
    assert.deepEqual(created.body, { code: 200, msg: "success", data: { taskId: id } })
    const { body: queried } = await get(emulator, `/kie/api/v1/jobs/recordInfo?taskId=${id}`)
    assert.deepEqual([queried.data.state, queried.data.model], ["generating", body.model])
    assert.deepEqual(emulator.submitCounts(), [
      { service: "kie", apiKey: emulator.apiKey, posts: 1, tasks: 1 }
    ])
  })

  const invalid: readonly (readonly [body: object, code: number, msg: RegExp])[] = [
    [{ model: "no-such-model", input: { prompt: "A" } }, 404, /not found/],
    [{ model: "constructor", input: { prompt: "A" } }, 404, /not found/],
    [{ model: "nano-banana-2" }, 422, /^input is required$/],
    [{ model: "nano-banana-2", input: {} }, 422, /^prompt is required$/],
    [{ model: "nano-banana-2", input: { prompt: "A", output_format: "jpeg" } }, 422, /^output_format/],
    [
      { model: "gpt-image-2-text-to-image", input: { prompt: "A", aspect_ratio: "1:1", resolution: "4K" } },
      422,
      /does not support/
    ],
    [
      { model: "gpt-image-2-text-to-image", input: { prompt: "A", aspect_ratio: "5:4", resolution: "2K" } },
      422,
      /1K only/
    ],
    [
      { model: "gpt-image-2-image-to-image", input: { prompt: "A", resolution: "2K", input_urls: [link] } },
      422,
      /auto/
    ],
    [
      { model: "kling-2.6/text-to-video", input: { prompt: "A", duration: 5, sound: true } },
      422,
      /^duration/
    ],
    [{ model: "bytedance/seedance-2-5", input: { prompt: "A", duration: 3 } }, 422, /^duration/],
    [{ model: "bytedance/seedance-2-5", input: { last_frame_url: link } }, 422, /requires first_frame_url/],
    [
      { model: "bytedance/seedance-2-5", input: { first_frame_url: link, reference_image_urls: [link] } },
      422,
      /together/
    ],
    [{ model: "minimax-h3/image-to-video", input: { prompt: "A", duration: 5 } }, 422, /is required/],
    [
      {
        model: "hailuo/2-3-image-to-video-pro",
        input: { prompt: "A", image_url: link, duration: "10", resolution: "1080P" }
      },
      422,
      /1080P/
    ]
  ]

  it.each(invalid)("with %o is refused with a code in HTTP 200", async (body, code, msg) => {
    const emulator = await start()
    const response = await post(emulator, kiePath, body)
    assert.deepEqual([response.status, response.body.code, response.body.data], [200, code, null])
    assert.match(response.body.msg, msg)
    assert.deepEqual(countsOf(emulator), { posts: 1, tasks: 0 })
  })

  it("gets the codes 401 and 402 in HTTP 200, and 433 and 455 from a script", async () => {
    const emulator = await start({ submits: { kie: { credit: 0 } } })
    const unauthorized = await submit(emulator, "kie", { authorization: "Bearer sk-wrong" })
    assert.deepEqual(
      [unauthorized.status, unauthorized.body],
      [200, { code: 401, msg: "You do not have access permissions", data: null }]
    )
    const poor = await submit(emulator, "kie")
    assert.deepEqual([poor.status, poor.body.code], [200, 402])
    emulator.scriptSubmits("kie", {
      credit: 100,
      faults: [
        { fault: "rejected", status: 200, code: 433 },
        { fault: "rejected", status: 200, code: 455 }
      ]
    })
    const codes = await inOrder([1, 2, 3], async () => (await submit(emulator, "kie")).body.code)
    assert.deepEqual(codes, [433, 455, 200])
    assert.deepEqual(countsOf(emulator), { posts: 5, tasks: 1 })
  })

  it("above 20 in 10 seconds gets HTTP 429", async () => {
    const emulator = await start({ submits: { kie: { limits: kieCreateLimits } } })
    const statuses = await inOrder(
      Array.from({ length: 21 }),
      async () => (await submit(emulator, "kie")).status
    )
    assert.deepEqual([...new Set(statuses.slice(0, 20)), statuses[20]], [200, 429])
    assert.deepEqual(countsOf(emulator), { posts: 21, tasks: 20 })
  })

  it("can be invisible to queries at first", async () => {
    const emulator = await start({ submits: { kie: { task: { hiddenFor: 200 } } } })
    const { body } = await submit(emulator, "kie")
    const query = () => get(emulator, `/kie/api/v1/jobs/recordInfo?taskId=${body.data.taskId}`)
    const { status, body: hidden } = await query()
    assert.deepEqual([status, hidden.code, hidden.msg], [200, 422, "recordInfo is null"])
    await vi.waitFor(async () => assert.strictEqual((await query()).body.data?.state, "success"), 5000)
  })

  it("reduces the credit, and the record contains what the task consumed", async () => {
    const emulator = await start({ submits: { kie: { credit: 100, price: 4 } } })
    const { body } = await submit(emulator, "kie")
    const credit = await get(emulator, "/kie/api/v1/chat/credit")
    assert.deepEqual(credit.body, { code: 200, msg: "success", data: 96 })
    const record = await get(emulator, `/kie/api/v1/jobs/recordInfo?taskId=${body.data.taskId}`)
    assert.strictEqual(record.body.data.creditsConsumed, 4)
  })

  it("has the model and path of kie.ai only on its host", async () => {
    const emulator = await start()
    const response = await post(emulator, path, validSubmits.kie.body)
    assert.deepEqual([response.status, response.body.msg], [422, "model is not supported"])
    assert.strictEqual(emulator.hostUrl("kie"), `${emulator.url}/kie`)
  })
})

describe("a submit to kie.ai's Veo", () => {
  const generate = "/kie/api/v1/veo/generate"

  it("makes a task with a query of its own", async () => {
    const emulator = await start()
    const created = await post(emulator, generate, {
      prompt: "A cat",
      model: "veo3_fast",
      imageUrls: [link],
      generationType: "REFERENCE_2_VIDEO",
      aspect_ratio: "16:9",
      duration: 8
    })
    assert.strictEqual(created.body.code, 200)
    const { taskId } = created.body.data
    const { body } = await get(emulator, `/kie/api/v1/veo/record-info?taskId=${taskId}`)
    assert.deepEqual([body.data.successFlag, body.data.response.resultUrls.length], [1, 1])
    assert.strictEqual((await fetch(body.data.response.resultUrls[0])).status, 200)
    const asJob = await get(emulator, `/kie/api/v1/jobs/recordInfo?taskId=${taskId}`)
    assert.strictEqual(asJob.status, 404)
    const job = await post(emulator, validSubmits.kie.path, validSubmits.kie.body)
    const asVeo = await get(emulator, `/kie/api/v1/veo/record-info?taskId=${job.body.data.taskId}`)
    assert.strictEqual(asVeo.status, 404)
  })

  it("makes a task that is invisible at first, with a message of its own", async () => {
    const emulator = await start({ submits: { kie: { task: { hiddenFor: 60_000 } } } })
    const { taskId } = (await post(emulator, generate, { prompt: "A cat" })).body.data
    const { body } = await get(emulator, `/kie/api/v1/veo/record-info?taskId=${taskId}`)
    assert.deepEqual([body.code, body.msg], [422, "record is null"])
  })

  it("accepts the documented example", async () => {
    const emulator = await start()
    const { body } = await post(emulator, generate, {
      prompt: "A dog playing in a park",
      imageUrls: ["http://example.com/image1.jpg", "http://example.com/image2.jpg"],
      model: "veo3_fast",
      watermark: "MyBrand",
      callBackUrl: "http://your-callback-url.com/complete",
      aspect_ratio: "16:9",
      seeds: 12_345,
      enableFallback: false,
      enableTranslation: true,
      generationType: "REFERENCE_2_VIDEO"
    })
    assert.strictEqual(body.code, 200)
  })

  it("that is invalid is refused", async () => {
    const emulator = await start()
    const bodies = [
      {},
      { prompt: "A", model: "veo2" },
      { prompt: "A", model: "veo3", generationType: "REFERENCE_2_VIDEO" },
      { prompt: "A", generationType: "REFERENCE_2_VIDEO", duration: 4 }
    ]
    const codes = await inOrder(bodies, async (body) => (await post(emulator, generate, body)).body.code)
    assert.deepEqual(codes, [422, 422, 422, 422])
    assert.strictEqual(countsOf(emulator).tasks, 0)
  })
})
