import { configureAccount } from "@gentask/core/provider"
import { conformance, requestOf } from "@gentask/testing"
import { describe, expect, it } from "vitest"
import spec, { jimmy } from "../src/index.ts"

describe(spec.id, () => {
  for (const check of conformance(spec, new URL("recordings/", import.meta.url))) it(check.name, check.run)

  it("refuses hints that it does not know", () => {
    const ask = (ref: string) => requestOf(jimmy({ apiKey: "key" }), ref)
    expect(() => ask("jimmy:1234?kind=audio")).toThrow("its hints are wrong at kind")
    expect(() => ask("jimmy:1234?size=1")).toThrow("its hints are wrong")
  })

  it("refuses a kind that it does not make", () => {
    expect(() => requestOf(configureAccount(spec, { apiKey: "key", kind: "audio" }), "jimmy:1234")).toThrow(
      "The settings of jimmy are wrong at kind"
    )
  })
})
