import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { InvalidTaskRef, TaskRef } from "@gentask/core"

const provider = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/)
const account = fc.option(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,12}$/), { nil: undefined })
/** Any string at all: lone surrogates, control characters, bidirectional marks. */
const anything = fc.string({ unit: "binary", minLength: 1 })
const hints = fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), {
  maxKeys: 4,
  noNullPrototype: true
})

describe("a task ref", () => {
  it("reads back as it was written, whatever the id and the hints hold", () => {
    fc.assert(
      fc.property(provider, account, anything, hints, (provider, account, id, hints) => {
        const ref = { provider, account, id, hints }
        expect(TaskRef.parse(TaskRef.format(ref))).toEqual(ref)
      }),
      { numRuns: 2000 }
    )
  })

  it("is one word that drives no terminal", () => {
    fc.assert(
      fc.property(provider, account, anything, hints, (provider, account, id, hints) => {
        expect(TaskRef.format({ provider, account, id, hints })).not.toMatch(/[\s\p{Cc}\p{Cf}\p{Cs}]/u)
      }),
      { numRuns: 2000 }
    )
  })

  it("ends the account at the first colon, so that ids with colons travel intact", () => {
    expect(TaskRef.parse("sora:sora-2:task_01k6x15vhrff09dkkqjrzwhm60")).toEqual({
      provider: "sora",
      account: undefined,
      id: "sora-2:task_01k6x15vhrff09dkkqjrzwhm60",
      hints: {}
    })
  })

  it("carries the account and the hints", () => {
    expect(
      TaskRef.parse('jimeng@octopusx:67fb9e82?req_key=jimeng_t2i_v40&req_json={"return_url":true}')
    ).toEqual({
      provider: "jimeng",
      account: "octopusx",
      id: "67fb9e82",
      hints: { req_key: "jimeng_t2i_v40", req_json: '{"return_url":true}' }
    })
  })

  it("writes equal refs alike, whatever the order of their hints", () => {
    const ref = { provider: "jimmy", account: undefined, id: "1" }
    expect(TaskRef.format({ ...ref, hints: { b: "2", a: "1" } })).toBe("jimmy:1?a=1&b=2")
    expect(TaskRef.format({ ...ref, hints: { a: "1", b: "2" } })).toBe("jimmy:1?a=1&b=2")
  })

  it("lets a malformed escape stand for itself", () => {
    expect(TaskRef.parse("jimmy:100%zz%E4").id).toBe("100%zz%E4")
  })

  it.each([
    ["", "it has no provider before a colon"],
    ["no-colon", "it has no provider before a colon"],
    [":id", "its provider is not made of lower-case letters, digits and hyphens"],
    ["Jimmy:id", "its provider is not made of lower-case letters, digits and hyphens"],
    ["jimmy@:id", "its account is not made of lower-case letters, digits and hyphens"],
    ["jimmy@a@b:id", "its account is not made of lower-case letters, digits and hyphens"],
    ["jimmy:", "it has no task id after the colon"],
    ["jimmy:?kind=video", "it has no task id after the colon"]
  ])("refuses %j in one sentence", (text, why) => {
    expect(() => TaskRef.parse(text)).toThrow(new InvalidTaskRef(text, why))
  })
})
