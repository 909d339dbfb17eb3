import type { OutputKind, OutputRole, TaskStatus } from "@gentask/core"
import { decodeSnapshot } from "@gentask/core/schema"
import type { LedgerEvent, LedgerTask, LedgerTaskDetails } from "@gentask/ledger"
import { TrackerError, createTrackerClient } from "@gentask/tracker/client"
import type { EventJson, TaskJson } from "@gentask/tracker/client"
import * as Effect from "effect/Effect"
import type { TaskFilter } from "../commands/list/runList.ts"
import { errorMessage } from "../output/sanitize.ts"
import { exitStatus } from "../process/exitStatus.ts"
import { UsageError } from "../UsageError.ts"
import { retryRemotely } from "./submitRemotely.ts"
import type { TrackerAddress } from "./TrackerAddress.ts"

/** The maximum number of tasks of a page. */
const maxPageSize = 500

/** Returns the error of a request that is not about the state of a task. */
const usageErrorOf = ({ url }: TrackerAddress, error: unknown): UsageError => {
  if (error instanceof TrackerError && (error.reason === "Unauthorized" || error.reason === "Forbidden"))
    return new UsageError({
      message: `The tracker at ${url} refused the token. Set GENTASK_TOKEN to one of its tokens.`,
      status: exitStatus.accessDenied
    })
  return new UsageError({
    message: error instanceof TrackerError ? error.message : `${errorMessage(error)}.`,
    status: exitStatus.queryFailed
  })
}

const request = <A>(address: TrackerAddress, send: () => Promise<A>): Effect.Effect<A, UsageError> =>
  Effect.tryPromise({ try: send, catch: (error) => usageErrorOf(address, error) })

/** Checks that a tracker responds and accepts the token. */
export const checkTracker = (address: TrackerAddress): Effect.Effect<void, UsageError> =>
  Effect.asVoid(request(address, () => createTrackerClient(address).list({ limit: 1 })))

const toLedgerTask = (task: TaskJson): LedgerTask => {
  const { snapshot } = task
  return {
    ref: task.ref,
    account: task.account,
    status: task.status as TaskStatus,
    addedAt: new Date(task.addedAt),
    since: new Date(task.updatedAt),
    endedAt: task.endedAt === null ? null : new Date(task.endedAt),
    intentId: null,
    model: task.model,
    prompt: task.prompt,
    cost: snapshot?.cost ?? null,
    failure:
      snapshot?.failure == null
        ? null
        : { reason: snapshot.failure.reason, message: snapshot.failure.message },
    traceId: null,
    fileCount: task.files.length
  }
}

const eventKinds = {
  "task.added": "task.added",
  "task.status": "task.status",
  "task.ended": "task.status",
  "task.saved": "task.all-saved",
  "task.save-failed": "task.save-failed"
} as const satisfies Record<EventJson["type"], LedgerEvent["kind"]>

const toLedgerEvent = ({ id, type, at, body }: EventJson): LedgerEvent => {
  // The snapshot is shown once, and not in its event as well.
  const { task: _, ...details } = (body ?? {}) as Readonly<Record<string, unknown>>
  return {
    id,
    kind: eventKinds[type],
    at: new Date(at),
    body: Object.keys(details).length === 0 ? null : details
  }
}

/** Lists the tasks of a tracker. */
export const listRemotely = (
  address: TrackerAddress,
  { search, status, account, since, limit }: TaskFilter
): Effect.Effect<ReadonlyArray<LedgerTask>, UsageError> =>
  request(address, async () => {
    const client = createTrackerClient(address)
    const tasks: Array<LedgerTask> = []
    let cursor: string | undefined
    do {
      const page = await client.list({
        search,
        status: status.length === 0 ? undefined : status,
        account,
        since,
        limit: Math.min(maxPageSize, limit - tasks.length),
        cursor
      })
      tasks.push(...page.tasks.map(toLedgerTask))
      cursor = page.cursor ?? undefined
    } while (cursor !== undefined && tasks.length < limit)
    return tasks
  })

/** Returns what a tracker knows about a task. Undefined if it does not know the task. */
export const showRemotely = (
  address: TrackerAddress,
  ref: string
): Effect.Effect<LedgerTaskDetails | undefined, UsageError> =>
  request(address, async () => {
    const client = createTrackerClient(address)
    const found = await Promise.all([client.get(ref), client.taskEvents(ref)]).catch((error: unknown) => {
      if (error instanceof TrackerError && error.reason === "NotFound") return undefined
      throw error
    })
    if (found === undefined) return undefined
    const [json, events] = found
    return {
      task: toLedgerTask(json),
      snapshot: json.snapshot === null ? null : decodeSnapshot(json.snapshot),
      intent: null,
      events: events.map(toLedgerEvent),
      files: json.files.map(({ path, kind, role, mediaType, bytes, sha256 }) => ({
        path,
        kind: kind as OutputKind,
        role: role as OutputRole,
        mediaType,
        bytes,
        sha256,
        savedAt: new Date(json.updatedAt)
      }))
    }
  })

/** Returns a task of a tracker, whose request can be submitted again. */
export const findRecordedTask = (address: TrackerAddress, ref: string): Effect.Effect<TaskJson, UsageError> =>
  request(address, () => createTrackerClient(address).get(ref))

/** Lets a tracker submit its recorded request of a task again. */
export const retryTask = (address: TrackerAddress, task: TaskJson) =>
  retryRemotely(createTrackerClient(address), task)
