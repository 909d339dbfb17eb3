/** The ledgers that submits of the tracker are recorded in pass the checks of every ledger. */
import { ledgerConformance } from "@gentask/testing"
import { it } from "vitest"
import { describeStores } from "../support/stores.ts"

describeStores((create) => {
  const open = async () => (await (await create()).open()).store.ledger
  for (const check of ledgerConformance(open)) it(check.name, check.run)
})
