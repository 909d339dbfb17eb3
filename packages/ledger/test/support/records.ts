/** Intents, snapshots and files with defaults for all fields. */
import { randomUUID } from "node:crypto"
import type { NewIntent, SavedFile, TaskSnapshot } from "@gentask/core"
import { unreportedSnapshot } from "@gentask/core/internal"

export const makeIntent = (fields: Partial<NewIntent> = {}): NewIntent => ({
  id: randomUUID(),
  idempotencyKey: randomUUID(),
  account: "acme",
  origin: "https://api.example.com",
  model: "model-1",
  prompt: "A red panda",
  input: { prompt: "A red panda" },
  files: [],
  digest: "digest",
  canReplay: true,
  owner: "process-1",
  traceparent: null,
  createdAt: new Date(),
  ...fields
})

/** A snapshot of the task `acme:ID`, queued. */
export const makeSnapshot = (id: string, fields: Partial<TaskSnapshot> = {}): TaskSnapshot => ({
  ...unreportedSnapshot(`acme:${id}`, "queued"),
  rawStatus: "waiting",
  ...fields
})

export const makeFile = (path: string, fields: Partial<SavedFile> = {}): SavedFile => ({
  path,
  bytes: 3,
  sha256: "a".repeat(64),
  mediaType: "image/png",
  output: {
    kind: "image",
    role: "result",
    url: "https://files.example.com/a.png",
    inline: null,
    mediaType: null,
    width: null,
    height: null,
    expiresAt: null
  },
  alreadySaved: false,
  ...fields
})
