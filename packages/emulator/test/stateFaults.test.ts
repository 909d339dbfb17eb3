/** Faults in the state of the task that a query reports. */
import { assert, describe, it } from "vitest"
import type { Vendor } from "../src/index.ts"
import { rootVendors } from "../src/vendors/vendorNames.ts"
import { inOrder, queryTask, queryTimes, start, stopClock } from "./support.ts"
import type { HttpResult } from "./support.ts"

const statusOf = ({ body }: HttpResult): string =>
  body.status === undefined || typeof body.status === "number"
    ? (body.data.status ?? body.data.state)
    : body.status

describe("a task with a fault", () => {
  it("is unknown at first", async () => {
    const emulator = await start()
    const first = await inOrder(rootVendors, async (vendor) => {
      const [one, two, three] = await queryTimes(
        emulator,
        { vendor, faults: [{ fault: "lag", polls: 2 }] },
        3
      )
      const unknown = await queryTask(emulator, { vendor, id: "unknown" })
      assert.deepEqual([one?.status, two?.status, three?.status], [unknown.status, unknown.status, 200])
      return unknown.status
    })
    assert.deepEqual(first, [404, 404, 200, 404])
  })

  it.each(rootVendors)("of %s has an unknown status and no result", async (vendor) => {
    const emulator = await start()
    const faults = [{ fault: "unknown-status" }, { fault: "unknown-status", status: "odd" }] as const
    const responses = await queryTimes(emulator, { vendor, faults }, 3)
    const successful: Readonly<Partial<Record<Vendor, string>>> = {
      jimmy: "completed",
      sora: "completed",
      jimeng: "success",
      aigptimage: "success"
    }
    assert.deepEqual(responses.map(statusOf), ["warming_up", "odd", successful[vendor]])
    assert.notInclude(JSON.stringify(responses[0]?.body), "/media/")
  })

  it("returns to an earlier phase once a later one was reported", async () => {
    const advance = stopClock()
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "jimmy",
      queuedFor: 150,
      runningFor: 60_000,
      faults: [{ fault: "status-regression" }]
    })
    const early = [await queryTask(emulator, task), await queryTask(emulator, task)]
    advance(150)
    const late = await inOrder(Array.from({ length: 3 }), () => queryTask(emulator, task))
    assert.deepEqual([...early, ...late].map(statusOf), [
      "queued",
      "queued",
      "processing",
      "queued",
      "processing"
    ])
    assert.deepEqual(emulator.faultStats().queries, {
      requests: 5,
      faulted: 1,
      byFault: { "status-regression": 1 }
    })
  })

  it.each(rootVendors)("of %s returns to an earlier phase after its end", async (vendor) => {
    const emulator = await start()
    const faults = [{ fault: "status-regression", to: "running" }, { fault: "status-regression" }] as const
    const task = emulator.addTask({
      vendor,
      dialect: vendor === "aigptimage" ? "kie" : undefined,
      faults
    })
    const responses = await inOrder(Array.from({ length: 4 }), () => queryTask(emulator, task))
    const statuses = {
      jimmy: ["completed", "processing", "queued", "completed"],
      sora: ["completed", "pending", "pending", "completed"],
      jimeng: ["success", "generating", "generating", "success"],
      aigptimage: ["success", "generating", "queuing", "success"]
    }
    assert.deepEqual(responses.map(statusOf), statuses[vendor])
  })

  it("reports less progress than before", async () => {
    const advance = stopClock()
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "jimmy",
      runningFor: 100,
      faults: [{ fault: "progress-regression" }, { fault: "progress-regression", progress: 0.2 }]
    })
    advance(60)
    const responses = await inOrder(Array.from({ length: 3 }), () => queryTask(emulator, task))
    assert.deepEqual(
      responses.map(({ body }) => body.data.progress),
      [60, 1, 20]
    )
  })

  it("has no output once it has succeeded", async () => {
    const advance = stopClock()
    const emulator = await start()
    const task = emulator.addTask({ vendor: "sora", runningFor: 120, faults: [{ fault: "no-output" }] })
    const running = await queryTask(emulator, task)
    advance(120)
    const responses = [running, await queryTask(emulator, task), await queryTask(emulator, task)]
    assert.deepEqual(
      responses.map(({ body }) => [body.status, typeof (body.video_url ?? undefined)]),
      [
        ["pending", "undefined"],
        ["completed", "undefined"],
        ["completed", "string"]
      ]
    )
  })
})

describe("a list of results", () => {
  const media = ["png", "jpeg", "webp"] as const
  const linksIn = ({ body }: HttpResult): string[] =>
    body.data.image_urls ?? (body.data.resultJson && JSON.parse(body.data.resultJson).resultUrls)
  const filesIn = (response: HttpResult): (string | undefined)[] =>
    linksIn(response).map((link) => /(?:[^/]*\/)?[^/]*\.\w+(?=\?|$)/.exec(link)?.[0])

  it.each(["jimeng", "aigptimage"] as const)(
    "of %s is in another order, and stays longer",
    async (vendor) => {
      const faults = [
        { fault: "reordered" },
        { fault: "reordered", order: "rotated" },
        { fault: "reordered", more: ["gif"] }
      ] as const
      const emulator = await start()
      const responses = await queryTimes(emulator, { vendor, media, faults }, 4)
      const [reversed, rotated, longer, plain] = responses.map(filesIn)
      const [one, two, three, four] = plain ?? []
      assert.deepEqual(reversed, [three, two, one])
      assert.deepEqual(rotated, [three, one, two])
      assert.deepEqual(longer, [four, three, two, one])
      assert.match(four ?? "", /\.gif$/)
      const [first] = responses
      const types = await inOrder(first === undefined ? [] : linksIn(first), async (link) =>
        (await fetch(link)).headers.get("content-type")
      )
      assert.deepEqual(types, ["image/webp", "image/jpeg", "image/png"])
    }
  )

  it("is in its own order until the task has succeeded", async () => {
    const advance = stopClock()
    const emulator = await start()
    const faults = [{ fault: "reordered" }] as const
    const task = emulator.addTask({ vendor: "aigptimage", media, runningFor: 1000, faults })
    assert.isNull((await queryTask(emulator, task)).body.data.resultJson)
    advance(1000)
    const responses = await inOrder([1, 2], () => queryTask(emulator, task))
    const [reversed, plain] = responses.map(filesIn)
    assert.deepEqual(reversed, plain?.toReversed())
  })

  it("has links with the fault of the script", async () => {
    const faults = [{ fault: "reordered" }] as const
    const links = [{ link: "relative" }] as const
    const [response] = await queryTimes(await start(), { vendor: "jimeng", media, faults, links }, 1)
    assert.isTrue(response !== undefined && linksIn(response).every((link) => link.startsWith("/media/")))
  })
})

describe("a server whose clock is not right", () => {
  it.each([-86_400_000, 86_400_000])("is %d ms ahead in its Date header and its body", async (by) => {
    const emulator = await start()
    const faults = [{ fault: "clock-skew", by }] as const
    const [skewed, plain] = await queryTimes(emulator, { vendor: "aigptimage", runningFor: 0, faults }, 2)
    const { createTime, completeTime } = plain?.body.data ?? {}
    assert.deepEqual(
      [skewed?.body.data.createTime, skewed?.body.data.completeTime],
      [createTime + by, completeTime + by]
    )
    const ahead = Date.parse(skewed?.headers.get("date") ?? "") - Date.now()
    assert.approximately(ahead, by, 2000)
  })

  it("reports the same phase and the same link lifetime", async () => {
    stopClock()
    const emulator = await start()
    const faults = [{ fault: "clock-skew", by: -86_400_000 }] as const
    const running = await queryTimes(emulator, { vendor: "jimmy", runningFor: 1000, faults }, 1)
    assert.deepEqual(running.map(statusOf), ["processing"])
    const links = await queryTimes(emulator, { vendor: "sora", faults }, 2)
    const expiries = links.map(({ body }) => new URL(body.video_url).searchParams.get("se"))
    assert.strictEqual(expiries[0], expiries[1])
    assert.strictEqual((await fetch(links[0]?.body.video_url)).status, 200)
  })
})
