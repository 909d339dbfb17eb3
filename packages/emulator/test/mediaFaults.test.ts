/** Faults of requests for results. */
import { assert, describe, it } from "vitest"
import type { Emulator, MediaFault, TaskScript } from "../src/index.ts"
import { inOrder, queryTask, start } from "./support.ts"

const linkTo = async (
  emulator: Emulator,
  mediaFaults: readonly MediaFault[],
  script: Partial<TaskScript> = {}
): Promise<string> => {
  const task = emulator.addTask({ vendor: "jimmy", media: ["webp"], ...script, mediaFaults })
  return (await queryTask(emulator, task)).body.data.result.image_url
}

const get = async (link: string, headers: Record<string, string> = {}) => {
  const response = await fetch(link, { headers })
  return {
    status: response.status,
    headers: response.headers,
    bytes: Buffer.from(await response.arrayBuffer())
  }
}

const validators = ({ headers }: { readonly headers: Headers }) => [
  headers.get("etag"),
  headers.get("last-modified")
]

describe("a file", () => {
  it("is rejected with a status, a body and Retry-After", async () => {
    const faults = [
      { fault: "status", status: 429, retryAfter: 2 },
      { fault: "status", status: 503, body: "html", retryAfter: { seconds: 1, as: "date" } },
      { fault: "status", status: 500, body: "json" },
      { fault: "status", status: 403, body: "empty" }
    ] as const
    const link = await linkTo(await start(), faults)
    const responses = await inOrder([1, 2, 3, 4, 5], () => get(link))
    assert.deepEqual(
      responses.map(({ status, headers }) => [status, headers.get("content-type")]),
      [
        [429, "application/xml"],
        [503, "text/html; charset=utf-8"],
        [500, "application/json; charset=utf-8"],
        [403, null],
        [200, "image/webp"]
      ]
    )
    assert.strictEqual(responses[0]?.headers.get("retry-after"), "2")
    assert.isNotNaN(Date.parse(responses[1]?.headers.get("retry-after") ?? ""))
    assert.match(responses[0]?.bytes.toString() ?? "", /<Error><Code>TooManyRequests<\/Code>/)
  })

  it("is an HTML page, JSON or empty with status 200", async () => {
    const link = await linkTo(await start(), [{ fault: "html" }, { fault: "json" }, { fault: "empty" }])
    const responses = await inOrder([1, 2, 3], () => get(link, { range: "bytes=5-" }))
    assert.deepEqual(
      responses.map(({ status, headers, bytes }) => [status, headers.get("content-type"), bytes.length > 0]),
      [
        [200, "text/html; charset=utf-8", true],
        [200, "application/json; charset=utf-8", true],
        [200, "image/webp", false]
      ]
    )
    assert.strictEqual(responses[2]?.headers.get("content-length"), "0")
  })

  it("is missing with status 202 or 204", async () => {
    const faults = [
      { fault: "empty", status: 202 },
      { fault: "empty", status: 204 }
    ] as const
    const link = await linkTo(await start(), faults)
    const responses = await inOrder([1, 2, 3], () => get(link))
    assert.deepEqual(
      responses.map(({ status, bytes }) => [status, bytes.length > 0]),
      [
        [202, false],
        [204, false],
        [200, true]
      ]
    )
  })

  it("is rejected with two lines of Retry-After, or with a date of another clock", async () => {
    const skewed = { seconds: 1, as: "date", clockSkew: -3_600_000 } as const
    const link = await linkTo(await start(), [
      { fault: "status", status: 503, retryAfter: { seconds: 1, as: "repeated" } },
      { fault: "status", status: 503, retryAfter: skewed }
    ])
    const [repeated, early] = await inOrder([1, 2], () => get(link))
    assert.match(repeated?.headers.get("retry-after") ?? "", /^1, \w{3}, .* GMT$/)
    assert.isBelow(Date.parse(early?.headers.get("retry-after") ?? ""), Date.now() - 3_500_000)
    assert.isBelow(Date.parse(early?.headers.get("date") ?? ""), Date.now() - 3_500_000)
  })

  it("is served whole for a range request, and the fault waits for one", async () => {
    const link = await linkTo(await start(), [{ fault: "ignored-range" }])
    const whole = await get(link)
    const [ignored, served] = [await get(link, { range: "bytes=5-" }), await get(link, { range: "bytes=5-" })]
    assert.deepEqual([ignored.status, served.status], [200, 206])
    assert.isTrue(ignored.bytes.equals(whole.bytes))
    assert.isNull(ignored.headers.get("content-range"))
  })

  it("is served with another range than the requested one", async () => {
    const link = await linkTo(await start(), [
      { fault: "other-range" },
      { fault: "other-range", from: 3, times: 2 }
    ])
    const whole = await get(link)
    const size = whole.bytes.length
    const ranges = await inOrder(["bytes=5-", "bytes=5-9", "bytes=3-3", "bytes=5-9"], async (range) => {
      const { status, headers, bytes } = await get(link, { range })
      const contentRange = headers.get("content-range") ?? ""
      const [, first, last] = /^bytes (\d+)-(\d+)\/\d+$/.exec(contentRange) ?? []
      assert.isTrue(bytes.equals(whole.bytes.subarray(Number(first), Number(last) + 1)))
      return [status, contentRange]
    })
    assert.deepEqual(ranges, [
      [206, `bytes 0-${size - 1}/${size}`],
      [206, `bytes 3-9/${size}`],
      [206, `bytes 4-4/${size}`],
      [206, `bytes 5-9/${size}`]
    ])
  })

  it("rejects a range that it has as unsatisfiable", async () => {
    const link = await linkTo(await start(), [{ fault: "unsatisfiable" }])
    const size = (await get(link)).bytes.length
    const { status, headers, bytes } = await get(link, { range: "bytes=5-" })
    assert.deepEqual([status, headers.get("content-range"), bytes.length], [416, `bytes */${size}`, 0])
  })

  it("changes between two requests, with its content and validators", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "jimmy",
      mediaSize: 40_000,
      mediaFaults: [
        { fault: "truncated", after: 10_000 },
        { fault: "changed", times: "forever" }
      ]
    })
    const link: string = (await queryTask(emulator, task)).body.data.result.image_url
    const truncated = await fetch(link)
    const etag = truncated.headers.get("etag") ?? ""
    await truncated.arrayBuffer().catch(() => undefined)
    const part = await get(link, { range: "bytes=10000-" })
    const condition = await get(link, { range: "bytes=10000-", "if-range": etag })
    assert.deepEqual([part.status, part.bytes.length], [206, 30_000])
    assert.deepEqual([condition.status, condition.bytes.length], [200, 40_000])
    assert.notStrictEqual(part.headers.get("etag"), etag)
    assert.notStrictEqual(part.headers.get("last-modified"), truncated.headers.get("last-modified"))
    const digests = await Promise.all(
      [0, 1, 2].map((revision) => emulator.digest("jimmy", task.id, 0, revision))
    )
    assert.strictEqual(new Set(digests).size, 3)
  })

  it("has no validators, so that no If-Range can match", async () => {
    const link = await linkTo(await start(), [
      { fault: "none" },
      { fault: "no-validators", times: "forever" }
    ])
    const etag = (await get(link)).headers.get("etag") ?? ""
    const stripped = await get(link)
    assert.deepEqual(validators(stripped), [null, null])
    assert.strictEqual((await get(link, { range: "bytes=5-" })).status, 206)
    assert.strictEqual((await get(link, { range: "bytes=5-", "if-range": etag })).status, 200)
  })

  it("has a weak ETag, which does not match an If-Range", async () => {
    const link = await linkTo(await start(), [{ fault: "weak-etag", times: "forever" }])
    const [weak, date] = validators(await get(link))
    assert.match(weak ?? "", /^W\/"[0-9a-f]{32}"$/)
    assert.isNull(date)
    assert.strictEqual((await get(link, { range: "bytes=5-", "if-range": weak ?? "" })).status, 200)
  })

  it("has another content type", async () => {
    const emulator = await start()
    const faults = [{ fault: "wrong-type" }, { fault: "wrong-type", contentType: "text/plain" }] as const
    const link = await linkTo(emulator, faults, { media: ["jpeg"] })
    const png = await linkTo(emulator, [{ fault: "wrong-type" }], { media: ["png"] })
    const types = await inOrder([link, link, link, png], async (each) => {
      return (await get(each)).headers.get("content-type")
    })
    assert.deepEqual(types, ["image/png", "text/plain", "image/jpeg", "image/jpeg"])
  })

  it("is logged and counted with its fault, whichever link of the task was requested", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "aigptimage",
      media: ["png", "gif"],
      mediaFaults: [{ fault: "empty" }, { fault: "status", status: 429 }]
    })
    const { resultUrls } = JSON.parse((await queryTask(emulator, task)).body.data.resultJson)
    await inOrder([resultUrls[0], resultUrls[1], resultUrls[0]], (link: string) => get(link))
    assert.deepEqual(
      emulator.requests.map(({ purpose, status, fault }) => [purpose, status, fault]),
      [
        ["query", 200, null],
        ["media", 200, "empty"],
        ["media", 429, "status"],
        ["media", 200, null]
      ]
    )
    const { queries, media } = emulator.faultStats()
    assert.deepEqual(
      [queries.requests, media],
      [1, { requests: 3, faulted: 2, byFault: { empty: 1, status: 1 } }]
    )
  })

  it("has no faults once its task is removed", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", mediaFaults: [{ fault: "empty", times: "forever" }] })
    const link: string = (await queryTask(emulator, task)).body.data.result.image_url
    emulator.removeTask("jimmy", task.id)
    assert.isAbove((await get(link)).bytes.length, 0)
  })
})
