import { StillRunning, TaskFailed, TaskRef } from "@gentask/core"
import type { PollFailure, ProviderError, Settled, SucceededSnapshot, TaskSnapshot } from "@gentask/core"
import { Tasks, Transport } from "@gentask/core/effect"
import type { TasksService } from "@gentask/core/effect"
import { parseDuration } from "@gentask/core/internal"
import { decodeError, decodeSnapshot } from "@gentask/core/schema"
import { createTrackerClient } from "@gentask/tracker/client"
import type { TaskJson, TrackerClient } from "@gentask/tracker/client"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { followTask } from "./followTask.ts"
import { queryErrorOf } from "./queryErrors.ts"
import type { RemoteQueryError } from "./queryErrors.ts"
import { saveRemotely } from "./saveRemotely.ts"
import { submitRemotely } from "./submitRemotely.ts"
import type { TrackerAddress } from "./TrackerAddress.ts"

/** How many requests are sent at the same time. */
const maxRequests = 32

/** How long a query waits for the first report of a task that the tracker did not know, in milliseconds. */
const maxFirstPollMs = 60_000

const refOf = (ref: Parameters<TasksService["query"]>[0]): string =>
  TaskRef.format(typeof ref === "string" ? TaskRef.parse(ref) : ref)

const hasSucceeded = (snapshot: TaskSnapshot): snapshot is SucceededSnapshot =>
  snapshot.status === "succeeded"

const unavailable = (operation: string): Effect.Effect<never> =>
  Effect.die(new Error(`${operation} is not available with a tracker`))

/** The operations on tasks, carried out by a tracker. */
const makeRemoteTasks = (
  client: TrackerClient,
  address: TrackerAddress,
  transport: Transport["Service"]
): TasksService => {
  const semaphore = Semaphore.makeUnsafe(maxRequests)

  const request = <A>(
    ref: string,
    send: (signal: AbortSignal) => Promise<A>
  ): Effect.Effect<A, RemoteQueryError> =>
    semaphore.withPermit(Effect.tryPromise({ try: send, catch: (error) => queryErrorOf(ref, error) }))

  const load =
    (ref: string, until: "ended" | "saved") =>
    (wait: number): Effect.Effect<TaskJson, RemoteQueryError> =>
      request(ref, (signal) => client.get(ref, wait === 0 ? { signal } : { wait, until, signal }))

  /** Tracks a task, if the tracker does not know it yet. */
  const track = (ref: string): Effect.Effect<void, RemoteQueryError> =>
    Effect.flatMap(
      request(ref, (signal) => client.track([ref], { signal })),
      ({ rejected: [rejected] }) =>
        rejected === undefined ? Effect.void : Effect.fail(decodeError(rejected.error) as RemoteQueryError)
    )

  const query = Effect.fnUntraced(function* (
    input: Parameters<TasksService["query"]>[0]
  ): Effect.fn.Return<TaskSnapshot, RemoteQueryError> {
    const ref = refOf(input)
    yield* track(ref)
    const deadline = (yield* Clock.currentTimeMillis) + maxFirstPollMs
    for (;;) {
      const { snapshot } = yield* load(ref, "ended")(0)
      if (snapshot !== null) return decodeSnapshot(snapshot)
      if ((yield* Clock.currentTimeMillis) > deadline)
        return yield* Effect.fail(
          queryErrorOf(ref, new Error("it has received no report of the vendor yet. Try again later."))
        )
      yield* Effect.sleep(250)
    }
  })

  const follow = (
    ref: string,
    holds: boolean,
    onSnapshot: (snapshot: TaskSnapshot) => void,
    onPollError: (failure: PollFailure) => void
  ) =>
    Effect.andThen(track(ref), followTask(ref, { load: load(ref, "ended"), holds, onSnapshot, onPollError }))

  const watch: TasksService["watch"] = (input, { onPollError } = {}) =>
    Stream.callback<TaskSnapshot, RemoteQueryError>((queue) =>
      follow(
        refOf(input),
        true,
        (snapshot) => void Queue.offerUnsafe(queue, snapshot),
        (failure) => onPollError?.(failure)
      ).pipe(
        Effect.matchCause({
          onSuccess: () => void Queue.endUnsafe(queue),
          onFailure: (cause) => void Queue.failCauseUnsafe(queue, cause)
        })
      )
    )

  const waitOne = Effect.fnUntraced(function* (
    ref: string,
    holds: boolean,
    timeoutMs: number | undefined,
    { onUpdate, onPollError }: NonNullable<Parameters<TasksService["waitAll"]>[1]>
  ): Effect.fn.Return<Settled> {
    let last: TaskSnapshot | null = null
    let lastError: ProviderError | null = null
    const following = follow(
      ref,
      holds,
      (snapshot) => {
        last = snapshot
        lastError = null
        onUpdate?.(snapshot)
      },
      (failure) => {
        lastError = failure.error
        onPollError?.(failure)
      }
    )
    const limited =
      timeoutMs === undefined
        ? following
        : Effect.timeoutOrElse(following, {
            duration: timeoutMs,
            orElse: () => Effect.fail(new StillRunning({ ref, snapshot: last, lastError }))
          })
    return yield* Effect.match(limited, {
      onFailure: (error): Settled => ({ ok: false, ref, snapshot: last, error }),
      onSuccess: (snapshot): Settled =>
        hasSucceeded(snapshot)
          ? { ok: true, ref, snapshot }
          : { ok: false, ref, snapshot, error: new TaskFailed(snapshot) }
    })
  })

  const waitAll: TasksService["waitAll"] = (inputs, options = {}) => {
    const refs = [...new Set([...inputs].map(refOf))]
    const timeoutMs = options.timeout === undefined ? undefined : parseDuration(options.timeout)
    const holds = refs.length <= maxRequests
    return Stream.fromIterable(refs).pipe(
      Stream.mapEffect((ref) => waitOne(ref, holds, timeoutMs, options), {
        concurrency: "unbounded",
        unordered: true
      })
    )
  }

  return {
    query,
    watch,
    waitAll,
    submit: (input) => submitRemotely(client, input),
    wait: () => unavailable("wait"),
    save: (task, options) => {
      const ref = typeof task === "object" && "status" in task ? task.ref : refOf(task)
      return Effect.andThen(
        track(ref),
        saveRemotely(options, { transport, address, load: load(ref, "saved") })
      )
    },
    cancel: (input) => {
      const ref = refOf(input)
      return Effect.andThen(
        track(ref),
        request(ref, (signal) => client.cancel(ref, { signal }))
      )
    },
    generate: () => unavailable("generate"),
    balance: () => unavailable("balance"),
    reconcile: () => unavailable("reconcile"),
    receiveWebhook: () => unavailable("receiveWebhook")
  }
}

/** The layer of the operations on tasks, carried out by a tracker. */
export const remoteTasksLayer = (
  address: TrackerAddress,
  transport: Layer.Layer<Transport>
): Layer.Layer<Tasks> =>
  Layer.effect(
    Tasks,
    Effect.map(Transport, (service) => makeRemoteTasks(createTrackerClient(address), address, service))
  ).pipe(Layer.provide(transport))
