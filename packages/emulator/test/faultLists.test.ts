/** The order and repetition of scripted faults. */
import { assert, describe, it } from "vitest"
import type { QueryFault } from "../src/index.ts"
import { inOrder, queryTask, queryTimes, start } from "./support.ts"
import { queryRaw } from "./wire.ts"

describe("a list of faults", () => {
  it("applies in order, followed by the normal response", async () => {
    const emulator = await start()
    const faults: QueryFault[] = [
      { fault: "none" },
      { fault: "status", status: 503, times: 2 },
      { fault: "lag" },
      { fault: "business" }
    ]
    const responses = await queryTimes(emulator, { vendor: "jimmy", faults }, 6)
    assert.deepEqual(
      responses.map(({ status, body }) => [status, body.code]),
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
    assert.deepEqual(emulator.faultStats(), {
      requests: 6,
      faulted: 4,
      queries: { requests: 6, faulted: 4, byFault: { status: 2, lag: 1, business: 1 } },
      media: { requests: 0, faulted: 0, byFault: {} }
    })
    emulator.clearRequests()
    assert.strictEqual(emulator.faultStats().requests, 0)
  })

  it("can end in a fault that repeats forever", async () => {
    const faults = [{ fault: "lag", polls: "forever" }] as const
    const responses = await queryTimes(await start(), { vendor: "sora", faults }, 12)
    assert.isTrue(responses.every(({ status }) => status === 404))
  })

  it("is not used by rejected queries", async () => {
    const emulator = await start({
      limits: { jimmy: [{ limit: 1, windowSeconds: 60 }] },
      moreApiKeys: ["two"]
    })
    const faults = [{ fault: "none" }, { fault: "status", status: 500 }] as const
    const task = emulator.addTask({ vendor: "jimmy", faults })
    const statuses = await inOrder(["wrong", emulator.apiKey, emulator.apiKey, "two"], async (key) => {
      return (await queryTask(emulator, task, key)).status
    })
    assert.deepEqual(statuses, [401, 200, 429, 500])
    assert.strictEqual(emulator.faultStats().requests, 2)
  })

  it("applies to scripted responses", async () => {
    const emulator = await start()
    const task = emulator.addTask({
      vendor: "jimmy",
      responses: [{ status: 202, body: { hello: "world" } }],
      faults: [{ fault: "truncated", after: 3 }]
    })
    const { head, body, end } = await queryRaw(emulator, { ...task, vendor: "jimmy" })
    assert.deepEqual([head.split("\r\n")[0], body.toString(), end], ["HTTP/1.1 202 Accepted", '{"h', "fin"])
  })
})
