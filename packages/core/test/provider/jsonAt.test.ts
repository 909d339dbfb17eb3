import { codeAt, isJsonObject, listAt, objectAt } from "@gentask/core/provider"
import { describe, expect, it } from "vitest"

describe("codeAt", () => {
  it.each([
    [{ code: 1004 }, "1004"],
    [{ code: 0 }, "0"],
    [{ code: " 1004 " }, "1004"],
    [{ code: "Throttling" }, "Throttling"],
    [{ code: " " }, undefined],
    [{ code: null }, undefined],
    [{ code: true }, undefined],
    [{ code: [1] }, undefined],
    [{}, undefined],
    ["1004", undefined]
  ])("reads the code of %j as %j", (body, code) => {
    expect(codeAt(body, "code")).toBe(code)
  })
})

describe("listAt and objectAt", () => {
  it.each([null, "x", 3, true, undefined])("find neither a list nor an object in %j", (value) => {
    expect(listAt({ value }, "value")).toEqual([])
    expect(objectAt({ value }, "value")).toBeUndefined()
    expect(isJsonObject(value)).toBe(false)
  })

  it("distinguish a list from an object", () => {
    const body = { data: { items: [1, 2] } }
    expect(listAt(body, "data.items")).toEqual([1, 2])
    expect(listAt(body, "data")).toEqual([])
    expect(objectAt(body, "data")).toEqual({ items: [1, 2] })
    expect(objectAt(body, "data.items")).toBeUndefined()
    expect(isJsonObject(body.data.items)).toBe(false)
  })
})
