import { conformance } from "@gentask/testing"
import { describe, it } from "vitest"
import spec from "../src/index.ts"

describe.each([
  ["an access key and a secret key", "access-key-0c6f5d2e|secret-key-81b7a93d"],
  ["an API key", "api-key-5a0c6f5d2e81b7a93d"]
])(`${spec.id} with %s`, (_, apiKey) => {
  const checks = conformance(spec, new URL("recordings/", import.meta.url), { apiKey })
  for (const check of checks) it(check.name, check.run)
})
