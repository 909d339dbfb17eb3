import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { TaskRef } from "@gentask/core"
import type { Output, TaskSnapshot } from "@gentask/core"
import { outputStem, stemOf } from "../../src/save/target/fileName.ts"

const output = (role: Output["role"]): Output => ({
  kind: "image",
  role,
  url: "https://cdn.example/../../etc/passwd",
  inline: null,
  mediaType: null,
  width: null,
  height: null,
  expiresAt: null
})

const snapshot = (outputs: ReadonlyArray<Output>): TaskSnapshot => ({
  ref: "sora:sora-2:task_1",
  provider: "sora",
  account: "sora",
  id: "sora-2:task_1",
  status: "succeeded",
  rawStatus: null,
  progress: null,
  model: null,
  prompt: null,
  createdAt: null,
  updatedAt: null,
  completedAt: null,
  outputs,
  failure: null,
  warnings: []
})

const nameOf = (provider: string, id: string, hints = {}): string =>
  stemOf({
    provider,
    account: provider,
    ref: TaskRef.format({ provider, account: undefined, id, params: hints })
  })

const id = fc.string({ unit: "binary", minLength: 1, maxLength: 300 })

describe("the name of a saved file", () => {
  it("comes from the ref, and keeps what is legal everywhere", () => {
    expect(stemOf({ provider: "sora", account: "sora", ref: "sora:sora-2:task_01k6x15" })).toBe(
      "sora_sora-2~task_01k6x15"
    )
    expect(stemOf({ provider: "jimeng", account: "deepwl", ref: "jimeng@deepwl:67fb9e82-126e" })).toBe(
      "jimeng@deepwl_67fb9e82-126e"
    )
    expect(stemOf({ provider: "jimmy", account: "jimmy", ref: "jimmy:../../etc/passwd" })).toBe(
      "jimmy_..%2F..%2Fetc%2Fpasswd"
    )
    expect(stemOf({ provider: "jimmy", account: "jimmy", ref: "jimmy:a%20b" })).toBe("jimmy_a%20b")
  })

  it("is legal on every system, whatever the id", () => {
    fc.assert(
      fc.property(id, (id) => {
        const stem = nameOf("jimmy", id)
        expect(stem).toMatch(/^jimmy_[A-Za-z0-9_.=~%+-]+$/)
        expect(Buffer.byteLength(stem)).toBeLessThanOrEqual(180)
      }),
      { numRuns: 500 }
    )
  })

  it("differs where ids differ, also on systems that do not tell A from a", () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        fc.pre(one !== other)
        const name = (id: string) => nameOf("jimmy", id).toLowerCase()
        expect(name(one)).not.toBe(name(other))
      }),
      { numRuns: 500 }
    )
    const name = (id: string) => nameOf("veo", id).toLowerCase()
    expect(name("trii1OXZc3")).not.toBe(name("trii1oxzc3"))
  })

  it("differs where hints differ, and tells them", () => {
    expect(nameOf("jimmy", "1", { kind: "video" })).toBe("jimmy_1+kind=video")
    expect(nameOf("jimmy", "1+kind=video")).toBe("jimmy_1%2Bkind%3Dvideo")
    expect(nameOf("jimmy", "1", { b: "2", a: "x/y" })).toBe("jimmy_1+a=x%2Fy+b=2")
  })

  it("ends in a digest where it is long, and is cut between characters", () => {
    expect(nameOf("jimmy", "a".repeat(144))).toBe(`jimmy_${"a".repeat(144)}`)
    expect(nameOf("jimmy", "a".repeat(145))).toBe(`jimmy_${"a".repeat(144)}+9f7092cc3a3d`)
    expect(nameOf("jimmy", `${"a".repeat(142)}/////`)).toMatch(/^jimmy_a{142}\+[0-9a-f]{12}$/)
    expect(nameOf("jimmy", `${"a".repeat(140)}/////`)).toMatch(/^jimmy_a{140}%2F\+[0-9a-f]{12}$/)
    expect(nameOf("jimmy", "\uD800")).toBe("jimmy_%uD800")
    expect(nameOf("jimmy", "\n")).toBe("jimmy_%0A")
    expect(nameOf("jimmy", "A")).toMatch(/^jimmy_A\+[0-9a-f]{12}$/)
  })

  it("tells the outputs of one task apart by role and number", () => {
    const outputs = [output("result"), output("result"), output("thumbnail"), output("preview")]
    expect(outputs.map((each) => outputStem(snapshot(outputs), each))).toEqual([
      "sora_sora-2~task_1",
      "sora_sora-2~task_1+2",
      "sora_sora-2~task_1+thumbnail",
      "sora_sora-2~task_1+preview"
    ])
  })
})
