import type { Ledger } from "@gentask/core"

/** The ledger for the submits of an owner. It records tasks and files itself, in one transaction with their events. */
export const submitLedger = (ledger: Ledger): Ledger => ({
  begin: (intent) => ledger.begin(intent),
  settle: (id, outcome) => ledger.settle(id, outcome),
  intent: (id) => ledger.intent(id),
  intentByKey: (account, key) => ledger.intentByKey(account, key),
  intents: (filter) => ledger.intents(filter),
  record: async () => {},
  snapshot: (ref) => ledger.snapshot(ref),
  recordSaved: async () => {},
  countActive: (account) => ledger.countActive(account),
  countSubmits: (since) => ledger.countSubmits(since),
  close: async () => {}
})
