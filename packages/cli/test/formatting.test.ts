import { assert, describe, it } from "vitest"
import { formatDuration, parseDurationOrSeconds } from "../src/duration.ts"
import { formatPart, formatSize } from "../src/output/formatSize.ts"
import { jsonLine, oneLine } from "../src/output/sanitize.ts"
import { shellCommand, shellQuote } from "../src/output/shellCommand.ts"

describe("durations", () => {
  it.each([
    ["10m", 600_000],
    ["90s", 90_000],
    ["1h30m", 5_400_000],
    ["500ms", 500],
    ["1.5s", 1500],
    ["2d", 172_800_000],
    ["45", 45_000],
    [" 7 ", 7000],
    ["10 minutes", 600_000]
  ])("%j is parsed as %d ms", (text, milliseconds) =>
    assert.strictEqual(parseDurationOrSeconds(text), milliseconds)
  )

  it.each(["", "soon", "10 parsecs", "-5s", "1e3", "5x", "ms"])("%j is not a duration", (text) =>
    assert.isUndefined(parseDurationOrSeconds(text))
  )

  it.each([
    [0, "0 ms"],
    [850, "850 ms"],
    [4000, "4 s"],
    [90_000, "1 m 30 s"],
    [7_500_000, "2 h 5 m"],
    [86_400_000, "1 d"],
    [255_600_000, "2 d 23 h"]
  ])("%d ms is formatted as %j", (milliseconds, text) =>
    assert.strictEqual(formatDuration(milliseconds), text)
  )
})

describe("shell commands", () => {
  it("are quoted only where a shell would change them", () => {
    assert.strictEqual(shellQuote("sora:sora-2:task_01k6"), "sora:sora-2:task_01k6")
    assert.strictEqual(shellQuote("jimmy:1?kind=video"), "'jimmy:1?kind=video'")
    assert.strictEqual(shellCommand(["save", "a b", "it's"]), `gentask save 'a b' 'it'\\''s'`)
    assert.strictEqual(shellQuote(""), "''")
  })
})

describe("text of vendors", () => {
  it("becomes one line without control characters", () => {
    assert.strictEqual(oneLine(" a\u001b[31m\r\nb\u202e\u2028c\u009b "), "a [31m b c")
    assert.strictEqual(oneLine("word ".repeat(10), 12), "word word w…")
  })

  it("is escaped in JSON, and can be parsed again", () => {
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
  ])("%d bytes are formatted as %j", (bytes, text) => assert.strictEqual(formatSize(bytes), text))

  it.each([
    [12_300_000, 48_000_000, "12.3 of 48.0 MB"],
    [1000, 48_000_000, "0.0 of 48.0 MB"],
    [10, 900, "10 of 900 bytes"],
    [123_400_000, 480_000_000, "123 of 480 MB"]
  ])("%d of %d bytes are formatted as %j", (bytes, total, text) =>
    assert.strictEqual(formatPart(bytes, total), text)
  )
})
