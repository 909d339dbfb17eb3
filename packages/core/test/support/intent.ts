/** Intents for tests. */
import { randomUUID } from "node:crypto"
import type { Intent } from "../../src/ledger/Ledger.ts"

/** An intent with these fields. */
export const makeIntent = (fields: Partial<Intent> = {}): Intent => ({
  id: randomUUID(),
  idempotencyKey: randomUUID(),
  account: "acme",
  origin: "https://api.acme.example",
  model: "acme-1",
  prompt: "A fox",
  input: { prompt: "A fox" },
  files: [],
  digest: "0".repeat(64),
  canReplay: false,
  owner: "owner",
  traceparent: null,
  createdAt: new Date("2026-01-01T12:00:00Z"),
  state: "pending",
  refs: [],
  error: null,
  attempts: 0,
  settledAt: null,
  ...fields
})
