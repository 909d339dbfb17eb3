import { expect, it } from "vitest"
import { firstNumberAt } from "@gentask/core/provider"

const body = { zero: 0, text: " 5.5 ", blank: " ", none: null, flag: true, list: [7], word: "many", a: { b: -2 } }

it.each([
  [["zero"], 0],
  [["text"], 5.5],
  [["a.b"], -2],
  [["list.0"], 7],
  [["blank", "none", "flag", "list", "word", "a", "absent", "text"], 5.5],
  [["word"], undefined],
  [[], undefined]
])("finds the first number at %j", (paths, number) => {
  expect(firstNumberAt(body, ...paths)).toBe(number)
})
