import { afterAll, describe, it } from "vitest"
import { openLedger } from "@gentask/ledger"
import { ledgerConformance } from "@gentask/testing"
import { newFolder, removeFolders } from "./support/folders.ts"

afterAll(removeFolders)

describe("the SQLite ledger", () => {
  for (const check of ledgerConformance(() => openLedger({ path: `${newFolder()}/ledger.db` })))
    it(check.name, check.run)
})
