/** Task snapshots and outputs for tests. */
import type { Output, TaskSnapshot } from "@gentask/core"

/** An output with defaults for all fields: an image with a link. */
export const makeOutput = (fields: Partial<Output> = {}): Output => ({
  kind: "image",
  role: "result",
  url: "https://files.example.com/a.png",
  inline: null,
  mediaType: null,
  width: null,
  height: null,
  expiresAt: null,
  ...fields
})

/** A snapshot with defaults for all fields: task `acme:1`, succeeded, without outputs. */
export const makeSnapshot = (fields: Partial<TaskSnapshot> = {}): TaskSnapshot => ({
  ref: "acme:1",
  provider: "acme",
  account: "acme",
  id: "1",
  status: "succeeded",
  rawStatus: "done",
  progress: null,
  model: null,
  prompt: null,
  createdAt: null,
  updatedAt: null,
  completedAt: null,
  outputs: [],
  failure: null,
  queuePosition: null,
  cost: null,
  warnings: [],
  ...fields
})
