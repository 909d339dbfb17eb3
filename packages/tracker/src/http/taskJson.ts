import { basename } from "node:path"
import { toJson } from "@gentask/core"
import type { TargetConnection } from "@gentask/core"
import type { ErrorJson } from "@gentask/core/schema"
import type { EventJson } from "../api/EventJson.ts"
import type { SubmitJson, TaskJson } from "../api/TaskJson.ts"
import type { SubmitRecord, TaskRecord, TrackerEvent } from "../store/TrackerStore.ts"

/** Returns the path of a task in this API. */
export const taskPath = (ref: string): string => `/v1/tasks/${encodeURIComponent(ref.toWellFormed())}`

/** The public URL of a file, if it is at the target. */
const publicUrlOf = (path: string, target: TargetConnection | undefined): string | null => {
  const name = basename(path)
  return target?.locationOf(name) === path ? (target.urlOf(name) ?? null) : null
}

/** Converts a task to JSON. */
export const taskToJson = (task: TaskRecord, target: TargetConnection | undefined): TaskJson => ({
  ref: task.ref,
  account: task.account,
  status: task.status,
  addedAt: task.addedAt.toISOString(),
  updatedAt: task.updatedAt.toISOString(),
  endedAt: task.endedAt?.toISOString() ?? null,
  model: task.model,
  prompt: task.prompt,
  snapshot: task.snapshot === null ? null : toJson(task.snapshot),
  files: task.files.map((file, index) => ({
    url: `${taskPath(task.ref)}/outputs/${index}`,
    name: basename(file.path),
    path: file.path,
    kind: file.kind,
    role: file.role,
    mediaType: file.mediaType,
    bytes: file.bytes,
    sha256: file.sha256,
    publicUrl: publicUrlOf(file.path, target)
  })),
  saveState: task.saveState,
  lastError: task.lastError
})

/** Converts a submit to JSON. */
export const submitToJson = (submit: SubmitRecord, isReplay = false): SubmitJson => ({
  id: submit.id,
  account: submit.account,
  idempotencyKey: submit.idempotencyKey,
  state: submit.state,
  refs: submit.refs,
  isReplay,
  error: (submit.error ?? null) as ErrorJson | null
})

/** Converts an event to JSON. */
export const eventToJson = (event: TrackerEvent): EventJson => ({
  seq: event.seq,
  id: event.id,
  type: event.type,
  ref: event.ref,
  at: event.at.toISOString(),
  body: event.body
})
