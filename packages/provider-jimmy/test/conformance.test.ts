import { configureAccount } from "@gentask/core/provider"
import { conformance, requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { jimmy } from "../src/index.ts"

describe(spec.id, () => {
  for (const check of conformance(spec, new URL("recordings/", import.meta.url))) it(check.name, check.run)

  it.each([
    ["jimmy:1234?kind=audio", "kind"],
    ["jimmy:1234?size=1", ""]
  ])("rejects the params of %s", (ref, path) => {
    expect(() => requestOf(jimmy({ apiKey: "key" }), ref)).toThrow(
      expect.objectContaining({ reason: { _tag: "InvalidParams", ref, path } })
    )
  })

  it("rejects a kind that the vendor does not create", () => {
    expect(() => requestOf(configureAccount(spec, { apiKey: "key", kind: "audio" }), "jimmy:1234")).toThrow(
      "Invalid settings of jimmy at kind"
    )
  })
})
