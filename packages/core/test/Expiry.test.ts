import { describe, expect, it } from "vitest"
import * as Expiry from "../src/output/Expiry.ts"

describe("the expiry of a signed link", () => {
  it.each([
    ["Azure", "se=2025-10-12T15%3A04%3A21Z&sig=abc", "2025-10-12T15:04:21.000Z"],
    ["S3", "X-Amz-Date=20251012T150421Z&X-Amz-Expires=3600", "2025-10-12T16:04:21.000Z"],
    ["Google", "X-Goog-Date=20251012T150421Z&X-Goog-Expires=60", "2025-10-12T15:05:21.000Z"],
    ["TOS", "X-Tos-Date=20251012T150421Z&X-Tos-Expires=86400", "2025-10-13T15:04:21.000Z"],
    ["lower case", "x-amz-date=20251012T150421Z&x-amz-expires=3600", "2025-10-12T16:04:21.000Z"],
    ["x-expires in seconds", "x-expires=1760281461&x-signature=s", "2025-10-12T15:04:21.000Z"],
    ["Expires in seconds", "Expires=1760281461", "2025-10-12T15:04:21.000Z"],
    ["Expires in milliseconds", "expires=1760281461000", "2025-10-12T15:04:21.000Z"]
  ])("is read from %s", (_, query, expected) => {
    expect(Expiry.fromUrl(new URL(`https://cdn.example/a.png?${query}`))?.toISOString()).toBe(expected)
  })

  it.each([
    ["nothing", ""],
    ["another parameter named se", "se=2025-10-12T15:04:21Z"],
    ["a lifetime without a date", "X-Amz-Expires=3600"],
    ["an impossible instant", "Expires=99999999999999999999"],
    ["no instant", "Expires=soon"],
    ["the year 1970", "x-expires=5"]
  ])("is null for %s", (_, query) => {
    expect(Expiry.fromUrl(new URL(`https://cdn.example/a.png?${query}`))).toBeNull()
  })
})
