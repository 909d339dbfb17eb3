import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isTerminal } from "@gentask/core"
import type { TaskStatus } from "@gentask/core"
import { isUpdate } from "../../src/ledger/isUpdate.ts"
import type { ComparableSnapshot } from "../../src/ledger/isUpdate.ts"
import { status } from "../support/arbitrarySnapshot.ts"

const [early, late] = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"]

const output = {
  kind: "image",
  role: "result",
  url: "https://files.example.com/a.png",
  inline: null,
  mediaType: null,
  width: null,
  height: null,
  expiresAt: null
} as const

const at = (
  status: TaskStatus,
  updatedAt: string | null = null,
  outputs: ComparableSnapshot["outputs"] = []
): ComparableSnapshot => ({ status, updatedAt, outputs })

describe("isUpdate", () => {
  it.each<[recorded: TaskStatus, snapshot: TaskStatus, expected: boolean]>([
    ["queued", "running", true],
    ["running", "queued", true],
    ["running", "unknown", true],
    ["running", "failed", true],
    ["failed", "failed", true],
    ["failed", "running", false],
    ["succeeded", "running", false],
    ["succeeded", "expired", false],
    ["failed", "expired", false],
    ["failed", "succeeded", true]
  ])("compares %s with a later record of %s: %s", (recorded, snapshot, expected) => {
    expect(isUpdate(at(recorded), at(snapshot))).toBe(expected)
  })

  it("rejects a snapshot that the vendor changed earlier than the recorded one", () => {
    expect(isUpdate(at("running", late), at("queued", early))).toBe(false)
    expect(isUpdate(at("running", early), at("queued", late))).toBe(true)
    expect(isUpdate(at("running", late), at("running", late))).toBe(true)
    expect(isUpdate(at("succeeded", late, [output]), at("succeeded", early, [output]))).toBe(false)
  })

  it("accepts a terminal snapshot with an earlier time, because vendors' clocks may differ", () => {
    expect(isUpdate(at("running", late), at("failed", early))).toBe(true)
  })

  it("keeps the outputs of a task that has succeeded", () => {
    expect(isUpdate(at("succeeded", early, [output]), at("succeeded", late))).toBe(false)
    expect(isUpdate(at("succeeded", early), at("succeeded", late, [output]))).toBe(true)
  })

  it("never replaces a terminal status by one that is not terminal, in any order of records", () => {
    fc.assert(
      fc.property(fc.array(status, { minLength: 1 }), (statuses) => {
        let recorded: TaskStatus = "queued"
        for (const next of statuses) {
          const wasTerminal = isTerminal(recorded)
          if (isUpdate(at(recorded), at(next))) recorded = next
          expect(wasTerminal && !isTerminal(recorded)).toBe(false)
        }
        if (statuses.includes("succeeded")) expect(recorded).toBe("succeeded")
      })
    )
  })
})
