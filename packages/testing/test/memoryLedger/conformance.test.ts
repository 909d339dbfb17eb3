import { it } from "vitest"
import { memoryLedger } from "@gentask/core"
import { ledgerConformance } from "@gentask/testing"

for (const check of ledgerConformance(async () => memoryLedger())) it(check.name, check.run)
