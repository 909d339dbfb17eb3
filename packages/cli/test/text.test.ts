import { assert, describe, it } from "vitest"
import { commandLine, shellQuote } from "../src/commandLine.ts"
import { formatDuration, parseDuration } from "../src/duration.ts"
import { formatSize } from "../src/output/record.ts"
import { jsonLine, oneLine, shortLine } from "../src/output/sanitise.ts"

describe("lengths of time", () => {
  it.each([
    ["10m", 600_000],
    ["90s", 90_000],
    ["1h30m", 5_400_000],
    ["500ms", 500],
    ["1.5s", 1500],
    ["2d", 172_800_000],
    ["45", 45_000],
    [" 7 ", 7000]
  ])("%j is read as %d ms", (text, milliseconds) => assert.strictEqual(parseDuration(text), milliseconds))

  it.each(["", "soon", "10 minutes", "-5s", "1e3", "5x", "ms"])("%j is none", (text) =>
    assert.isUndefined(parseDuration(text))
  )

  it.each([
    [0, "0 ms"],
    [850, "850 ms"],
    [4000, "4 s"],
    [90_000, "1 m 30 s"],
    [7_500_000, "2 h 5 m"],
    [86_400_000, "1 d"],
    [255_600_000, "2 d 23 h"]
  ])("%d ms is told as %j", (milliseconds, text) => assert.strictEqual(formatDuration(milliseconds), text))
})

describe("command lines", () => {
  it("quotes only what a shell would change", () => {
    assert.strictEqual(shellQuote("sora:sora-2:task_01k6"), "sora:sora-2:task_01k6")
    assert.strictEqual(shellQuote("jimmy:1?kind=video"), "'jimmy:1?kind=video'")
    assert.strictEqual(commandLine(["save", "a b", undefined, "it's"]), `gentask save 'a b' 'it'\\''s'`)
    assert.strictEqual(shellQuote(""), "''")
  })
})

describe("strangers' words", () => {
  it("become one harmless line", () => {
    assert.strictEqual(oneLine(" a\u001b[31m\r\nb\u202e\u2028c\u009b "), "a [31m b c")
    assert.strictEqual(shortLine("word ".repeat(10), 12), "word word w…")
  })

  it("read back the same from JSON", () => {
    const value = { text: "\u009b1m\u202e\u{e0001}\ud800 é 絵" }
    const line = jsonLine(value)
    assert.notMatch(line, /[\p{Cc}\p{Cf}\p{Cs}]/u)
    assert.deepStrictEqual(JSON.parse(line), value)
  })
})

describe("sizes", () => {
  it.each([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [6333, "6.3 kB"],
    [123_456, "123 kB"],
    [8_589_934_592, "8.6 GB"]
  ])("%d is told as %j", (bytes, text) => assert.strictEqual(formatSize(bytes), text))
})
