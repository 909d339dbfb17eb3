import { decodeSnapshot } from "@gentask/core/schema"
import type { SnapshotJson, TaskSnapshot } from "@gentask/core"
import type { Row } from "./Database.ts"

/** Reads a text column that may be null. */
export const textOrNull = (row: Row, column: string): string | null => {
  const value = row[column] as string | number | bigint | null | undefined
  return value == null ? null : String(value)
}

/** Reads a text column. */
export const text = (row: Row, column: string): string => textOrNull(row, column) ?? ""

/** Reads a number column. */
export const number = (row: Row, column: string): number => Number(row[column])

/** Reads a number column that may be null. */
export const numberOrNull = (row: Row, column: string): number | null =>
  row[column] == null ? null : Number(row[column])

/** Reads a column with milliseconds since 1970. */
export const date = (row: Row, column: string): Date => new Date(number(row, column))

/** Reads a column with JSON. Null if the column is null. */
export const json = (row: Row, column: string): unknown =>
  row[column] == null ? null : JSON.parse(text(row, column))

const instant = (value: string | null): Date | null => (value === null ? null : new Date(value))

/** Converts a snapshot that the store has recorded, which needs no validation. */
const storedSnapshot = (stored: SnapshotJson): TaskSnapshot => ({
  ref: stored.ref,
  provider: stored.provider,
  account: stored.account,
  id: stored.id,
  status: stored.status,
  rawStatus: stored.rawStatus,
  progress: stored.progress,
  queuePosition: stored.queuePosition ?? null,
  cost: stored.cost ?? null,
  model: stored.model,
  prompt: stored.prompt,
  createdAt: instant(stored.createdAt),
  updatedAt: instant(stored.updatedAt),
  completedAt: instant(stored.completedAt),
  outputs: [],
  failure: null,
  warnings: stored.warnings
})

/**
 * Decodes a snapshot that the store has recorded. An owner reads up to a million of open tasks, most of which have no
 * outputs and no failure, and validation takes most of the time.
 */
export const snapshotFromText = (recorded: string): TaskSnapshot => {
  const stored = JSON.parse(recorded) as SnapshotJson
  return stored.outputs.length === 0 && stored.failure === null
    ? storedSnapshot(stored)
    : decodeSnapshot(stored)
}

/** Reads a column with a snapshot. Null if the column is null. */
export const snapshot = (row: Row, column = "snapshot"): TaskSnapshot | null =>
  row[column] == null ? null : snapshotFromText(text(row, column))
