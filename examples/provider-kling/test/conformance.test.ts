import { conformance } from "@gentask/testing"
import { describe, it } from "vitest"
import spec from "../src/index.ts"

const apiKey = "access-key-0c6f5d2e|secret-key-81b7a93d"

describe(spec.id, () => {
  const checks = conformance(spec, new URL("recordings/", import.meta.url), { apiKey })
  for (const check of checks) it(check.name, check.run)
})
