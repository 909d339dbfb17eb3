/** Task snapshots and outputs for tests. */
import type { Output, TaskSnapshot } from "@gentask/core"
import { unreportedSnapshot } from "../../src/task/unreportedSnapshot.ts"

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
  ...unreportedSnapshot("acme:1", "succeeded"),
  rawStatus: "done",
  ...fields
})
