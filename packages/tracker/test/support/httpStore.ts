import { memoryLedger } from "@gentask/core"
import type { TaskSnapshot } from "@gentask/core"
import { unreportedSnapshot } from "@gentask/core/internal"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { StoreError } from "../../src/store/StoreError.ts"
import type {
  QueuedSubmit,
  SubmitRecord,
  TaskRecord,
  TrackerEvent,
  TrackerStoreService,
  WebhookEndpoint
} from "../../src/store/TrackerStore.ts"

/** A store in memory, whose content tests change directly. */
export interface HttpStore extends TrackerStoreService {
  readonly tasksByRef: Map<string, TaskRecord>
  readonly submits: Map<string, SubmitRecord & { readonly request: unknown }>
  readonly allEvents: Array<TrackerEvent>
  /** How often events were read. */
  readonly eventReads: () => number
  /** Fails all calls, as if the database were gone. */
  isBroken: boolean
  /** Called when the store is checked. */
  onCheck: () => void
  readonly addEvent: (event: Pick<TrackerEvent, "ref" | "type"> & { readonly body?: unknown }) => TrackerEvent
  readonly setTask: (ref: string, changes?: Partial<TaskRecord>) => void
  readonly settleSubmit: (id: string, outcome: Pick<SubmitRecord, "state" | "refs" | "error">) => void
}

const unused = (): never => {
  throw new Error("The HTTP API does not use this.")
}

export const snapshotOf = (ref: string, changes: Partial<TaskSnapshot> = {}): TaskSnapshot => ({
  ...unreportedSnapshot(ref, "running"),
  account: "default",
  ...changes
})

export const httpStore = (): HttpStore => {
  const tasksByRef = new Map<string, TaskRecord>()
  const submits = new Map<string, SubmitRecord & { readonly request: unknown }>()
  const allEvents: Array<TrackerEvent> = []
  const endpoints = new Map<string, WebhookEndpoint>()
  const hints = Effect.runSync(Queue.unbounded<string>())
  let eventReads = 0

  const guarded = <A>(run: () => A): Effect.Effect<A, StoreError> =>
    Effect.suspend(() =>
      store.isBroken
        ? Effect.fail(new StoreError({ message: "connect ECONNREFUSED db.internal:5432", isRetryable: true }))
        : Effect.succeed(run())
    )

  const store: HttpStore = {
    tasksByRef,
    submits,
    allEvents,
    isBroken: false,
    onCheck: () => undefined,
    eventReads: () => eventReads,
    addEvent: ({ ref, type, body = null }) => {
      const seq = (allEvents.at(-1)?.seq ?? 0) + 1
      const event = { seq, id: `${ref}/${type}/${seq}`, ref, type, at: new Date(), body }
      allEvents.push(event)
      Queue.offerUnsafe(hints, "*")
      return event
    },
    setTask: (ref, changes = {}) => {
      const at = new Date()
      const known = tasksByRef.get(ref)
      tasksByRef.set(ref, {
        ref,
        account: ref.split(":")[0] ?? "",
        status: "unknown",
        lastError: null,
        addedAt: at,
        updatedAt: at,
        endedAt: null,
        model: null,
        prompt: null,
        snapshot: null,
        files: [],
        saveState: "none",
        ...known,
        ...changes
      })
    },
    settleSubmit: (id, outcome) => {
      const submit = submits.get(id)
      if (submit === undefined) throw new Error(`There is no submit ${id}.`)
      submits.set(id, { ...submit, ...outcome })
      Queue.offerUnsafe(hints, submit.account)
    },
    ledger: memoryLedger(),
    take: unused,
    reserve: unused,
    release: unused,
    addTasks: (tasks) =>
      guarded(() => {
        const added = tasks.filter(({ ref }) => !tasksByRef.has(ref)).map(({ ref }) => ref)
        for (const ref of added) {
          store.setTask(ref)
          store.addEvent({ ref, type: "task.added" })
        }
        return added
      }),
    openTasks: unused,
    settle: unused,
    recordErrors: unused,
    wake: unused,
    queueSubmit: (submit: QueuedSubmit) =>
      guarded(() => {
        for (const known of submits.values())
          if (known.account === submit.account && known.idempotencyKey === submit.idempotencyKey) return known
        const record = { ...submit, state: "queued" as const, refs: [], error: null }
        submits.set(submit.id, record)
        Queue.offerUnsafe(hints, submit.account)
        return record
      }),
    queuedSubmits: unused,
    submitSettled: unused,
    prune: unused,
    queueCancel: unused,
    queuedCancels: unused,
    cancelSettled: unused,
    cancelOutcome: unused,
    removeCancel: unused,
    submit: (id) => guarded(() => submits.get(id)),
    dueSaves: unused,
    saved: unused,
    saveFailed: unused,
    takeDeliveries: unused,
    delivered: unused,
    deliveryFailed: unused,
    replay: () => guarded(() => 3),
    endpoint: (id) => guarded(() => endpoints.get(id)),
    endpoints: guarded(() => [...endpoints.values()]),
    putEndpoint: (endpoint) => guarded(() => void endpoints.set(endpoint.id, endpoint)),
    deleteEndpoint: (id) => guarded(() => endpoints.delete(id)),
    task: (ref) => guarded(() => tasksByRef.get(ref)),
    tasks: ({ account, status, search, limit, cursor }) =>
      guarded(() => {
        const all = [...tasksByRef.values()]
          .toReversed()
          .filter((task) => account === undefined || task.account === account)
          .filter((task) => status === undefined || status.includes(task.status))
          .filter((task) => search === undefined || task.ref.includes(search))
        const start = cursor === undefined ? 0 : Number(cursor)
        const tasks = all.slice(start, start + limit)
        return { tasks, cursor: start + limit < all.length ? String(start + limit) : null }
      }),
    events: (afterSeq, limit, ref) =>
      guarded(() => {
        eventReads++
        return allEvents
          .filter((event) => event.seq > afterSeq && (ref === undefined || event.ref === ref))
          .slice(0, limit)
      }),
    lastEventSeq: guarded(() => allEvents.at(-1)?.seq ?? 0),
    forget: (ref) => guarded(() => tasksByRef.delete(ref)),
    accounts: guarded(() => [
      {
        account: "jimmy",
        epoch: 2,
        owner: "runner-1",
        seenMsAgo: 5,
        lastError: null,
        openTasks: tasksByRef.size,
        dueSaves: 0
      }
    ]),
    changes: Stream.fromQueue(hints),
    check: guarded(() => store.onCheck())
  }
  return store
}
