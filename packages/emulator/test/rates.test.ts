/** Counting how fast queries came, exactly; and keeping limits. */
import { assert, describe, it } from "vitest"
import { aigptimageTiers } from "../src/index.ts"
import { makeRateLimiter } from "../src/RateLimit.ts"
import { makeRateMeter } from "../src/Rates.ts"
import { ask, inOrder, start } from "./support.ts"

/** The most instants in any window (t - length, t], found by trying each. */
const peakByHand = (times: readonly number[], length: number): number =>
  Math.max(...times.map((end) => times.filter((time) => time > end - length && time <= end).length))

const peaks = (count: number) => ({
  total: count,
  peakPerSecond: count,
  peakPer10Seconds: count,
  peakPerMinute: count
})

describe("rates", () => {
  it("count bursts across the borders of whole seconds", () => {
    const meter = makeRateMeter()
    for (const at of [0, 900, 950, 999, 1000, 1100, 1899, 1900]) meter.count("sora", "k", at)
    assert.deepEqual(meter.read(), [
      { vendor: "sora", apiKey: "k", total: 8, peakPerSecond: 6, peakPer10Seconds: 8, peakPerMinute: 8 }
    ])
  })

  it("are exact over any stream", () => {
    // A fixed linear congruential sequence: bursts and pauses, long enough for old instants to be forgotten.
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
        peakPerSecond: peakByHand(times, 1000),
        peakPer10Seconds: peakByHand(times, 10_000),
        peakPerMinute: peakByHand(times, 60_000)
      }
    ])
  })

  it("are kept apart by vendor and key, and count refused queries", async () => {
    const emulator = await start({ moreApiKeys: ["sk-two"] })
    const [sora, jimmy] = [emulator.addTask({ vendor: "sora" }), emulator.addTask({ vendor: "jimmy" })]
    const calls = [
      [sora, "sk-emulator"],
      [sora, "sk-emulator"],
      [sora, "sk-two"],
      [jimmy, "sk-wrong"]
    ] as const
    await inOrder(calls, ([task, key]) => ask(emulator, task, key))
    assert.deepEqual(emulator.rates(), [
      { vendor: "sora", apiKey: "sk-emulator", ...peaks(2) },
      { vendor: "sora", apiKey: "sk-two", ...peaks(1) },
      { vendor: "jimmy", apiKey: "sk-wrong", ...peaks(1) }
    ])
    emulator.clearRequests()
    assert.deepEqual(emulator.rates(), [])
  })
})

describe("limits", () => {
  const windows = [{ limit: 2, windowSeconds: 60 }]

  it("are refused in the form of AI GPT Image", async () => {
    const emulator = await start({ limits: { aigptimage: aigptimageTiers.free } })
    const task = emulator.addTask({ vendor: "aigptimage" })
    const answers = [await ask(emulator, task), await ask(emulator, task), await ask(emulator, task)]
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 429]
    )
    assert.deepEqual(answers[2]?.body, {
      code: 429,
      msg: "rate limit exceeded",
      data: { retryAfter: 1, limit: 2, tier: "free", windowSeconds: 1 }
    })
    assert.strictEqual(answers[2]?.headers.get("retry-after"), null)
  })

  it("are refused in the form of Jimeng", async () => {
    const emulator = await start({ limits: { jimeng: windows } })
    const task = emulator.addTask({ vendor: "jimeng" })
    await ask(emulator, task)
    await ask(emulator, task)
    const { status, body } = await ask(emulator, task)
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
  it.each(others)("are refused by $vendor with a Retry-After in seconds", async ({ vendor, expected }) => {
    const emulator = await start({ limits: { [vendor]: windows } })
    const task = emulator.addTask({ vendor })
    await ask(emulator, task)
    await ask(emulator, task)
    const { status, headers, body } = await ask(emulator, task)
    assert.deepEqual([status, headers.get("retry-after"), body], [429, "60", expected])
  })

  it("are kept per key, and do not touch other vendors", async () => {
    const emulator = await start({
      moreApiKeys: ["sk-two"],
      limits: { sora: [{ limit: 1, windowSeconds: 60 }] }
    })
    const [sora, jimmy] = [emulator.addTask({ vendor: "sora" }), emulator.addTask({ vendor: "jimmy" })]
    const statuses = [
      await ask(emulator, sora),
      await ask(emulator, sora),
      await ask(emulator, sora, "sk-two"),
      await ask(emulator, jimmy)
    ].map(({ status }) => status)
    assert.deepEqual(statuses, [200, 429, 200, 200])
  })

  it("slide: there is room again as soon as an admitted query leaves the window", () => {
    const limiter = makeRateLimiter({ jimmy: [{ limit: 2, windowSeconds: 1 }] })
    const admitted = [0, 600, 999, 1000, 1001, 1599, 1600].map(
      (at) => limiter.admit("jimmy", "k", at) === undefined
    )
    assert.deepEqual(admitted, [true, true, false, true, false, false, true])
  })

  it("name the window that stays full for longest", () => {
    const limiter = makeRateLimiter({
      jimmy: [
        { limit: 1, windowSeconds: 1 },
        { limit: 1, windowSeconds: 60 }
      ]
    })
    limiter.admit("jimmy", "k", 0)
    assert.deepEqual(limiter.admit("jimmy", "k", 500), {
      limit: 1,
      windowSeconds: 60,
      tier: "basic",
      retryAfter: 60
    })
    assert.deepEqual(limiter.admit("jimmy", "k", 42_500), {
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
  ])("that could never be kept are refused at the start: $limit in $windowSeconds s", async (window) => {
    const message = await start({ limits: { sora: [window] } }).then(() => "started", String)
    assert.match(message, /^RangeError: A rate window needs a whole limit from 1/)
  })
})
