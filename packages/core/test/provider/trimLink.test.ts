import { expect, it } from "vitest"
import { trimLink } from "../../src/provider/trimLink.ts"

it.each([
  ["https://a.example/1", "https://a.example/1"],
  [" \n`https://a.example/1`\t", "https://a.example/1"],
  ['"https://a.example/1"', "https://a.example/1"],
  ["<'https://a.example/1'>", "https://a.example/1"],
  ["https://a.example/<1", "https://a.example/<1"],
  ["a b", "a b"],
  ["```", ""],
  ["", ""]
])("trimLink(%j) is %j", (text, trimmed) => {
  expect(trimLink(text)).toBe(trimmed)
})

it("takes a time that is linear in the length", () => {
  const text = `a${" ".repeat(200_000)}a`
  expect(trimLink(` ${text} `)).toBe(text)
})
