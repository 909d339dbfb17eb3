/** Finding requests that came too soon, exactly. */
import { assert, describe, it } from "vitest"
import { makeUndercutMeter } from "../src/faults/Undercuts.ts"
import type { AnsweredRequest } from "../src/faults/Undercuts.ts"
import { jsonAnswer } from "../src/WireAnswer.ts"
import { ask, inOrder, send, start } from "./support.ts"

const query = { vendor: "jimmy", apiKey: "k", purpose: "query" } as const

const fine = jsonAnswer(200, {})
const busy = (status: number, retryAfter: string) => jsonAnswer(status, {}, { "retry-after": retryAfter })

const note = (taskId: string | null, at: number, answer = fine): AnsweredRequest => ({
  ...query,
  taskId,
  at,
  answer
})

const seen = (requests: readonly AnsweredRequest[]) => {
  const meter = makeUndercutMeter()
  for (const request of requests) meter.note(request)
  return meter.read()
}

describe("an undercut", () => {
  it("is a query about the task that came too soon, and of no other", () => {
    const undercuts = seen([
      note("a", 1000, busy(503, "2")),
      note("b", 1500),
      note("a", 2500),
      note("a", 2998),
      note("a", 3000)
    ])
    const told = { ...query, taskId: "a", scope: "task", retryAfter: 2000 } as const
    assert.deepEqual(undercuts, [
      { ...told, waited: 1500, early: 500, at: 2500 },
      { ...told, waited: 1998, early: 2, at: 2998 }
    ])
  })

  it("is any query with the key after 429, and none with another", () => {
    const undercuts = seen([
      note("a", 0, busy(429, "1")),
      note("b", 100),
      note(null, 200),
      { ...note("b", 300), apiKey: "other" },
      { ...note("b", 300), vendor: "sora" },
      note("a", 1000)
    ])
    assert.deepEqual(
      undercuts.map(({ taskId, scope, waited, early }) => [taskId, scope, waited, early]),
      [
        ["b", "account", 100, 900],
        [null, "account", 200, 800]
      ]
    )
  })

  it("is judged by the later of two waits, of the task and of the account alike", () => {
    const undercuts = seen([
      note("a", 0, busy(503, "3")),
      note("b", 1000, busy(429, "1")),
      note("a", 1500, busy(503, "1")),
      note("a", 2600)
    ])
    assert.deepEqual(
      undercuts.map(({ at, scope, early }) => [at, scope, early]),
      [
        [1500, "account", 500],
        [1500, "task", 1500],
        [2600, "task", 400]
      ]
    )
  })

  it("leaves a timer a millisecond, and forgets a wait that is over", () => {
    assert.deepEqual(seen([note("a", 0, busy(503, "1")), note("a", 999), note("a", 100)]), [])
  })

  it("knows a date, a number in the body, and words that are neither", () => {
    const at = performance.now()
    const date = new Date(Math.ceil(Date.now() / 1000) * 1000 + 5000).toUTCString()
    const [byDate] = seen([note("a", at, busy(503, date)), note("a", at + 1)])
    assert.approximately(byDate?.retryAfter ?? 0, 5500, 550)
    assert.approximately((byDate?.early ?? 0) + (byDate?.waited ?? 0), byDate?.retryAfter ?? 0, 0.001)
    const inBody = seen([note("a", 0, { ...fine, retryAfter: 1 }), note("b", 400)])
    assert.deepEqual(
      inBody.map(({ scope, early }) => [scope, early]),
      [["account", 600]]
    )
    assert.deepEqual(seen([note("a", 0, busy(503, "soon")), note("a", 1)]), [])
    assert.deepEqual(seen([note("a", 0, busy(503, "0")), note("a", 1)]), [])
  })

  it("of a result is one of that task's results", () => {
    const media = { purpose: "media", apiKey: "" } as const
    const undercuts = seen([
      { ...note("a", 0, busy(429, "1")), ...media },
      { ...note("b", 100), ...media },
      note("a", 200),
      { ...note("a", 300), ...media }
    ])
    assert.deepEqual(
      undercuts.map(({ purpose, taskId, scope, early }) => [purpose, taskId, scope, early]),
      [["media", "a", "task", 700]]
    )
  })
})

describe("the emulator", () => {
  it("tells of undercuts of faults, of its rate limits and of scripted answers, from code and over HTTP", async () => {
    const limits = { sora: [{ limit: 1, windowSeconds: 60 }] }
    const emulator = await start({ limits })
    const faults = [{ fault: "status", status: 429, retryAfter: { seconds: 9, as: "body" } }] as const
    const aigptimage = emulator.addTask({ vendor: "aigptimage", id: "1", faults })
    const sora = emulator.addTask({ vendor: "sora", id: "2" })
    const answers = [{ status: 503, text: "", headers: { "Retry-After": "1" } }]
    const jimmy = emulator.addTask({ vendor: "jimmy", id: "3", answers })
    const jimeng = emulator.addTask({
      vendor: "jimeng",
      id: "4",
      mediaFaults: [{ fault: "status", status: 503, retryAfter: 5 }]
    })
    await inOrder([aigptimage, aigptimage, sora, sora, sora, jimmy, jimmy, jimmy], (task) =>
      ask(emulator, task)
    )
    const link: string = (await ask(emulator, jimeng)).body.data.image_urls[0]
    await inOrder([link, link], (each) => send(each))
    const undercuts = emulator.undercuts()
    assert.deepEqual(
      undercuts.map(({ taskId, purpose, scope, retryAfter }) => [taskId, purpose, scope, retryAfter]),
      [
        ["1", "query", "account", 9000],
        [null, "query", "account", 60_000],
        ["3", "query", "task", 1000],
        ["3", "query", "task", 1000],
        ["4", "media", "task", 5000]
      ]
    )
    assert.isTrue(undercuts.every(({ early, waited }) => early > 0 && waited > 0 && waited < 300))
    const place = `${emulator.url}/_emulator/undercuts`
    assert.deepEqual((await send(place)).body, { undercuts: JSON.parse(JSON.stringify(undercuts)) })
    await send(`${emulator.url}/_emulator/requests`, { method: "DELETE" })
    assert.deepEqual([emulator.undercuts(), (await send(place)).body], [[], { undercuts: [] }])
  })
})
