import { expect, it } from "vitest"
import { amountAt, numberAt } from "@gentask/core/provider"

const body = {
  zero: 0,
  text: " 1.50 ",
  blank: " ",
  word: "many",
  none: null,
  usage: { seconds: 5 },
  list: [1]
}

it.each([
  ["zero", 0],
  ["text", 1.5],
  ["usage.seconds", 5],
  ["list.0", 1],
  ["blank", undefined],
  ["word", undefined],
  ["none", undefined],
  ["usage", undefined],
  ["absent", undefined]
])("reads the number at %s", (path, number) => {
  expect(numberAt(body, path)).toBe(number)
})

it("does not read an infinite number", () => {
  expect(numberAt(JSON.parse('{"a":1e999}'), "a")).toBeUndefined()
})

it("reads an amount with its unit", () => {
  expect(amountAt(body, "usage.seconds", "seconds")).toEqual({ amount: 5, unit: "seconds" })
  expect(amountAt(body, "absent", "seconds")).toBeUndefined()
})
