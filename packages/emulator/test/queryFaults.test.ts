/** Faults of what a vendor says: each vendor's own form of them, and the order in which they come. */
import { assert, describe, it } from "vitest"
import type { Emulator, QueryFault, TaskScript } from "../src/index.ts"
import { vendors } from "../src/index.ts"
import { ask, inOrder, pause, shape, start } from "./support.ts"
import type { Answered } from "./support.ts"
import { askRaw, headerOf } from "./wire.ts"

const askTimes = (emulator: Emulator, script: TaskScript, times: number): Promise<Answered[]> => {
  const task = emulator.addTask(script)
  return inOrder(Array.from({ length: times }), () => ask(emulator, task))
}

const strike = async (script: TaskScript, fault: QueryFault): Promise<Answered> => {
  const [answer] = await askTimes(await start(), { ...script, faults: [fault] }, 1)
  assert.isDefined(answer)
  return answer
}

const statusWord = ({ body }: Answered): string =>
  body.status === undefined || typeof body.status === "number"
    ? (body.data.status ?? body.data.state)
    : body.status

const type = ({ headers }: Answered): string | null => headers.get("content-type")

describe("a status", () => {
  it.each([408, 409, 425, 429, 500, 502, 503, 504])("of %d comes in every vendor's form", async (status) => {
    const bodies = await inOrder(vendors, async (vendor) => {
      const answer = await strike({ vendor }, { fault: "status", status })
      assert.deepEqual([answer.status, type(answer)], [status, "application/json; charset=utf-8"])
      return answer.body
    })
    const [jimmy, sora, jimeng, aigptimage] = bodies
    assert.deepEqual([jimmy.code, jimmy.data], [`${status}00`, null])
    assert.deepEqual(Object.keys(sora.error), ["message", "type", "code"])
    assert.strictEqual(sora.error.type, status < 500 ? "invalid_request_error" : "server_error")
    const jimengCode = { 429: 50_429, 500: 50_500 }[status] ?? status
    assert.deepEqual([jimeng.code, jimeng.status, jimeng.data], [jimengCode, jimengCode, null])
    assert.deepEqual([aigptimage.code, aigptimage.data], [status, null])
  })

  it("comes as a page of a proxy, or with nothing", async () => {
    const page = await strike({ vendor: "jimeng" }, { fault: "status", status: 502, body: "html" })
    assert.deepEqual([page.status, type(page)], [502, "text/html; charset=utf-8"])
    assert.match(page.body, /^<!DOCTYPE html>.*502 Bad Gateway/s)
    const nothing = await strike({ vendor: "sora" }, { fault: "status", status: 504, body: "empty" })
    assert.deepEqual([nothing.status, nothing.body, type(nothing)], [504, "", null])
    assert.strictEqual(nothing.headers.get("content-length"), "0")
  })

  it("asks to wait in seconds, until a date, or in the body", async () => {
    const inSeconds = await strike({ vendor: "jimmy" }, { fault: "status", status: 503, retryAfter: 7 })
    assert.strictEqual(inSeconds.headers.get("retry-after"), "7")
    const before = Date.now()
    const until = await strike(
      { vendor: "jimeng" },
      { fault: "status", status: 429, body: "html", retryAfter: { seconds: 3, as: "date" } }
    )
    const header = until.headers.get("retry-after") ?? ""
    assert.strictEqual(new Date(header).toUTCString(), header)
    assert.isAtLeast(Date.parse(header), before + 3000)
    assert.isAtMost(Date.parse(header), Date.now() + 4000)
    const inBody = await strike(
      { vendor: "aigptimage" },
      { fault: "status", status: 429, retryAfter: { seconds: 17, as: "body" } }
    )
    assert.deepEqual([inBody.headers.get("retry-after"), inBody.body.data], [null, { retryAfter: 17 }])
  })
})

describe("an error inside HTTP 200", () => {
  it("is one that passes, in every vendor's form", async () => {
    const [jimmy, sora, jimeng, aigptimage] = await inOrder(vendors, async (vendor) => {
      const { status, body } = await strike({ vendor }, { fault: "business" })
      assert.strictEqual(status, 200)
      return body
    })
    assert.deepEqual([jimmy.code, jimmy.data], ["50000", null])
    assert.deepEqual([sora.error.type, sora.error.code], ["server_error", "upstream_error"])
    assert.deepEqual([jimeng.code, jimeng.data, jimeng.message], [50_500, null, "Internal Error"])
    assert.deepEqual(aigptimage, { code: 500, msg: "internal server error", data: null })
  })

  it("has the code that it is told to have", async () => {
    const limited = await strike({ vendor: "jimeng" }, { fault: "business", code: 50_430 })
    assert.deepEqual(
      [limited.body.code, limited.body.message],
      [50_430, "Request Has Reached API Concurrent Limit, Please Try Later"]
    )
    const { body } = await strike({ vendor: "aigptimage" }, { fault: "business", code: 429, retryAfter: 2 })
    assert.deepEqual(body, { code: 429, msg: "too many requests", data: { retryAfter: 2 } })
    const maintained = await strike({ vendor: "aigptimage" }, { fault: "business", code: 455 })
    assert.strictEqual(maintained.body.msg, "service under maintenance")
    assert.strictEqual((await strike({ vendor: "jimmy" }, { fault: "business", code: 1 })).body.code, 1)
  })
})

describe("a body", () => {
  const sora = { vendor: "sora" } as const

  it.each(vendors)("of %s is JSON without its end", async (vendor) => {
    const emulator = await start()
    const task = emulator.addTask({ vendor, faults: [{ fault: "invalid-json" }] })
    const error = await ask(emulator, task).catch((problem: Error) => problem.name)
    assert.strictEqual(error, "SyntaxError")
    assert.strictEqual((await ask(emulator, task)).status, 200)
  })

  it("is of another type", async () => {
    const emulator = await start()
    const as = ["array", "string", "number", "boolean", "null"] as const
    const faults = as.map((each) => ({ fault: "wrong-shape", as: each }) as const)
    const answers = await askTimes(emulator, { vendor: "aigptimage", faults }, 6)
    assert.deepEqual(
      answers.map(({ body }) => (Array.isArray(body) ? "array" : body === null ? "null" : typeof body)),
      ["array", "string", "number", "boolean", "null", "object"]
    )
  })

  it("is of other types inside its envelope", async () => {
    const { body } = await strike({ vendor: "aigptimage" }, { fault: "wrong-shape", as: "nested" })
    assert.deepEqual([body.code, body.msg], [200, "success"])
    assert.deepEqual(shape(body.data.state), [["text", "string"]])
    assert.deepEqual(shape(body.data.createTime), ['"number"'])
    const bare = await strike(sora, { fault: "wrong-shape", as: "nested" })
    assert.deepEqual(bare.body.status, { text: "completed" })
  })

  it("is empty, or a page", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", faults: [{ fault: "empty" }, { fault: "html" }] })
    const empty = await askRaw(emulator, { ...task, vendor: "jimmy" }, "whole")
    assert.deepEqual(
      [headerOf(empty, "content-type"), headerOf(empty, "content-length"), empty.body.length],
      ["application/json; charset=utf-8", "0", 0]
    )
    const page = await ask(emulator, task)
    assert.deepEqual([page.status, type(page)], [200, "text/html; charset=utf-8"])
  })

  it("is huge, and right all the same", async () => {
    const emulator = await start()
    const faults = [
      { fault: "huge", megabytes: 3 },
      { fault: "huge", megabytes: 0.5, framing: "length" }
    ] as const
    const [chunked, announced, plain] = await askTimes(emulator, { ...sora, faults }, 3)
    assert.strictEqual(chunked?.body.padding.length, 3_000_000)
    assert.isNull(chunked?.headers.get("content-length"))
    assert.isAbove(Number(announced?.headers.get("content-length")), 500_000)
    const { padding, ...right } = announced?.body ?? {}
    assert.strictEqual(padding.length, 500_000)
    assert.deepEqual(shape(right), shape(plain?.body))
  })

  it("may be endless: it is made only as fast as the client reads", async () => {
    const emulator = await start()
    const task = emulator.addTask({ ...sora, faults: [{ fault: "huge", megabytes: 1e6 }] })
    const url = `${emulator.url}/v1/video/query?id=${encodeURIComponent(task.id)}`
    const response = await fetch(url, { headers: { authorization: `Bearer ${emulator.apiKey}` } })
    const reader = response.body?.getReader()
    let size = 0
    while (size < 2_000_000) size += (await reader?.read())?.value?.length ?? Number.POSITIVE_INFINITY
    await reader?.cancel()
    assert.strictEqual((await ask(emulator, task)).body.status, "completed")
  })
})

describe("a task", () => {
  it("is not known at first", async () => {
    const emulator = await start()
    const first = await inOrder(vendors, async (vendor) => {
      const [one, two, three] = await askTimes(emulator, { vendor, faults: [{ fault: "lag", polls: 2 }] }, 3)
      const unknown = await ask(emulator, { vendor, id: "unknown" })
      assert.deepEqual([one?.status, two?.status, three?.status], [unknown.status, unknown.status, 200])
      return unknown.status
    })
    assert.deepEqual(first, [404, 404, 200, 404])
  })

  it.each(vendors)("of %s has a status that nobody knows, and has not ended", async (vendor) => {
    const emulator = await start()
    const faults = [{ fault: "unknown-word" }, { fault: "unknown-word", word: "odd" }] as const
    const answers = await askTimes(emulator, { vendor, faults }, 3)
    const ended = { jimmy: "completed", sora: "completed", jimeng: "success", aigptimage: "success" }
    assert.deepEqual(answers.map(statusWord), ["warming_up", "odd", ended[vendor]])
    assert.notInclude(JSON.stringify(answers[0]?.body), "/media/")
  })

  it("goes back to a phase that it had left, once it is known to have left it", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "jimmy",
      queuedFor: 150,
      runningFor: 60_000,
      faults: [{ fault: "status-back" }]
    })
    const early = [await ask(emulator, task), await ask(emulator, task)]
    await pause(160)
    const late = await inOrder(Array.from({ length: 3 }), () => ask(emulator, task))
    assert.deepEqual([...early, ...late].map(statusWord), [
      "queued",
      "queued",
      "processing",
      "queued",
      "processing"
    ])
    assert.deepEqual(emulator.disturbed().queries, {
      exchanges: 5,
      disturbed: 1,
      byFault: { "status-back": 1 }
    })
  })

  it.each(vendors)("of %s goes back from its end", async (vendor) => {
    const emulator = await start()
    const faults = [{ fault: "status-back", to: "running" }, { fault: "status-back" }] as const
    const task = emulator.addTask({
      vendor,
      dialect: vendor === "aigptimage" ? "kie" : undefined,
      faults
    } as TaskScript)
    const answers = await inOrder(Array.from({ length: 4 }), () => ask(emulator, task))
    const words = {
      jimmy: ["completed", "processing", "queued", "completed"],
      sora: ["completed", "pending", "pending", "completed"],
      jimeng: ["success", "generating", "generating", "success"],
      aigptimage: ["success", "generating", "queuing", "success"]
    }
    assert.deepEqual(answers.map(statusWord), words[vendor])
  })

  it("has less progress than before", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "jimmy",
      runningFor: 100,
      faults: [{ fault: "progress-back" }, { fault: "progress-back", progress: 0.2 }]
    })
    await pause(60)
    const answers = await inOrder(Array.from({ length: 3 }), () => ask(emulator, task))
    const [first, ...rest] = answers.map(({ body }) => body.data.progress)
    assert.isAtLeast(first, 50)
    assert.deepEqual(rest, [1, 20])
  })

  it("has succeeded without an output, once it has succeeded", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "sora", runningFor: 120, faults: [{ fault: "no-output" }] })
    const running = await ask(emulator, task)
    await pause(130)
    const answers = [running, await ask(emulator, task), await ask(emulator, task)]
    assert.deepEqual(
      answers.map(({ body }) => [body.status, typeof (body.video_url ?? undefined)]),
      [
        ["pending", "undefined"],
        ["completed", "undefined"],
        ["completed", "string"]
      ]
    )
  })
})

describe("faults", () => {
  it("come in order, each as often as it says, and then the normal answer", async () => {
    const emulator = await start()
    const faults: QueryFault[] = [
      { fault: "none" },
      { fault: "status", status: 503, times: 2 },
      { fault: "lag" },
      { fault: "business" }
    ]
    const answers = await askTimes(emulator, { vendor: "jimmy", faults }, 6)
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.code]),
      [
        [200, "20000"],
        [503, "50300"],
        [503, "50300"],
        [404, "40400"],
        [200, "50000"],
        [200, "20000"]
      ]
    )
    assert.deepEqual(
      emulator.requests.map(({ status, fault }) => [status, fault]),
      [
        [200, null],
        [503, "status"],
        [503, "status"],
        [404, "lag"],
        [200, "business"],
        [200, null]
      ]
    )
    assert.deepEqual(emulator.disturbed(), {
      exchanges: 6,
      disturbed: 4,
      queries: { exchanges: 6, disturbed: 4, byFault: { status: 2, lag: 1, business: 1 } },
      media: { exchanges: 0, disturbed: 0, byFault: {} }
    })
    emulator.clearRequests()
    assert.strictEqual(emulator.disturbed().exchanges, 0)
  })

  it("can go on forever", async () => {
    const faults = [{ fault: "lag", polls: "forever" }] as const
    const answers = await askTimes(await start(), { vendor: "sora", faults }, 12)
    assert.isTrue(answers.every(({ status }) => status === 404))
  })

  it("are not spent by queries that are refused", async () => {
    const emulator = await start({
      limits: { jimmy: [{ limit: 1, windowSeconds: 60 }] },
      moreApiKeys: ["two"]
    })
    const faults = [{ fault: "none" }, { fault: "status", status: 500 }] as const
    const task = emulator.addTask({ vendor: "jimmy", faults })
    const statuses = await inOrder(["wrong", emulator.apiKey, emulator.apiKey, "two"], async (key) => {
      return (await ask(emulator, task, key)).status
    })
    assert.deepEqual(statuses, [401, 200, 429, 500])
    assert.strictEqual(emulator.disturbed().exchanges, 2)
  })

  it("spoil scripted answers", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "jimmy",
      answers: [{ status: 202, body: { hello: "world" } }],
      faults: [{ fault: "truncated", after: 3 }]
    })
    const { head, body, end } = await askRaw(emulator, { ...task, vendor: "jimmy" })
    assert.deepEqual([head.split("\r\n")[0], body.toString(), end], ["HTTP/1.1 202 Accepted", '{"h', "fin"])
  })
})
