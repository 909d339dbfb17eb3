import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { InvalidTaskRef, TaskRef } from "@gentask/core"

const provider = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/)
const account = fc.option(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,12}$/), { nil: undefined })
/** Any text, including lone surrogates, control characters and bidirectional marks. */
const anyText = fc.string({ unit: "binary", minLength: 1 })
const params = fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), {
  maxKeys: 4,
  noNullPrototype: true
})

describe("TaskRef", () => {
  it("parses what it formats, for any id and params", () => {
    fc.assert(
      fc.property(provider, account, anyText, params, (provider, account, id, params) => {
        const ref = { provider, account, id, params }
        expect(TaskRef.parse(TaskRef.format(ref))).toEqual(ref)
      }),
      { numRuns: 500 }
    )
  })

  it("formats one word without control characters", () => {
    fc.assert(
      fc.property(provider, account, anyText, params, (provider, account, id, params) => {
        expect(TaskRef.format({ provider, account, id, params })).not.toMatch(/[\s\p{Cc}\p{Cf}\p{Cs}]/u)
      }),
      { numRuns: 500 }
    )
  })

  it("starts the id after the first colon, so that ids may contain colons", () => {
    expect(TaskRef.parse("sora:sora-2:task_01k6x15vhrff09dkkqjrzwhm60")).toEqual({
      provider: "sora",
      account: undefined,
      id: "sora-2:task_01k6x15vhrff09dkkqjrzwhm60",
      params: {}
    })
  })

  it("parses the account and the params", () => {
    expect(
      TaskRef.parse('jimeng@octopusx:67fb9e82?req_key=jimeng_t2i_v40&req_json={"return_url":true}')
    ).toEqual({
      provider: "jimeng",
      account: "octopusx",
      id: "67fb9e82",
      params: { req_key: "jimeng_t2i_v40", req_json: '{"return_url":true}' }
    })
  })

  it("formats equal refs as equal text, whatever the order of their params", () => {
    const ref = { provider: "jimmy", account: undefined, id: "1" }
    expect(TaskRef.format({ ...ref, params: { b: "2", a: "1" } })).toBe("jimmy:1?a=1&b=2")
    expect(TaskRef.format({ ...ref, params: { a: "1", b: "2" } })).toBe("jimmy:1?a=1&b=2")
  })

  it("keeps malformed escapes as they are", () => {
    expect(TaskRef.parse("jimmy:100%zz%E4").id).toBe("100%zz%E4")
  })

  const invalidProvider =
    "the provider must start with a lowercase letter and contain only lowercase letters, digits and hyphens"
  const invalidAccount = "the account must contain only lowercase letters, digits and hyphens"

  it.each([
    ["", "expected provider:taskId"],
    ["no-colon", "expected provider:taskId"],
    [":id", invalidProvider],
    ["Jimmy:id", invalidProvider],
    ["9jimmy:1", invalidProvider],
    ["jim_my:1", invalidProvider],
    ["jimmy x:1", invalidProvider],
    ["jimmy@:id", invalidAccount],
    ["jimmy@a@b:id", invalidAccount],
    ["jimmy@A:1", invalidAccount],
    ["jimmy@-a:1", invalidAccount],
    ["jimmy@a_b:1", invalidAccount],
    ["jimmy:", "the task id after the colon is missing"],
    ["jimmy:?kind=video", "the task id after the colon is missing"]
  ])("rejects %j and says why", (text, problem) => {
    expect(() => TaskRef.parse(text)).toThrow(new InvalidTaskRef({ input: text, problem }))
  })

  it.each([
    [{ provider: "jimmy", account: undefined, id: "a b", params: {} }, "jimmy:a%20b"],
    [{ provider: "jimmy", account: undefined, id: "é+&=", params: {} }, "jimmy:é+&="],
    [{ provider: "jimmy", account: undefined, id: "\n", params: {} }, "jimmy:%0A"],
    [{ provider: "jimmy", account: undefined, id: "\u{202E}", params: {} }, "jimmy:%E2%80%AE"],
    [{ provider: "jimmy", account: undefined, id: "\uD800", params: {} }, "jimmy:%uD800"],
    [{ provider: "jimmy", account: undefined, id: "\uDFFFx", params: {} }, "jimmy:%uDFFFx"],
    [{ provider: "jimmy", account: "b", id: "1", params: { "k=": "v&+" } }, "jimmy@b:1?k%3D=v%26%2B"],
    [{ provider: "jimmy", account: undefined, id: "1", params: { k: "" } }, "jimmy:1?k="]
  ])("formats %j as %s", (ref, text) => {
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
  ])("parses the params of %s as %j", (text, params) => {
    expect(TaskRef.parse(text)).toEqual({ provider: "jimmy", account: undefined, id: "1", params })
  })

  it("validates parts as strictly as text", () => {
    expect(TaskRef.from("jimmy:1")).toEqual({ provider: "jimmy", account: undefined, id: "1", params: {} })
    expect(TaskRef.from({ provider: "jimmy", account: "b", id: "x y", params: {} }).id).toBe("x y")
    expect(() => TaskRef.from({ provider: "jimmy", account: "B", id: "1", params: {} })).toThrow(
      InvalidTaskRef
    )
  })
})

describe("InvalidTaskRef", () => {
  it("quotes the text and says what is wrong with it", () => {
    const error = new InvalidTaskRef({ input: "X", problem: "expected provider:taskId" })
    expect(error.message).toBe('Invalid task ref "X": expected provider:taskId.')
    expect(error).toMatchObject({
      _tag: "InvalidTaskRef",
      name: "InvalidTaskRef",
      isRetryable: false,
      input: "X"
    })
  })

  it("shortens text of more than 80 characters in its message", () => {
    const long = new InvalidTaskRef({ input: "x".repeat(200), problem: "expected provider:taskId" })
    expect(long.message).toBe(`Invalid task ref "${"x".repeat(80)}…": expected provider:taskId.`)
    expect(long.input).toHaveLength(200)
    expect(new InvalidTaskRef({ input: "x".repeat(80), problem: "" }).message).not.toContain("…")
  })
})

describe("from", () => {
  it.each([
    ["null", null],
    ["a number", 5],
    ["an empty object", {}],
    ["an object without an id", { provider: "jimmy" }],
    ["params that are not text", { provider: "jimmy", id: "1", params: { kind: 1 } }]
  ])("rejects %s with InvalidTaskRef", (_, value) => {
    expect(() => TaskRef.from(value as never)).toThrow(InvalidTaskRef)
  })

  it("accepts an object without params", () => {
    const ref = { provider: "jimmy", id: "1" } as TaskRef.TaskRef
    expect(TaskRef.from(ref)).toEqual({ provider: "jimmy", account: undefined, id: "1", params: {} })
  })
})
