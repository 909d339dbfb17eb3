import { expect, it } from "vitest"
import * as retryAfter from "../../src/http/retryAfter.ts"

const now = Date.parse("2026-01-01T00:00:00Z")
const day = 86_400_000

it.each([
  [{ "retry-after": "7" }, 7000],
  [{ "retry-after": " 0.5 " }, 500],
  [{ "retry-after": "Thu, 01 Jan 2026 00:00:30 GMT" }, 30_000],
  [{ "retry-after": "Wed, 31 Dec 2025 00:00:00 GMT" }, 0],
  [{ "retry-after": "999999" }, day],
  [{ "retry-after-ms": "250", "retry-after": "7" }, 250],
  [{ "retry-after-ms": "soon", "retry-after": "7" }, 7000],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "" }, undefined],
  [{}, undefined]
])("reads %j as %s ms", (headers: Record<string, string>, wait) => {
  expect(retryAfter.fromHeaders(headers, now)).toBe(wait)
})

it.each([
  [0, 0],
  [1500, 1500],
  [2 * day, day],
  [-1, undefined],
  [Number.NaN, undefined],
  [Number.POSITIVE_INFINITY, undefined],
  ["1", undefined],
  [undefined, undefined]
])("limits %s to %s", (wait, bounded) => {
  expect(retryAfter.bounded(wait)).toBe(bounded)
})
