import { assert, describe, it } from "vitest"
import { wrapLines } from "../src/output/wrapLines.ts"

describe("wrapLines", () => {
  it("continues the last column of a line below it", () => {
    assert.deepStrictEqual(
      wrapLines("TITLE\n  --save DIR    Save the outputs into this folder\n  --all  All", 40).split("\n"),
      ["TITLE", "  --save DIR    Save the outputs into", "                this folder", "  --all  All"]
    )
  })

  it("keeps the indentation of a paragraph", () => {
    assert.strictEqual(wrapLines("  one two three four five", 22), "  one two three four\n  five")
  })

  it("does not count colors, and keeps words that are wider than the terminal", () => {
    const colored = "  \u001b[32m--all\u001b[0m    \u001b[2mAlso save the others\u001b[0m"
    assert.strictEqual(wrapLines(colored, 31), colored)
    assert.strictEqual(wrapLines(`  ${"x".repeat(40)}`, 30), `  ${"x".repeat(40)}`)
  })

  it("does not wrap without a terminal", () => {
    const line = "word ".repeat(50)
    assert.strictEqual(wrapLines(line, Infinity), line)
  })
})
