/** Faults of queries that replace the response with an error, in the form of each vendor. */
import { assert, describe, it } from "vitest"
import type { QueryFault, TaskScript } from "../src/index.ts"
import { rootVendors } from "../src/vendors/vendorNames.ts"
import { inOrder, queryTimes, start } from "./support.ts"
import type { HttpResult } from "./support.ts"
import { queryRaw } from "./wire.ts"

const queryWithFault = async (script: TaskScript, fault: QueryFault): Promise<HttpResult> => {
  const [response] = await queryTimes(await start(), { ...script, faults: [fault] }, 1)
  assert.isDefined(response)
  return response
}

const contentType = ({ headers }: HttpResult): string | null => headers.get("content-type")

describe("an HTTP error", () => {
  it.each([408, 409, 425, 429, 500, 502, 503, 504])(
    "with status %d has every vendor's form",
    async (status) => {
      const bodies = await inOrder(rootVendors, async (vendor) => {
        const response = await queryWithFault({ vendor }, { fault: "status", status })
        assert.deepEqual(
          [response.status, contentType(response)],
          [status, "application/json; charset=utf-8"]
        )
        return response.body
      })
      const [jimmy, sora, jimeng, aigptimage] = bodies
      assert.deepEqual([jimmy.code, jimmy.data], [`${status}00`, null])
      assert.deepEqual(Object.keys(sora.error), ["message", "type", "code"])
      assert.strictEqual(sora.error.type, status < 500 ? "invalid_request_error" : "server_error")
      const jimengCode = { 429: 50_429, 500: 50_500 }[status] ?? status
      assert.deepEqual([jimeng.code, jimeng.status, jimeng.data], [jimengCode, jimengCode, null])
      assert.deepEqual([aigptimage.code, aigptimage.data], [status, null])
    }
  )

  it("has the page of a proxy, or no body", async () => {
    const page = await queryWithFault({ vendor: "jimeng" }, { fault: "status", status: 502, body: "html" })
    assert.deepEqual([page.status, contentType(page)], [502, "text/html; charset=utf-8"])
    assert.match(page.body, /^<!DOCTYPE html>.*502 Bad Gateway/s)
    const empty = await queryWithFault({ vendor: "sora" }, { fault: "status", status: 504, body: "empty" })
    assert.deepEqual([empty.status, empty.body, contentType(empty)], [504, "", null])
    assert.strictEqual(empty.headers.get("content-length"), "0")
  })

  it("has Retry-After in seconds, as a date, or in the body", async () => {
    const inSeconds = await queryWithFault(
      { vendor: "jimmy" },
      { fault: "status", status: 503, retryAfter: 7 }
    )
    assert.strictEqual(inSeconds.headers.get("retry-after"), "7")
    const before = Date.now()
    const asDate = await queryWithFault(
      { vendor: "jimeng" },
      { fault: "status", status: 429, body: "html", retryAfter: { seconds: 3, as: "date" } }
    )
    const header = asDate.headers.get("retry-after") ?? ""
    assert.strictEqual(new Date(header).toUTCString(), header)
    assert.isAtLeast(Date.parse(header), before + 3000)
    assert.isAtMost(Date.parse(header), Date.now() + 4000)
    const inBody = await queryWithFault(
      { vendor: "aigptimage" },
      { fault: "status", status: 429, retryAfter: { seconds: 17, as: "body" } }
    )
    assert.deepEqual([inBody.headers.get("retry-after"), inBody.body.data], [null, { retryAfter: 17 }])
  })

  it("has Retry-After in two lines", async () => {
    const emulator = await start()
    const faults = [{ fault: "status", status: 503, retryAfter: { seconds: 2, as: "repeated" } }] as const
    const task = emulator.addTask({ vendor: "sora", faults })
    const { head } = await queryRaw(emulator, { ...task, vendor: "sora" }, "whole")
    const [one, other, ...rest] = [...head.matchAll(/^retry-after: (.*)\r$/gim)].map(
      ([, value]) => value ?? ""
    )
    assert.deepEqual([one, rest], ["2", []])
    assert.strictEqual(new Date(other ?? "").toUTCString(), other)
  })

  it("has Retry-After as any text", async () => {
    const fault = { fault: "status", status: 429, retryAfter: "soon" } as const
    const { headers } = await queryWithFault({ vendor: "jimmy" }, fault)
    assert.strictEqual(headers.get("retry-after"), "soon")
  })

  it.each([-3_600_000, 3_600_000])(
    "has Retry-After as a date of a clock that is %d ms ahead",
    async (clockSkew) => {
      const before = Date.now()
      const retryAfter = { seconds: 2, as: "date", clockSkew } as const
      const { headers } = await queryWithFault(
        { vendor: "jimmy" },
        { fault: "status", status: 429, retryAfter }
      )
      const date = Date.parse(headers.get("date") ?? "")
      assert.isAtLeast(date, before + clockSkew - 1000)
      assert.isAtMost(date, Date.now() + clockSkew)
      const delay = Date.parse(headers.get("retry-after") ?? "") - date
      assert.include([2000, 3000], delay)
    }
  )
})

describe("an error inside HTTP 200", () => {
  it("is transient by default and has every vendor's form", async () => {
    const [jimmy, sora, jimeng, aigptimage] = await inOrder(rootVendors, async (vendor) => {
      const { status, body } = await queryWithFault({ vendor }, { fault: "business" })
      assert.strictEqual(status, 200)
      return body
    })
    assert.deepEqual([jimmy.code, jimmy.data], ["50000", null])
    assert.deepEqual([sora.error.type, sora.error.code], ["server_error", "upstream_error"])
    assert.deepEqual([jimeng.code, jimeng.data, jimeng.message], [50_500, null, "Internal Error"])
    assert.deepEqual(aigptimage, { code: 500, msg: "internal server error", data: null })
  })

  it("has the code of the script", async () => {
    const limited = await queryWithFault({ vendor: "jimeng" }, { fault: "business", code: 50_430 })
    assert.deepEqual(
      [limited.body.code, limited.body.message],
      [50_430, "Request Has Reached API Concurrent Limit, Please Try Later"]
    )
    const { body } = await queryWithFault(
      { vendor: "aigptimage" },
      { fault: "business", code: 429, retryAfter: 2 }
    )
    assert.deepEqual(body, { code: 429, msg: "too many requests", data: { retryAfter: 2 } })
    const maintenance = await queryWithFault({ vendor: "aigptimage" }, { fault: "business", code: 455 })
    assert.strictEqual(maintenance.body.msg, "service under maintenance")
    assert.strictEqual(
      (await queryWithFault({ vendor: "jimmy" }, { fault: "business", code: 1 })).body.code,
      1
    )
  })
})
