/** AI GPT Image's createTask, with the documented examples. */
import { assert, describe, it } from "vitest"
import { aigptimageCreateTiers } from "../src/index.ts"
import { countsOf, post, submit } from "./submits.ts"
import { inOrder, queryTask, start } from "./support.ts"

const link = "https://example.com/a.png"
const path = "/api/v1/jobs/createTask"

describe("a submit to AI GPT Image", () => {
  const examples = [
    { model: "gpt-image-2-text-to-image", input: { prompt: "A cat", aspect_ratio: "1:1", resolution: "1K" } },
    { model: "gpt-image-2-image-to-image", input: { prompt: "A cat", input_urls: [link] } },
    { model: "gpt-image-2-image-to-image", input: { prompt: "A cat", image_urls: [link] } }
  ]

  it.each(examples)("with %o makes a task that runs", async (body) => {
    const emulator = await start({ submits: { aigptimage: { task: { runningFor: 60_000 } } } })
    const created = await post(emulator, path, body)
    const id: string = created.body.data.taskId
    assert.deepEqual(created.body, { code: 200, msg: "success", data: { taskId: id } })
    const { body: queried } = await queryTask(emulator, { vendor: "aigptimage", id })
    assert.deepEqual([queried.data.state, JSON.parse(queried.data.param)], ["waiting", body])
  })

  const invalid: readonly (readonly [body: object, msg: string | RegExp])[] = [
    [{ model: "dall-e", input: { prompt: "A" } }, /^model is not supported$/],
    [{ model: "gpt-image-2-text-to-image" }, /^input is required$/],
    [{ model: "gpt-image-2-text-to-image", input: {} }, /^prompt is required$/],
    [{ model: "gpt-image-2-text-to-image", input: { prompt: "x".repeat(20_001) } }, /^prompt/],
    [{ model: "gpt-image-2-text-to-image", input: { prompt: "A", aspect_ratio: "5:4" } }, /^aspect_ratio/],
    [{ model: "gpt-image-2-text-to-image", input: { prompt: "A", resolution: "8K" } }, /^resolution/],
    [{ model: "gpt-image-2-image-to-image", input: { prompt: "A" } }, /^input_urls is required$/],
    [
      {
        model: "gpt-image-2-image-to-image",
        input: { prompt: "A", input_urls: ["data:image/png;base64,AA"] }
      },
      /^input_urls/
    ]
  ]

  it.each(invalid)("with %o is refused with 422", async (body, msg) => {
    const emulator = await start()
    const response = await post(emulator, path, body)
    assert.deepEqual([response.status, response.body.code, response.body.data], [422, 422, null])
    assert.match(response.body.msg, new RegExp(msg))
    assert.deepEqual(countsOf(emulator), { posts: 1, tasks: 0 })
  })

  it("returns the existing task for the same X-Request-ID", async () => {
    const emulator = await start()
    const ids = await inOrder([1, 2, 3], async () => {
      const { body } = await submit(emulator, "aigptimage", { "x-request-id": "key-1" })
      return body.data.taskId
    })
    assert.strictEqual(new Set(ids).size, 1)
    await submit(emulator, "aigptimage", { "x-request-id": "key-2" })
    await submit(emulator, "aigptimage")
    assert.deepEqual(countsOf(emulator), { posts: 5, tasks: 3 })
    assert.deepEqual(
      emulator.posts().map(({ idempotencyKey, created }) => [idempotencyKey, created]),
      [
        ["key-1", true],
        ["key-1", false],
        ["key-1", false],
        ["key-2", true],
        [null, true]
      ]
    )
    assert.strictEqual(emulator.tasks()[0]?.submit?.idempotencyKey, "key-1")
  })

  it("keeps the keys of accounts apart", async () => {
    const emulator = await start({ moreApiKeys: ["sk-other"] })
    await submit(emulator, "aigptimage", { "x-request-id": "key-1" })
    await submit(emulator, "aigptimage", { "x-request-id": "key-1", authorization: "Bearer sk-other" })
    assert.strictEqual(countsOf(emulator).tasks, 2)
  })

  const mismatches = [
    { keyMismatch: "existing", status: 200, tasks: 1 },
    { keyMismatch: "rejected", status: 422, tasks: 1 },
    { keyMismatch: "new", status: 200, tasks: 2 }
  ] as const

  it.each(mismatches)(
    "with a known X-Request-ID and another body: $keyMismatch",
    async ({ keyMismatch, status, tasks }) => {
      const emulator = await start({ submits: { aigptimage: { keyMismatch } } })
      const headers = { "x-request-id": "key-1" }
      await submit(emulator, "aigptimage", headers)
      const body = { model: "gpt-image-2-text-to-image", input: { prompt: "A dog" } }
      assert.strictEqual((await post(emulator, path, body, headers)).status, status)
      assert.deepEqual(countsOf(emulator), { posts: 2, tasks })
    }
  )

  it("above the limit of its tier gets 429 with the delay in the body", async () => {
    const emulator = await start({ submits: { aigptimage: { limits: aigptimageCreateTiers.free } } })
    await submit(emulator, "aigptimage")
    const { status, body } = await submit(emulator, "aigptimage")
    assert.deepEqual(
      [status, body],
      [
        429,
        {
          code: 429,
          msg: "rate limit exceeded",
          data: { retryAfter: 1, limit: 1, tier: "free", windowSeconds: 1 }
        }
      ]
    )
    assert.deepEqual(countsOf(emulator), { posts: 2, tasks: 1 })
  })

  it("without credit gets 402, and without a valid key 401", async () => {
    const emulator = await start({ submits: { aigptimage: { credit: 0, price: 1 } } })
    assert.strictEqual((await submit(emulator, "aigptimage")).status, 402)
    const { status } = await submit(emulator, "aigptimage", { authorization: "Bearer sk-wrong" })
    assert.strictEqual(status, 401)
    assert.deepEqual(countsOf(emulator), { posts: 2, tasks: 0 })
  })
})
