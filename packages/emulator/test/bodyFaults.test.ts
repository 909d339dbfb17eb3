/** Faults of queries that alter the body of the response. */
import { assert, describe, it } from "vitest"
import { rootVendors } from "../src/vendors/vendorNames.ts"
import { inOrder, queryTask, queryTimes, shape, start } from "./support.ts"
import { headerOf, queryRaw, statusOf } from "./wire.ts"

describe("the body of a response", () => {
  const sora = { vendor: "sora" } as const

  it.each(rootVendors)("from %s is truncated JSON", async (vendor) => {
    const emulator = await start()
    const task = emulator.addTask({ vendor, faults: [{ fault: "invalid-json" }] })
    const error = await queryTask(emulator, task).catch((problem: Error) => problem.name)
    assert.strictEqual(error, "SyntaxError")
    assert.strictEqual((await queryTask(emulator, task)).status, 200)
  })

  it("has another type", async () => {
    const emulator = await start()
    const as = ["array", "string", "number", "boolean", "null"] as const
    const faults = as.map((each) => ({ fault: "wrong-shape", as: each }) as const)
    const responses = await queryTimes(emulator, { vendor: "aigptimage", faults }, 6)
    assert.deepEqual(
      responses.map(({ body }) => (Array.isArray(body) ? "array" : body === null ? "null" : typeof body)),
      ["array", "string", "number", "boolean", "null", "object"]
    )
  })

  it("has other types inside its envelope", async () => {
    const emulator = await start()
    const faults = [{ fault: "wrong-shape", as: "nested" }] as const
    const { body } = await queryTask(emulator, emulator.addTask({ vendor: "aigptimage", faults }))
    assert.deepEqual([body.code, body.msg], [200, "success"])
    assert.deepEqual(shape(body.data.state), [["text", "string"]])
    assert.deepEqual(shape(body.data.createTime), ['"number"'])
    const bare = await queryTask(emulator, emulator.addTask({ ...sora, faults }))
    assert.deepEqual(bare.body.status, { text: "completed" })
  })

  it("is empty, or an HTML page", async () => {
    const emulator = await start()
    const task = emulator.addTask({ vendor: "jimmy", faults: [{ fault: "empty" }, { fault: "html" }] })
    const empty = await queryRaw(emulator, { ...task, vendor: "jimmy" }, "whole")
    assert.deepEqual(
      [headerOf(empty, "content-type"), headerOf(empty, "content-length"), empty.body.length],
      ["application/json; charset=utf-8", "0", 0]
    )
    const page = await queryTask(emulator, task)
    assert.deepEqual([page.status, page.headers.get("content-type")], [200, "text/html; charset=utf-8"])
  })

  it("is empty with status 202 or 204", async () => {
    const emulator = await start()
    const faults = [
      { fault: "empty", status: 202 },
      { fault: "empty", status: 204 }
    ] as const
    const task = emulator.addTask({ vendor: "jimmy", faults })
    const responses = await inOrder([202, 204], () => queryRaw(emulator, { ...task, vendor: "jimmy" }, 80))
    assert.deepEqual(
      responses.map((response) => [
        statusOf(response),
        headerOf(response, "content-type"),
        headerOf(response, "content-length"),
        response.body.length
      ]),
      [
        [202, "application/json; charset=utf-8", "0", 0],
        [204, undefined, undefined, 0]
      ]
    )
  })

  it.each(["jimmy", "sora", "aigptimage"] as const)(
    "from %s starts with a byte order mark",
    async (vendor) => {
      const emulator = await start()
      const task = emulator.addTask({ vendor, faults: [{ fault: "bom" }] })
      const { body } = await queryRaw(emulator, { ...task, vendor }, "whole")
      assert.deepEqual([...body.subarray(0, 4)], [0xef, 0xbb, 0xbf, 0x7b])
      assert.isObject(JSON.parse(body.toString().slice(1)))
    }
  )

  it("is huge and still correct", async () => {
    const emulator = await start()
    const faults = [
      { fault: "huge", megabytes: 3 },
      { fault: "huge", megabytes: 0.5, framing: "length" }
    ] as const
    const [chunked, announced, plain] = await queryTimes(emulator, { ...sora, faults }, 3)
    assert.strictEqual(chunked?.body.padding.length, 3_000_000)
    assert.isNull(chunked?.headers.get("content-length"))
    assert.isAbove(Number(announced?.headers.get("content-length")), 500_000)
    const { padding, ...rest } = announced?.body ?? {}
    assert.strictEqual(padding.length, 500_000)
    assert.deepEqual(shape(rest), shape(plain?.body))
  })

  it("is generated only as fast as the client reads it", async () => {
    const emulator = await start()
    const task = emulator.addTask({ ...sora, faults: [{ fault: "huge", megabytes: 1e6 }] })
    const url = `${emulator.url}/v1/video/query?id=${encodeURIComponent(task.id)}`
    const response = await fetch(url, { headers: { authorization: `Bearer ${emulator.apiKey}` } })
    const reader = response.body?.getReader()
    let size = 0
    while (size < 2_000_000) size += (await reader?.read())?.value?.length ?? Number.POSITIVE_INFINITY
    await reader?.cancel()
    assert.strictEqual((await queryTask(emulator, task)).body.status, "completed")
  })
})
