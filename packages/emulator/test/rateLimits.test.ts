/** Query rates and rate limits. */
import { assert, describe, it } from "vitest"
import { aigptimageTiers } from "../src/index.ts"
import { makeRateLimiter } from "../src/RateLimiter.ts"
import { makeRateMeter } from "../src/RateMeter.ts"
import { queryTask, inOrder, start } from "./support.ts"

/** The maximum number of times in any window (t - length, t], by brute force. */
const expectedPeak = (times: readonly number[], length: number): number =>
  Math.max(...times.map((end) => times.filter((time) => time > end - length && time <= end).length))

const peaks = (count: number) => ({
  total: count,
  peakPerSecond: count,
  peakPer10Seconds: count,
  peakPerMinute: count
})

describe("the query rates", () => {
  it("include bursts across the boundaries of whole seconds", () => {
    const meter = makeRateMeter()
    for (const at of [0, 900, 950, 999, 1000, 1100, 1899, 1900]) meter.count("sora", "k", at)
    assert.deepEqual(meter.read(), [
      { vendor: "sora", apiKey: "k", total: 8, peakPerSecond: 6, peakPer10Seconds: 8, peakPerMinute: 8 }
    ])
  })

  it("are exact for a long stream of queries", () => {
    // A fixed pseudorandom sequence of bursts and pauses, long enough that old times are removed.
    let seed = 42
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      return seed / 2_147_483_648
    }
    const times: number[] = []
    for (let at = 0; times.length < 3000; at += random() ** 8 * 500) times.push(at)
    const meter = makeRateMeter()
    for (const at of times) meter.count("jimmy", "k", at)
    assert.deepEqual(meter.read(), [
      {
        vendor: "jimmy",
        apiKey: "k",
        total: 3000,
        peakPerSecond: expectedPeak(times, 1000),
        peakPer10Seconds: expectedPeak(times, 10_000),
        peakPerMinute: expectedPeak(times, 60_000)
      }
    ])
  })

  it("are separate for each vendor and key, and include rejected queries", async () => {
    const emulator = await start({ moreApiKeys: ["sk-two"] })
    const [sora, jimmy] = [emulator.addTask({ vendor: "sora" }), emulator.addTask({ vendor: "jimmy" })]
    const calls = [
      [sora, "sk-emulator"],
      [sora, "sk-emulator"],
      [sora, "sk-two"],
      [jimmy, "sk-wrong"]
    ] as const
    await inOrder(calls, ([task, key]) => queryTask(emulator, task, key))
    assert.deepEqual(emulator.rates(), [
      { vendor: "sora", apiKey: "sk-emulator", ...peaks(2) },
      { vendor: "sora", apiKey: "sk-two", ...peaks(1) },
      { vendor: "jimmy", apiKey: "sk-wrong", ...peaks(1) }
    ])
    emulator.clearRequests()
    assert.deepEqual(emulator.rates(), [])
  })
})

describe("a rate limit", () => {
  const windows = [{ limit: 2, windowSeconds: 60 }]

  it("rejects queries in the form of AI GPT Image", async () => {
    const emulator = await start({ limits: { aigptimage: aigptimageTiers.free } })
    const task = emulator.addTask({ vendor: "aigptimage" })
    const responses = [
      await queryTask(emulator, task),
      await queryTask(emulator, task),
      await queryTask(emulator, task)
    ]
    assert.deepEqual(
      responses.map(({ status }) => status),
      [200, 200, 429]
    )
    assert.deepEqual(responses[2]?.body, {
      code: 429,
      msg: "rate limit exceeded",
      data: { retryAfter: 1, limit: 2, tier: "free", windowSeconds: 1 }
    })
    assert.strictEqual(responses[2]?.headers.get("retry-after"), null)
  })

  it("rejects queries in the form of Jimeng", async () => {
    const emulator = await start({ limits: { jimeng: windows } })
    const task = emulator.addTask({ vendor: "jimeng" })
    await queryTask(emulator, task)
    await queryTask(emulator, task)
    const { status, body } = await queryTask(emulator, task)
    const { request_id: _, ...rest } = body
    assert.deepEqual(
      [status, rest],
      [
        429,
        {
          code: 50_429,
          data: null,
          message: "Request Has Reached API Limit, Please Try Later",
          status: 50_429,
          time_elapsed: "35.381µs"
        }
      ]
    )
  })

  const others = [
    { vendor: "jimmy", expected: { code: "42900", msg: "Too many requests", data: null } },
    {
      vendor: "sora",
      expected: {
        error: { message: "Rate limit reached", type: "invalid_request_error", code: "rate_limit_exceeded" }
      }
    }
  ] as const
  it.each(others)(
    "rejects queries to $vendor with a Retry-After in seconds",
    async ({ vendor, expected }) => {
      const emulator = await start({ limits: { [vendor]: windows } })
      const task = emulator.addTask({ vendor })
      await queryTask(emulator, task)
      await queryTask(emulator, task)
      const { status, headers, body } = await queryTask(emulator, task)
      assert.deepEqual([status, headers.get("retry-after"), body], [429, "60", expected])
    }
  )

  it("applies to each key separately and to its vendor only", async () => {
    const emulator = await start({
      moreApiKeys: ["sk-two"],
      limits: { sora: [{ limit: 1, windowSeconds: 60 }] }
    })
    const [sora, jimmy] = [emulator.addTask({ vendor: "sora" }), emulator.addTask({ vendor: "jimmy" })]
    const statuses = [
      await queryTask(emulator, sora),
      await queryTask(emulator, sora),
      await queryTask(emulator, sora, "sk-two"),
      await queryTask(emulator, jimmy)
    ].map(({ status }) => status)
    assert.deepEqual(statuses, [200, 429, 200, 200])
  })

  it("accepts a query as soon as an earlier one leaves the window", () => {
    const limiter = makeRateLimiter({ jimmy: [{ limit: 2, windowSeconds: 1 }] })
    const accepted = [0, 600, 999, 1000, 1001, 1599, 1600].map(
      (at) => limiter.check("jimmy", "k", at) === undefined
    )
    assert.deepEqual(accepted, [true, true, false, true, false, false, true])
  })

  it("reports the window that stays full for the longest time", () => {
    const limiter = makeRateLimiter({
      jimmy: [
        { limit: 1, windowSeconds: 1 },
        { limit: 1, windowSeconds: 60 }
      ]
    })
    limiter.check("jimmy", "k", 0)
    assert.deepEqual(limiter.check("jimmy", "k", 500), {
      limit: 1,
      windowSeconds: 60,
      tier: "basic",
      retryAfter: 60
    })
    assert.deepEqual(limiter.check("jimmy", "k", 42_500), {
      limit: 1,
      windowSeconds: 60,
      tier: "basic",
      retryAfter: 18
    })
  })

  it.each([
    { limit: 0, windowSeconds: 1 },
    { limit: 1.5, windowSeconds: 1 },
    { limit: 1, windowSeconds: 0 }
  ])("is rejected at the start if it is invalid: $limit in $windowSeconds s", async (window) => {
    const message = await start({ limits: { sora: [window] } }).then(() => "started", String)
    assert.match(message, /^RangeError: Invalid rate limit: expected an integer limit of at least 1/)
  })
})
