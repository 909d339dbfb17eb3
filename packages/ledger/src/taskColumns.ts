import { isTerminal, toJson } from "@gentask/core"
import type { SnapshotJson, TaskSnapshot } from "@gentask/core"
import { isUpdate, taskAccount } from "@gentask/core/internal"

/** The intent that a task belongs to. */
export interface TaskOrigin {
  readonly intentSeq: number
  readonly traceId: string | null
  readonly model: string | null
  readonly prompt: string | null
}

/** What a vendor charged. Not every snapshot has this member. */
type WithCost = { readonly cost?: { readonly amount: number; readonly unit: string } | null }

/** SQLite's full-text index would end at a NUL, and Postgres cannot store one. */
export const searchableText = (text: string | null): string | null => text?.replaceAll("\0", " ") ?? null

/** Converts a snapshot to what is recorded: not the bytes of inline media, and not the vendor's raw response. */
export const encodeSnapshot = (snapshot: TaskSnapshot): SnapshotJson =>
  toJson({ ...snapshot, raw: undefined })

/** The values of a task's columns. */
export const taskColumns = (
  snapshot: TaskSnapshot,
  json: SnapshotJson,
  origin: TaskOrigin | undefined,
  now: number
) => {
  const cost = (snapshot as WithCost).cost ?? null
  return {
    ref: snapshot.ref,
    account: taskAccount(snapshot),
    status: snapshot.status,
    now,
    endedAt: isTerminal(snapshot.status) ? now : null,
    intentSeq: origin?.intentSeq ?? null,
    traceId: origin?.traceId ?? null,
    model: searchableText(snapshot.model ?? origin?.model ?? null),
    prompt: searchableText(snapshot.prompt ?? origin?.prompt ?? null),
    costAmount: cost?.amount ?? null,
    costUnit: cost?.unit ?? null,
    failureReason: snapshot.failure?.reason ?? null,
    failureMessage: searchableText(snapshot.failure?.message ?? null),
    snapshot: JSON.stringify(json)
  }
}

/** Checks whether a snapshot replaces the recorded one, which is JSON or null. */
export const replacesSnapshot = (recorded: string | null, json: SnapshotJson): boolean => {
  if (recorded === null) return true
  if (recorded === JSON.stringify(json)) return false
  return isUpdate(JSON.parse(recorded) as SnapshotJson, json)
}
