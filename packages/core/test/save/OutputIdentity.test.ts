import { describe, expect, it } from "vitest"
import { identifyOutputs, matchOutputs, parseIdentity } from "../../src/save/OutputIdentity.ts"
import { makeOutput } from "../support/snapshot.ts"

const link = (url: string) => makeOutput({ url })
const inline = (base64: string) => makeOutput({ url: null, inline: { base64, bytes: 3 } })
const links = (...urls: ReadonlyArray<string>) =>
  identifyOutputs(urls.map((url) => link(url.startsWith("http") ? url : `https://cdn.example/${url}`)))

describe("identifyOutputs", () => {
  it("identifies a link by its path and its parameters, and inline media by its digest", () => {
    expect(identifyOutputs([link("https://cdn.example/a.png?sig=secret&id=1#x"), inline("AAAA")])).toEqual([
      {
        source: "https://cdn.example/a.png",
        query: [expect.stringMatching(/^[0-9a-f]{12}$/), expect.stringMatching(/^[0-9a-f]{12}$/)],
        sha256: null,
        position: 1,
        count: 2
      },
      {
        source: null,
        query: [],
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        position: 2,
        count: 2
      }
    ])
  })
})

describe("matchOutputs", () => {
  it.each([
    ["in another order", ["a.png", "b.png"], ["b.png", "a.png"], [1, 0]],
    ["with another signature", ["a.png?s=1", "b.png?s=1"], ["b.png?s=2", "a.png?s=2"], [1, 0]],
    ["among new ones", ["b.png"], ["a.png", "b.png", "c.png"], [undefined, 0, undefined]],
    [
      "with the same path and another parameter",
      ["f?id=a&s=1", "f?id=b&s=1"],
      ["f?id=b&s=2", "f?id=a&s=2"],
      [1, 0]
    ],
    [
      "on another host",
      ["http://a.example/x/1.png"],
      ["http://b.example/x/1.png", "http://b.example/x/2.png"],
      [0, undefined]
    ],
    ["in another folder", ["tmp1/a.png", "tmp1/b.png"], ["tmp2/b.png", "tmp2/a.png"], [1, 0]],
    [
      "with another token before equal file names",
      ["t1/0/r.png", "t1/1/r.png"],
      ["t2/1/r.png", "t2/0/r.png"],
      [1, 0]
    ],
    [
      "with another token among new ones",
      ["t1/job/0/r.png"],
      ["t2/job/1/r.png", "t2/job/0/r.png"],
      [undefined, 0]
    ]
  ])("finds the same link %s", (_, known, current, expected) => {
    expect(matchOutputs(links(...known), links(...current))).toEqual(expected)
  })

  it("matches by position if the number is the same, and nothing else is", () => {
    expect(matchOutputs(links("1.png", "2.png"), links("3.png", "4.png"))).toEqual([0, 1])
    expect(matchOutputs(links("x/o.png", "y/o.png"), links("z/o.png", "w/o.png"))).toEqual([0, 1])
    expect(matchOutputs(links("f?id=a", "f?id=b"), links("f?id=c", "f?id=d"))).toEqual([0, 1])
  })

  it("does not match by position if the number has changed, or if one output matches otherwise", () => {
    expect(matchOutputs(links("1.png"), links("3.png", "4.png"))).toEqual([undefined, undefined])
    expect(matchOutputs(links("1.png", "2.png"), links("2.png", "4.png"))).toEqual([1, undefined])
  })

  it("matches by position an output that was stored alone, if there were as many", () => {
    const [, second] = links("1.png", "2.png")
    expect(second && matchOutputs([second], links("3.png", "4.png"))).toEqual([undefined, 0])
    expect(second && matchOutputs([{ ...second, count: null }], links("3.png", "4.png"))).toEqual([
      undefined,
      0
    ])
    expect(second && matchOutputs([{ ...second, count: 3 }], links("3.png", "4.png"))).toEqual([
      undefined,
      undefined
    ])
  })

  it("matches inline media by its bytes alone", () => {
    const [a, b, c] = ["AAAA", "BBBB", "CCCC"].map(inline)
    const identify = (...outputs: ReadonlyArray<typeof a>) =>
      identifyOutputs(outputs.flatMap((each) => each ?? []))
    expect(matchOutputs(identify(a, b), identify(b, a))).toEqual([1, 0])
    expect(matchOutputs(identify(a), identify(c))).toEqual([undefined])
  })

  it("matches no output twice", () => {
    expect(matchOutputs(links("a.png?x=1", "a.png?x=2"), links("a.png?x=3", "a.png?x=1"))).toEqual([1, 0])
    expect(matchOutputs(links("a.png"), links("x/a.png", "y/a.png"))).toEqual([undefined, undefined])
  })
})

describe("parseIdentity", () => {
  it("parses an identity that was stored as JSON", () => {
    const [identity] = links("a.png?x=1")
    expect(parseIdentity(JSON.parse(JSON.stringify(identity)))).toEqual(identity)
    expect(parseIdentity({ source: "no URL", query: [1, "q"], sha256: 5, position: 1, count: 2 })).toEqual({
      source: null,
      query: ["q"],
      sha256: null,
      position: 1,
      count: 2
    })
  })

  it.each([null, "text", {}, { query: "q", position: 1, count: 1 }, { query: [], position: "1", count: 1 }])(
    "returns undefined for %j",
    (json) => {
      expect(parseIdentity(json)).toBeUndefined()
    }
  )
})
