import { expect, it } from "vitest"
import { parseEmbeddedJson, tryParseJson } from "@gentask/core/provider"

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
])("of %j, tryParseJson returns %j and parseEmbeddedJson %j", (value, parsed, embedded) => {
  expect(tryParseJson(value)).toEqual(parsed)
  expect(parseEmbeddedJson(value)).toEqual(embedded)
})
