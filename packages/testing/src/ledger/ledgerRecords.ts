/** Intents and snapshots for the checks of a ledger. */
import { createHash, randomUUID } from "node:crypto"
import type { ErrorReason, NewIntent, TaskSnapshot } from "@gentask/core"
import { unreportedSnapshot } from "@gentask/core/internal"

/** An intent with defaults for all fields. */
export const makeIntent = (fields: Partial<NewIntent> = {}): NewIntent => ({
  id: randomUUID(),
  idempotencyKey: randomUUID(),
  account: "acme",
  origin: "https://api.example.com",
  model: "model-1",
  prompt: "A red panda",
  input: { prompt: "A red panda", count: 2 },
  files: [],
  digest: createHash("sha256").update("request").digest("hex"),
  canReplay: true,
  owner: "process-1",
  traceparent: null,
  createdAt: new Date("2026-01-02T03:04:05.006Z"),
  ...fields
})

/** A snapshot with defaults for all fields: task `acme:1`, queued. */
export const makeSnapshot = (fields: Partial<TaskSnapshot> = {}): TaskSnapshot => ({
  ...unreportedSnapshot("acme:1", "queued"),
  ...fields
})

/** Why a submit was rejected. */
export const rejection: ErrorReason = {
  _tag: "InvalidRequest",
  message: "The size is not supported",
  httpStatus: 400
}

/** Why the outcome of a submit is unknown. */
export const disconnection: ErrorReason = { _tag: "Unreachable", message: "read ECONNRESET" }
