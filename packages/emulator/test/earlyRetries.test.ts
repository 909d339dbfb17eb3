/** Detects requests that ignore Retry-After. */
import { assert, describe, it } from "vitest"
import { makeEarlyRetryDetector } from "../src/EarlyRetryDetector.ts"
import type { CompletedRequest } from "../src/EarlyRetryDetector.ts"
import { jsonResponse } from "../src/WireResponse.ts"
import { queryTask, inOrder, send, start } from "./support.ts"

const query = { vendor: "jimmy", apiKey: "k", purpose: "query" } as const

const success = jsonResponse(200, {})
const unavailable = (status: number, retryAfter: string) =>
  jsonResponse(status, {}, { "retry-after": retryAfter })

const request = (taskId: string | null, at: number, response = success): CompletedRequest => ({
  ...query,
  taskId,
  at,
  response
})

const detect = (requests: readonly CompletedRequest[]) => {
  const detector = makeEarlyRetryDetector()
  for (const each of requests) detector.add(each)
  return detector.read()
}

describe("an early retry", () => {
  it("is an early query about the same task", () => {
    const earlyRetries = detect([
      request("a", 1000, unavailable(503, "2")),
      request("b", 1500),
      request("a", 2500),
      request("a", 2998),
      request("a", 3000)
    ])
    const expected = { ...query, taskId: "a", scope: "task", retryAfterMs: 2000 } as const
    assert.deepEqual(earlyRetries, [
      { ...expected, waitedMs: 1500, earlyMs: 500, at: 2500 },
      { ...expected, waitedMs: 1998, earlyMs: 2, at: 2998 }
    ])
  })

  it("is an early query with the same key after 429", () => {
    const earlyRetries = detect([
      request("a", 0, unavailable(429, "1")),
      request("b", 100),
      request(null, 200),
      { ...request("b", 300), apiKey: "other" },
      { ...request("b", 300), vendor: "sora" },
      request("a", 1000)
    ])
    assert.deepEqual(
      earlyRetries.map(({ taskId, scope, waitedMs, earlyMs }) => [taskId, scope, waitedMs, earlyMs]),
      [
        ["b", "account", 100, 900],
        [null, "account", 200, 800]
      ]
    )
  })

  it("is measured against the later of two delays, for the task and for the account", () => {
    const earlyRetries = detect([
      request("a", 0, unavailable(503, "3")),
      request("b", 1000, unavailable(429, "1")),
      request("a", 1500, unavailable(503, "1")),
      request("a", 2600)
    ])
    assert.deepEqual(
      earlyRetries.map(({ at, scope, earlyMs }) => [at, scope, earlyMs]),
      [
        [1500, "account", 500],
        [1500, "task", 1500],
        [2600, "task", 400]
      ]
    )
  })

  it("is not one within a millisecond of the delay or after its end", () => {
    assert.deepEqual(
      detect([request("a", 0, unavailable(503, "1")), request("a", 999), request("a", 100)]),
      []
    )
  })

  it("follows a date or a number in the body, but not an invalid header", () => {
    const at = performance.now()
    const date = new Date(Math.ceil(Date.now() / 1000) * 1000 + 5000).toUTCString()
    const [byDate] = detect([request("a", at, unavailable(503, date)), request("a", at + 1)])
    assert.approximately(byDate?.retryAfterMs ?? 0, 5500, 550)
    assert.approximately((byDate?.earlyMs ?? 0) + (byDate?.waitedMs ?? 0), byDate?.retryAfterMs ?? 0, 0.001)
    const inBody = detect([request("a", 0, { ...success, retryAfter: 1 }), request("b", 400)])
    assert.deepEqual(
      inBody.map(({ scope, earlyMs }) => [scope, earlyMs]),
      [["account", 600]]
    )
    assert.deepEqual(detect([request("a", 0, unavailable(503, "soon")), request("a", 1)]), [])
    assert.deepEqual(detect([request("a", 0, unavailable(503, "1/2/2099")), request("a", 1)]), [])
    assert.deepEqual(detect([request("a", 0, unavailable(503, "0")), request("a", 1)]), [])
  })

  it("is measured by the server's clock if a response has a date of its own", () => {
    const [date, retryAfter] = ["Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:39 GMT"]
    const response = jsonResponse(503, {}, { date, "retry-after": retryAfter })
    const earlyRetries = detect([request("a", 0, response), request("a", 1500), request("a", 2000)])
    assert.deepEqual(
      earlyRetries.map(({ retryAfterMs, earlyMs }) => [retryAfterMs, earlyMs]),
      [[2000, 500]]
    )
  })

  it("is an early request for a result of the same task", () => {
    const media = { purpose: "media", apiKey: "" } as const
    const earlyRetries = detect([
      { ...request("a", 0, unavailable(429, "1")), ...media },
      { ...request("b", 100), ...media },
      request("a", 200),
      { ...request("a", 300), ...media }
    ])
    assert.deepEqual(
      earlyRetries.map(({ purpose, taskId, scope, earlyMs }) => [purpose, taskId, scope, earlyMs]),
      [["media", "a", "task", 700]]
    )
  })
})

describe("the emulator", () => {
  it("reports early retries after faults, rate limits and scripted responses, in code and over HTTP", async () => {
    const limits = { sora: [{ limit: 1, windowSeconds: 60 }] }
    const emulator = await start({ limits })
    const faults = [{ fault: "status", status: 429, retryAfter: { seconds: 9, as: "body" } }] as const
    const aigptimage = emulator.addTask({ vendor: "aigptimage", id: "1", faults })
    const sora = emulator.addTask({ vendor: "sora", id: "2" })
    const responses = [{ status: 503, text: "", headers: { "Retry-After": "1" } }]
    const jimmy = emulator.addTask({ vendor: "jimmy", id: "3", responses })
    const jimeng = emulator.addTask({
      vendor: "jimeng",
      id: "4",
      mediaFaults: [{ fault: "status", status: 503, retryAfter: 5 }]
    })
    await inOrder([aigptimage, aigptimage, sora, sora, sora, jimmy, jimmy, jimmy], (task) =>
      queryTask(emulator, task)
    )
    const link: string = (await queryTask(emulator, jimeng)).body.data.image_urls[0]
    await inOrder([link, link], (each) => send(each))
    const earlyRetries = emulator.earlyRetries()
    assert.deepEqual(
      earlyRetries.map(({ taskId, purpose, scope, retryAfterMs }) => [taskId, purpose, scope, retryAfterMs]),
      [
        ["1", "query", "account", 9000],
        [null, "query", "account", 60_000],
        ["3", "query", "task", 1000],
        ["3", "query", "task", 1000],
        ["4", "media", "task", 5000]
      ]
    )
    assert.isTrue(
      earlyRetries.every(({ earlyMs, waitedMs }) => earlyMs > 0 && waitedMs > 0 && waitedMs < 300)
    )
    const url = `${emulator.url}/_emulator/early-retries`
    assert.deepEqual((await send(url)).body, { earlyRetries: JSON.parse(JSON.stringify(earlyRetries)) })
    await send(`${emulator.url}/_emulator/requests`, { method: "DELETE" })
    assert.deepEqual([emulator.earlyRetries(), (await send(url)).body], [[], { earlyRetries: [] }])
  })
})
