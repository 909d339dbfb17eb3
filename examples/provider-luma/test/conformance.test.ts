import { conformance } from "@gentask/testing"
import { describe, it } from "vitest"
import spec from "../src/index.ts"

describe(spec.id, () => {
  for (const check of conformance(spec, new URL("recordings/", import.meta.url))) it(check.name, check.run)
})
