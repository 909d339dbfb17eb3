import { describe, expect, it } from "vitest"
import { linkExpiry } from "../../src/exchange/linkExpiry.ts"

const expiryOf = (query: string) => linkExpiry(new URL(`https://cdn.example/a.png?${query}`))

describe("linkExpiry", () => {
  it.each([
    ["Azure", "se=2025-10-12T15%3A04%3A21Z&sig=abc", "2025-10-12T15:04:21.000Z"],
    ["S3", "X-Amz-Date=20251012T150421Z&X-Amz-Expires=3600", "2025-10-12T16:04:21.000Z"],
    ["Google", "X-Goog-Date=20251012T150421Z&X-Goog-Expires=60", "2025-10-12T15:05:21.000Z"],
    ["TOS", "X-Tos-Date=20251012T150421Z&X-Tos-Expires=86400", "2025-10-13T15:04:21.000Z"],
    ["lowercase parameters", "x-amz-date=20251012T150421Z&x-amz-expires=3600", "2025-10-12T16:04:21.000Z"],
    ["x-expires in seconds", "x-expires=1760281461&x-signature=s", "2025-10-12T15:04:21.000Z"],
    ["Expires in seconds", "Expires=1760281461", "2025-10-12T15:04:21.000Z"],
    ["Expires in milliseconds", "expires=1760281461000", "2025-10-12T15:04:21.000Z"],
    ["Expires as a date", "Expires=2025-10-12T15:04:21Z", "2025-10-12T15:04:21.000Z"],
    ["Expires without a time zone, as UTC", "Expires=2025-10-12T15:04:21", "2025-10-12T15:04:21.000Z"],
    [
      "Expires as a date that ends in digits",
      "Expires=12%20Oct%202025%2015:04:21%20GMT%2B0000",
      "2025-10-12T15:04:21.000Z"
    ],
    ["the earliest valid instant", "Expires=946684800", "2000-01-01T00:00:00.000Z"],
    ["Alibaba OSS", "x-oss-date=20251012T150421Z&x-oss-expires=60", "2025-10-12T15:05:21.000Z"]
  ])("reads %s", (_, query, expected) => {
    expect(expiryOf(query)?.toISOString()).toBe(expected)
  })

  it.each([
    ["a link without parameters", ""],
    ["a parameter se without a signature", "se=2025-10-12T15:04:21Z"],
    ["a lifetime without a date", "X-Amz-Expires=3600"],
    ["a lifetime that is not a number", "X-Amz-Date=20251012T150421Z&X-Amz-Expires=soon"],
    ["a lifetime with an invalid date", "X-Amz-Date=today&X-Amz-Expires=60"],
    ["a number that is too large", "Expires=99999999999999999999"],
    ["a text that is not a date", "Expires=soon"],
    ["the year 1970", "x-expires=5"],
    ["the first instant after the valid range", "Expires=4102444800"],
    ["a longer parameter name with the same end", "my-x-amz-expires=60&X-Amz-Date=20251012T150421Z"],
    ["a longer parameter name with the same start", "x-amz-expires-in=60&X-Amz-Date=20251012T150421Z"]
  ])("returns null for %s", (_, query) => {
    expect(expiryOf(query)).toBeNull()
  })
})
