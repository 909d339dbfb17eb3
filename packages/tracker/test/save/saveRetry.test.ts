import { SaveError } from "@gentask/core"
import type { SaveErrorReason, TaskSnapshot } from "@gentask/core"
import { describe, expect, it } from "vitest"
import { saveRetryMs } from "../../src/save/saveDue.ts"

const now = Date.parse("2026-01-01T00:00:00Z")
const hour = 60 * 60_000
const url = "https://files.example/a.png"

const snapshotWith = (expiresInMs: number | null): TaskSnapshot => ({
  ref: "jimmy:1",
  provider: "jimmy",
  account: "jimmy",
  id: "1",
  status: "succeeded",
  rawStatus: null,
  progress: 1,
  model: null,
  prompt: null,
  createdAt: null,
  updatedAt: null,
  completedAt: new Date(now),
  outputs: [
    {
      kind: "image",
      role: "result",
      url,
      inline: null,
      mediaType: null,
      width: null,
      height: null,
      expiresAt: expiresInMs === null ? null : new Date(now + expiresInMs)
    }
  ],
  failure: null,
  queuePosition: null,
  cost: null,
  warnings: []
})

const retry = (reason: SaveErrorReason, attempts: number, at = now, expiresInMs: number | null = hour) =>
  saveRetryMs(
    new SaveError({ ref: "jimmy:1", reason }),
    { snapshot: snapshotWith(expiresInMs), attempts },
    at
  )

const unavailable: SaveErrorReason = {
  _tag: "DownloadFailed",
  url,
  detail: "HTTP 503",
  httpStatus: 503,
  isRetryable: true
}

describe("saveRetryMs", () => {
  it("doubles the delay with each attempt up to 10 minutes", () => {
    expect([0, 1, 2, 50].map((attempts) => retry(unavailable, attempts))).toEqual([2000, 4000, 8000, 600_000])
  })

  it("continues until the links have died, and tries a few times after that", () => {
    expect(retry(unavailable, 100, now + hour - 1)).toBe(600_000)
    expect(retry(unavailable, 1, now + hour + 1)).toBe(4000)
    expect(retry(unavailable, 100, now + hour + 1)).toBeUndefined()
  })

  it("continues for 3 days if no expiry is known", () => {
    expect(retry(unavailable, 100, now + 71 * hour, null)).toBe(600_000)
    expect(retry(unavailable, 100, now + 73 * hour, null)).toBeUndefined()
  })

  it("tries an expired link 5 times, because the vendor may return a new one", () => {
    const expired: SaveErrorReason = { _tag: "LinkExpired", url, httpStatus: 403 }
    expect(retry(expired, 3)).toBeDefined()
    expect(retry(expired, 4)).toBeUndefined()
  })

  it("ends at once if saving again is useless", () => {
    expect(retry({ _tag: "UnsafeLink", url, detail: "private" }, 0)).toBeUndefined()
  })

  it("continues while the disk is full", () => {
    expect(retry({ _tag: "DiskFull", path: "/files" }, 20)).toBe(600_000)
  })
})
