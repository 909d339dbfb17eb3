import { expect, it } from "vitest"
import { parseHttpDate } from "../../src/http/parseHttpDate.ts"

const now = Date.parse("2026-06-01T00:00:00Z")

it.each([
  ["Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z"],
  ["Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z"],
  ["Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z"],
  ["sun, 6 nov 1994 08:49:37 utc", "1994-11-06T08:49:37Z"],
  // A leap second, as RFC 9110 allows.
  ["Sat, 31 Dec 2016 23:59:60 GMT", "2017-01-01T00:00:00Z"],
  ["Thu, 29 Feb 2024 00:00:00 GMT", "2024-02-29T00:00:00Z"],
  // A year of two digits that is more than 50 years ahead is in the past.
  ["Wednesday, 01-Jan-76 00:00:00 GMT", "2076-01-01T00:00:00Z"],
  ["Saturday, 01-Jan-77 00:00:00 GMT", "1977-01-01T00:00:00Z"]
])("parses %j", (text, date) => {
  expect(parseHttpDate(text, now)).toBe(Date.parse(date))
})

it.each([
  "",
  "4",
  "1994-11-06T08:49:37Z",
  "Sun, 06 Nov 1994 08:49:37 EST",
  "Sun, 06 Nov 1994 08:49:37",
  "Sun, 06 Nov 1994 25:49:37 GMT",
  "Sun, 06 Nov 1994 08:60:37 GMT",
  "Sun, 06 Nov 1994 08:49:61 GMT",
  "Sun, 31 Apr 2026 08:49:37 GMT",
  "Sun, 00 Nov 1994 08:49:37 GMT",
  "Sun, 06 Foo 1994 08:49:37 GMT",
  "4, Sun, 06 Nov 1994 08:49:37 GMT"
])("rejects %j", (text) => {
  expect(parseHttpDate(text, now)).toBeUndefined()
})
