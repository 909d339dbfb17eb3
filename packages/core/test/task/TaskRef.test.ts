import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { InvalidTaskRef, TaskRef } from "@gentask/core"

const provider = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/)
const account = fc.option(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,12}$/), { nil: undefined })
/** Any string at all: lone surrogates, control characters, bidirectional marks. */
const anything = fc.string({ unit: "binary", minLength: 1 })
const params = fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), {
  maxKeys: 4,
  noNullPrototype: true
})

describe("a task ref", () => {
  it("reads back as it was written, whatever the id and the params hold", () => {
    fc.assert(
      fc.property(provider, account, anything, params, (provider, account, id, params) => {
        const ref = { provider, account, id, params }
        expect(TaskRef.parse(TaskRef.format(ref))).toEqual(ref)
      }),
      { numRuns: 500 }
    )
  })

  it("is one word that drives no terminal", () => {
    fc.assert(
      fc.property(provider, account, anything, params, (provider, account, id, params) => {
        expect(TaskRef.format({ provider, account, id, params: params })).not.toMatch(
          /[\s\p{Cc}\p{Cf}\p{Cs}]/u
        )
      }),
      { numRuns: 500 }
    )
  })

  it("ends the account at the first colon, so that ids with colons travel intact", () => {
    expect(TaskRef.parse("sora:sora-2:task_01k6x15vhrff09dkkqjrzwhm60")).toEqual({
      provider: "sora",
      account: undefined,
      id: "sora-2:task_01k6x15vhrff09dkkqjrzwhm60",
      params: {}
    })
  })

  it("carries the account and the params", () => {
    expect(
      TaskRef.parse('jimeng@octopusx:67fb9e82?req_key=jimeng_t2i_v40&req_json={"return_url":true}')
    ).toEqual({
      provider: "jimeng",
      account: "octopusx",
      id: "67fb9e82",
      params: { req_key: "jimeng_t2i_v40", req_json: '{"return_url":true}' }
    })
  })

  it("writes equal refs alike, whatever the order of their params", () => {
    const ref = { provider: "jimmy", account: undefined, id: "1" }
    expect(TaskRef.format({ ...ref, params: { b: "2", a: "1" } })).toBe("jimmy:1?a=1&b=2")
    expect(TaskRef.format({ ...ref, params: { a: "1", b: "2" } })).toBe("jimmy:1?a=1&b=2")
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

describe("the text of a ref", () => {
  it.each([
    [{ provider: "jimmy", account: undefined, id: "a b", params: {} }, "jimmy:a%20b"],
    [{ provider: "jimmy", account: undefined, id: "é+&=", params: {} }, "jimmy:é+&="],
    [{ provider: "jimmy", account: undefined, id: "\n", params: {} }, "jimmy:%0A"],
    [{ provider: "jimmy", account: undefined, id: "\u{202E}", params: {} }, "jimmy:%E2%80%AE"],
    [{ provider: "jimmy", account: undefined, id: "\uD800", params: {} }, "jimmy:%uD800"],
    [{ provider: "jimmy", account: undefined, id: "\uDFFFx", params: {} }, "jimmy:%uDFFFx"],
    [{ provider: "jimmy", account: "b", id: "1", params: { "k=": "v&+" } }, "jimmy@b:1?k%3D=v%26%2B"],
    [{ provider: "jimmy", account: undefined, id: "1", params: { k: "" } }, "jimmy:1?k="]
  ])("of %j is %s", (ref, text) => {
    expect(TaskRef.format(ref)).toBe(text)
    expect(TaskRef.parse(text)).toEqual(ref)
  })

  it.each([
    ["jimmy:1?kind", { kind: "" }],
    ["jimmy:1?", {}],
    ["jimmy:1?&&a=b&", { a: "b" }],
    ["jimmy:1?a=b=c", { a: "b=c" }],
    ["jimmy:1?a=b?c", { a: "b?c" }],
    ["jimmy:1?a=%u0041", { a: "A" }]
  ])("%s has the params %j", (text, params) => {
    expect(TaskRef.parse(text)).toEqual({ provider: "jimmy", account: undefined, id: "1", params })
  })

  it.each(["9jimmy:1", "jim_my:1", "jimmy@A:1", "jimmy@-a:1", "jimmy@a_b:1", "jimmy x:1"])(
    "is no ref: %s",
    (text) => {
      expect(() => TaskRef.parse(text)).toThrow(InvalidTaskRef)
    }
  )

  it("is read from parts as strictly as from text", () => {
    expect(TaskRef.from("jimmy:1")).toEqual({ provider: "jimmy", account: undefined, id: "1", params: {} })
    expect(TaskRef.from({ provider: "jimmy", account: "b", id: "x y", params: {} }).id).toBe("x y")
    expect(() => TaskRef.from({ provider: "jimmy", account: "B", id: "1", params: {} })).toThrow(
      InvalidTaskRef
    )
  })

  it("says what was wrong with, and shortens, a long text that is no ref", () => {
    const error = new InvalidTaskRef("x".repeat(200), "it is none")
    expect(error.message).toBe(
      `"${"x".repeat(80)}…" is no task ref: it is none. A task ref is provider:taskId, such as jimmy:1234`
    )
    expect({ tag: error._tag, name: error.name, input: error.input.length }).toEqual({
      tag: "InvalidTaskRef",
      name: "InvalidTaskRef",
      input: 200
    })
    expect(new InvalidTaskRef("x".repeat(80), "it is none").message).not.toContain("…")
  })
})
