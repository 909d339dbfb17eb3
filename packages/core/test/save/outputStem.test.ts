import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { TaskRef } from "@gentask/core"
import { numberOf, numberedStem, roleStem, taskStem } from "../../src/save/outputStem.ts"
import { makeSnapshot } from "../support/snapshot.ts"

const stemOf = (provider: string, id: string, params = {}): string =>
  taskStem({
    provider,
    account: provider,
    ref: TaskRef.format({ provider, account: undefined, id, params })
  })

const id = fc.string({ unit: "binary", minLength: 1, maxLength: 300 })

describe("taskStem", () => {
  it("contains the parts of the ref, with unsafe characters escaped", () => {
    expect(taskStem({ provider: "sora", account: "sora", ref: "sora:sora-2:task_01k6x15" })).toBe(
      "sora_sora-2~task_01k6x15"
    )
    expect(taskStem({ provider: "jimeng", account: "deepwl", ref: "jimeng@deepwl:67fb9e82-126e" })).toBe(
      "jimeng@deepwl_67fb9e82-126e"
    )
    expect(taskStem({ provider: "jimmy", account: "jimmy", ref: "jimmy:../../etc/passwd" })).toBe(
      "jimmy_..%2F..%2Fetc%2Fpasswd"
    )
    expect(taskStem({ provider: "jimmy", account: "jimmy", ref: "jimmy:a%20b" })).toBe("jimmy_a%20b")
  })

  it("is a legal file name on every system for any id", () => {
    fc.assert(
      fc.property(id, (id) => {
        const stem = stemOf("jimmy", id)
        expect(stem).toMatch(/^jimmy_[A-Za-z0-9_.=~%+-]+$/)
        expect(Buffer.byteLength(stem)).toBeLessThanOrEqual(180)
      }),
      { numRuns: 500 }
    )
  })

  it("differs for different ids, also on file systems that ignore case", () => {
    fc.assert(
      fc.property(id, id, (one, other) => {
        fc.pre(one !== other)
        const stem = (id: string) => stemOf("jimmy", id).toLowerCase()
        expect(stem(one)).not.toBe(stem(other))
      }),
      { numRuns: 500 }
    )
    const stem = (id: string) => stemOf("veo", id).toLowerCase()
    expect(stem("trii1OXZc3")).not.toBe(stem("trii1oxzc3"))
  })

  it("contains the params, and differs for different params", () => {
    expect(stemOf("jimmy", "1", { kind: "video" })).toBe("jimmy_1+kind=video")
    expect(stemOf("jimmy", "1+kind=video")).toBe("jimmy_1%2Bkind%3Dvideo")
    expect(stemOf("jimmy", "1", { b: "2", a: "x/y" })).toBe("jimmy_1+a=x%2Fy+b=2")
  })

  it("is cut between characters and ends in a digest if it is too long", () => {
    expect(stemOf("jimmy", "a".repeat(144))).toBe(`jimmy_${"a".repeat(144)}`)
    expect(stemOf("jimmy", "a".repeat(145))).toBe(`jimmy_${"a".repeat(144)}+9f7092cc3a3d`)
    expect(stemOf("jimmy", `${"a".repeat(142)}/////`)).toMatch(/^jimmy_a{142}\+[0-9a-f]{12}$/)
    expect(stemOf("jimmy", `${"a".repeat(140)}/////`)).toMatch(/^jimmy_a{140}%2F\+[0-9a-f]{12}$/)
    expect(stemOf("jimmy", "\uD800")).toBe("jimmy_%uD800")
    expect(stemOf("jimmy", "\n")).toBe("jimmy_%0A")
    expect(stemOf("jimmy", "A")).toMatch(/^jimmy_A\+[0-9a-f]{12}$/)
  })
})

describe("taskStem of characters that are folded", () => {
  const ids = [
    "k",
    "K",
    "\u212A",
    "s",
    "S",
    "\u017F",
    "\uFF4B",
    "\u00E9",
    "e\u0301",
    "\uFB01",
    "fi",
    "\u0131",
    "i"
  ]

  it("differs in any case and in any Unicode normalization form", () => {
    for (const form of ["NFC", "NFD", "NFKC", "NFKD"]) {
      const folded = ids.map((id) =>
        stemOf("jimmy", id).normalize(form).toUpperCase().toLowerCase().normalize(form)
      )
      expect(new Set(folded).size).toBe(ids.length)
    }
  })

  it("escapes everything that is not ASCII", () => {
    expect(stemOf("jimmy", "\u212A\u017F")).toBe("jimmy_%E2%84%AA%C5%BF")
    expect(stemOf("jimmy", "\u212A".repeat(90))).toMatch(/^jimmy_[%0-9A-F]{1,150}\+[0-9a-f]{12}$/)
  })
})

describe("roleStem and numberedStem", () => {
  const snapshot = makeSnapshot({ ref: "sora:sora-2:task_1", provider: "sora", account: "sora" })

  it("distinguish the outputs of a task by role and number", () => {
    expect(roleStem(snapshot, "result")).toBe("sora_sora-2~task_1")
    expect(roleStem(snapshot, "thumbnail")).toBe("sora_sora-2~task_1+thumbnail")
    expect([1, 2, 10].map((number) => numberedStem("sora_1", number))).toEqual([
      "sora_1",
      "sora_1+2",
      "sora_1+10"
    ])
  })

  it.each([1, 2, 10, 99_999])("return a name whose number is %i", (number) => {
    expect(numberOf("sora_1+preview", numberedStem("sora_1+preview", number))).toBe(number)
  })

  it.each(["sora_10", "sora_1+thumbnail", "sora_1+", "sora_1+02", "sora_1+123456789012", "other", "sora"])(
    "do not return %s for the stem sora_1",
    (name) => {
      expect(numberOf("sora_1", name)).toBeUndefined()
    }
  )
})
