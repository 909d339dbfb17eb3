import { describe, expect, it } from "vitest"
import {
  asLink,
  codeTable,
  errorFromCode,
  errorFromHttpCode,
  jsonText,
  kindOfLink,
  textAt,
  unpackJson
} from "@gentask/core/provider"

describe("textAt", () => {
  const body = {
    url: " ",
    count: 3,
    none: null,
    result: { url: "https://a.example/1" },
    videos: [{ url: "https://a.example/2" }],
    error: "The video could not be made."
  }

  it.each([
    [["result.url"], "https://a.example/1"],
    [["videos.0.url"], "https://a.example/2"],
    [["url", "none", "count", "none.url", "count.url", "nowhere.url", "videos.0.url"], "https://a.example/2"],
    [["error.message", "error"], "The video could not be made."],
    [["videos.1.url"], undefined],
    [["videos.length"], undefined],
    [["error.length", "result", "constructor.name", "__proto__"], undefined],
    [[], undefined]
  ])("finds the first text at %j", (places, text) => {
    expect(textAt(body, ...places)).toBe(text)
  })

  it("gives the text as it is, blanks around it included", () => {
    expect(textAt({ a: " b " }, "a")).toBe(" b ")
  })

  it.each([undefined, null, "text", 1])("finds nothing in %j", (value) => {
    expect(textAt(value, "url")).toBeUndefined()
  })
})

describe("asLink", () => {
  it.each(["https://a.example/1", "http://a.example", "HTTPS://A.EXAMPLE/x"])("takes %s", (link) => {
    expect(asLink(link)).toBe(link)
  })

  it.each(["upstream returned error", "", "see https://a.example", "ftp://a.example", null, undefined])(
    "takes %j for no link",
    (text) => {
      expect(asLink(text)).toBeUndefined()
    }
  )
})

describe("kindOfLink", () => {
  it.each([
    ["https://a.example/1.png", "image"],
    ["https://a.example/1.JPEG?w=1", "image"],
    ["https://a.example/b.mp4?x=1/2.png", "video"],
    ["/relative/clip.webm#t=1", "video"],
    ["https://a.example/song.mp3", "audio"],
    ["https://a.example/loop.gif", undefined],
    ["https://a.example/file", undefined],
    ["https://a.example/file.", undefined],
    ["https://a.mp4/file", undefined],
    ["", undefined]
  ])("of %s is %s", (link, kind) => {
    expect(kindOfLink(link)).toBe(kind)
  })
})

describe("JSON in a text", () => {
  it.each([
    ['{"a":1}', { a: 1 }, { a: 1 }],
    [" [] ", [], []],
    ["null", null, null],
    ["", undefined, undefined],
    [" ", undefined, undefined],
    ["A cat", undefined, null],
    [null, undefined, undefined],
    [undefined, undefined, undefined],
    [{ a: 1 }, undefined, { a: 1 }],
    [5, undefined, 5]
  ])("%j is read as %j, and unpacked as %j", (packed, read, unpacked) => {
    expect(jsonText(packed)).toEqual(read)
    expect(unpackJson(packed)).toEqual(unpacked)
  })
})

describe("a code table", () => {
  const codes = codeTable([
    { codes: [50_411, "50412"], failure: { reason: "moderation", canResubmit: false } },
    { codes: ["AccessDenied"], error: "Forbidden" }
  ])

  it.each([
    [50_411, { failure: { reason: "moderation", canResubmit: false } }],
    ["50411", { failure: { reason: "moderation", canResubmit: false } }],
    [50_412, { failure: { reason: "moderation", canResubmit: false } }],
    ["AccessDenied", { error: "Forbidden" }],
    ["accessdenied", undefined],
    ["constructor", undefined],
    ["", undefined],
    [null, undefined],
    [undefined, undefined]
  ])("says of %j: %j", (code, meaning) => {
    expect(codes(code)).toEqual(meaning)
  })
})

describe("a code that copies an HTTP status", () => {
  it.each([
    [401, { _tag: "Unauthorized", code: "401", message: "no" }],
    ["429", { _tag: "RateLimited", code: "429", message: "no", retryAfter: undefined }],
    [599, { _tag: "Unavailable", code: "599", message: "no", retryAfter: undefined }]
  ])("is the fault of that status: %j", (code, fault) => {
    expect(errorFromHttpCode(code, { message: "no" })).toEqual(fault)
    expect(errorFromCode(code, { message: "no" })).toEqual(fault)
  })

  it.each([200, 399, 600, "4290", " 401", "odd", "", null, undefined])("is not %j", (code) => {
    expect(errorFromHttpCode(code)).toBeUndefined()
  })

  it("tells nothing about the task where it is another code", () => {
    expect(errorFromCode(9000, { message: "no" })).toEqual({
      _tag: "UnexpectedResponse",
      path: "code",
      code: "9000",
      message: "no"
    })
  })
})
