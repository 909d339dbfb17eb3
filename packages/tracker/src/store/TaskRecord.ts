/** Tasks, as the store returns and accepts them. */
import type { TaskSnapshot } from "@gentask/core"

/** A task that has not ended. */
export interface OpenTask {
  readonly seq: number
  readonly ref: string
  /** How long ago the task was added, in milliseconds. */
  readonly ageMs: number
  /** In how many milliseconds the next poll is due. Not positive if it is overdue. */
  readonly dueInMs: number
  readonly polls: number
  /** How long ago the vendor first reported that it does not know the task. */
  readonly notFoundForMs: number | null
  readonly snapshot: TaskSnapshot | null
}

/** A task to add. */
export interface NewTask {
  readonly ref: string
  /** The first snapshot, if the task was submitted by gentask. */
  readonly snapshot?: TaskSnapshot | undefined
}

/** The state of a task that an owner hands over, so that its successor continues as it would have. */
export interface TaskProgress {
  readonly ref: string
  readonly dueInMs: number
  readonly polls: number
  readonly notFoundForMs: number | null
}

/** A task that is to be saved. */
export interface DueSave {
  readonly ref: string
  readonly snapshot: TaskSnapshot
  readonly attempts: number
  /** In how many milliseconds saving must start at the latest. */
  readonly dueInMs: number
}

/** Which tasks to list. */
export interface TaskFilter {
  readonly account?: string | undefined
  readonly status?: ReadonlyArray<string> | undefined
  readonly search?: string | undefined
  readonly since?: Date | undefined
  readonly limit: number
  /** Returned by the previous page. */
  readonly cursor?: string | undefined
}

/** A task as the tracker reports it. */
export interface TaskRecord {
  readonly ref: string
  readonly account: string
  readonly status: string
  readonly addedAt: Date
  readonly updatedAt: Date
  readonly endedAt: Date | null
  readonly model: string | null
  readonly prompt: string | null
  readonly snapshot: TaskSnapshot | null
  readonly files: ReadonlyArray<{
    readonly path: string
    readonly kind: string
    readonly role: string
    readonly mediaType: string
    readonly bytes: number
    readonly sha256: string
  }>
  readonly saveState: "none" | "due" | "saved" | "failed"
  /** Why the last poll or the last attempt to save failed. Null if it did not. */
  readonly lastError: string | null
}
