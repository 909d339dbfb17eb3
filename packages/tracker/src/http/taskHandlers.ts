import { isTerminal } from "@gentask/core"
import type { TaskStatus } from "@gentask/core"
import { containsRecordedFile } from "@gentask/core/internal/submit"
import { encodeError } from "@gentask/core/schema"
import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import type { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as Schema from "effect/Schema"
import { webhookSecretOf } from "../api/webhookSecretOf.ts"
import { TrackerStore } from "../store/TrackerStore.ts"
import type { TaskRecord } from "../store/TrackerStore.ts"
import { EndpointAdmin } from "./EndpointAdmin.ts"
import { EventFeed } from "./EventFeed.ts"
import { Settings } from "./HttpOptions.ts"
import { NotFound, NotRetryable, Unavailable } from "./problems.ts"
import { readJson } from "./readJson.ts"
import { isId } from "./routeParts.ts"
import { BatchRequest, SubmitRequest, TrackRequest } from "./schemas.ts"
import { openOutput } from "./openOutput.ts"
import { serveOutput } from "./serveOutput.ts"
import { awaitOutcome, submitAndWait } from "./submitAndWait.ts"
import { TaskActions } from "./TaskActions.ts"
import { eventToJson, submitToJson, taskPath, taskToJson } from "./taskJson.ts"
import { bearerToken } from "./Tokens.ts"
import { inputProblem, invalidMember, storeProblem, vendorProblem } from "./toProblem.ts"
import { TrackerApi } from "./TrackerApi.ts"

/** A task has few events. */
const maxEvents = 10_000

const NewTaskRequest = Schema.Union([SubmitRequest, TrackRequest])

const unknownTask = (ref: string) => new NotFound({ detail: `The tracker has no task ${ref.slice(0, 200)}.` })

type Until = "ended" | "saved"

/** Checks whether a task is what a client waits for. */
const isDone = (task: TaskRecord, until: Until): boolean =>
  isTerminal(task.status as TaskStatus) && (until === "ended" || task.saveState !== "due")

const toMilliseconds = (seconds: string | undefined): number | undefined =>
  seconds === undefined ? undefined : Number(seconds) * 1000

/** Resolves a ref of a path, and returns its task. */
const findTask = (ref: string) =>
  Effect.gen(function* () {
    const store = yield* TrackerStore
    const actions = yield* TaskActions
    const resolved = yield* Effect.mapError(actions.resolveRef(ref), inputProblem)
    const task = yield* Effect.mapError(store.task(resolved.ref), storeProblem)
    return task ?? (yield* unknownTask(ref))
  })

/** Returns a task when it is done, or after a time. */
const awaitTask = (ref: string, until: Until, waitMs: number) =>
  Effect.gen(function* () {
    const feed = yield* EventFeed
    const loop = Effect.gen(function* () {
      for (;;) {
        // Registered before the task is read, so that no event is missed in between.
        const next = feed.nextOf(ref)
        const task = yield* Effect.onExit(
          Effect.tap(findTask(ref), (task) =>
            isDone(task, until) || feed.isClosed() ? Effect.void : next.wait
          ),
          () => Effect.sync(next.stop)
        )
        if (isDone(task, until) || feed.isClosed()) return task
      }
    })
    const done = yield* Effect.timeoutOption(loop, waitMs)
    return done._tag === "Some" ? done.value : yield* findTask(ref)
  })

/** Checks the webhook of a submit. Its secret derives from the token of the request. */
const openWebhook = (request: HttpServerRequest, webhookUrl: string) =>
  Effect.gen(function* () {
    const admin = yield* EndpointAdmin
    const url = yield* Effect.mapError(admin.checkUrl(webhookUrl), ({ message }) =>
      invalidMember("webhookUrl", message)
    )
    const token = bearerToken(request.headers["authorization"])
    // A message must never be signed with a secret that others can know.
    if (token === undefined) return yield* Effect.die(new Error("An authorized request has no token."))
    return { url, secret: webhookSecretOf(token) }
  })

/** Handles requests about tasks. */
export const taskHandlers = HttpApiBuilder.group(TrackerApi, "tasks", (handlers) =>
  handlers
    .handleRaw("submit", ({ request, headers, query }) =>
      Effect.gen(function* () {
        const { maxBodyBytes } = yield* Settings
        const body = yield* readJson(request, NewTaskRequest, maxBodyBytes)
        if (!("ref" in body)) {
          const { webhookUrl, ...task } = body
          return yield* submitAndWait(task, {
            idempotencyKey: headers["idempotency-key"],
            waitMs: toMilliseconds(query.wait),
            webhook: webhookUrl === undefined ? undefined : yield* openWebhook(request, webhookUrl)
          })
        }
        const store = yield* TrackerStore
        const actions = yield* TaskActions
        const { ref, account } = yield* Effect.mapError(actions.resolveRef(body.ref), inputProblem)
        yield* Effect.mapError(store.addTasks([{ ref }]), storeProblem)
        const submit = {
          id: ref,
          account,
          idempotencyKey: ref,
          state: "accepted",
          refs: [ref],
          isReplay: false,
          error: null
        } as const
        return HttpApiSchema.withHeaders({ body: submit, headers: { location: taskPath(ref) } })
      })
    )
    .handleRaw("batch", ({ request }) =>
      Effect.gen(function* () {
        const store = yield* TrackerStore
        const actions = yield* TaskActions
        const { maxBodyBytes } = yield* Settings
        const { refs } = yield* readJson(request, BatchRequest, maxBodyBytes)
        const results = yield* Effect.forEach(new Set(refs), (ref) =>
          Effect.match(actions.resolveRef(ref), {
            onSuccess: (resolved) => ({ ref: resolved.ref, error: undefined }),
            onFailure: (error) => ({ ref, error: encodeError(error) })
          })
        )
        const valid = new Set(results.flatMap(({ ref, error }) => (error === undefined ? [ref] : [])))
        const added = yield* Effect.mapError(store.addTasks([...valid].map((ref) => ({ ref }))), storeProblem)
        for (const ref of added) valid.delete(ref)
        const rejected = results.flatMap(({ ref, error }) => (error === undefined ? [] : [{ ref, error }]))
        return { added, known: [...valid], rejected }
      })
    )
    .handle("list", ({ query }) =>
      Effect.gen(function* () {
        const store = yield* TrackerStore
        const { target } = yield* Settings
        const { account, search, cursor } = query
        const status = query.status?.split(",").map((word) => word.trim())
        const since = query.since === undefined ? undefined : new Date(query.since)
        const filter = { account, status, search, since, cursor, limit: Number(query.limit ?? 50) }
        const page = yield* Effect.mapError(store.tasks(filter), storeProblem)
        return { tasks: page.tasks.map((task) => taskToJson(task, target)), cursor: page.cursor }
      })
    )
    .handle("get", ({ params, query }) =>
      Effect.gen(function* () {
        const actions = yield* TaskActions
        const { target } = yield* Settings
        const waitMs = toMilliseconds(query.wait) ?? 0
        if (waitMs === 0) return taskToJson(yield* findTask(params.ref), target)
        const { ref } = yield* Effect.mapError(actions.resolveRef(params.ref), inputProblem)
        return taskToJson(yield* awaitTask(ref, query.until ?? "saved", waitMs), target)
      })
    )
    .handle("events", ({ params }) =>
      Effect.gen(function* () {
        const store = yield* TrackerStore
        const { ref } = yield* findTask(params.ref)
        const events = yield* Effect.mapError(store.events(0, maxEvents, ref), storeProblem)
        return events.map(eventToJson)
      })
    )
    .handle("cancel", ({ params }) =>
      Effect.gen(function* () {
        const actions = yield* TaskActions
        return yield* actions.cancel(params.ref)
      }).pipe(
        Effect.catchTags({
          ConfigurationError: (error) => Effect.fail(inputProblem(error)),
          InvalidTaskRef: (error) => Effect.fail(inputProblem(error)),
          ProviderError: (error) => Effect.fail(vendorProblem(error)),
          StoreError: (error) => Effect.fail(storeProblem(error)),
          CancelNotSent: ({ message }) => Effect.fail(new Unavailable({ detail: message }))
        })
      )
    )
    .handle("retry", ({ params, headers, query }) =>
      Effect.gen(function* () {
        const store = yield* TrackerStore
        const task = yield* findTask(params.ref)
        const intent = yield* Effect.tryPromise({
          try: () => store.ledger.intent(task.ref),
          catch: () => new NotRetryable({ detail: "The recorded request cannot be read." })
        })
        if (intent === undefined)
          return yield* new NotRetryable({
            detail: `The tracker has no request of ${task.ref}. Only tasks that gentask submitted can be retried.`
          })
        if (containsRecordedFile(intent.input))
          return yield* new NotRetryable({
            detail: `The request of ${task.ref} contained a file, which is not kept. Submit it again.`
          })
        const { account, model, input } = intent
        return yield* submitAndWait(
          { account, model, input },
          { idempotencyKey: headers["idempotency-key"], waitMs: toMilliseconds(query.wait) }
        )
      })
    )
    .handle("output", ({ params, request }) =>
      Effect.gen(function* () {
        const { dir, target } = yield* Settings
        const task = yield* findTask(params.ref)
        const index = /^\d{1,6}$/.test(params.index) ? Number(params.index) : -1
        const file = task.files[index]
        if (file === undefined)
          return yield* new NotFound({
            detail: `${task.ref} has ${task.files.length} saved files. Its save state is ${task.saveState}.`
          })
        return yield* serveOutput(request, file, openOutput(file, dir, target))
      })
    )
    .handle("forget", ({ params }) =>
      Effect.gen(function* () {
        const store = yield* TrackerStore
        const task = yield* findTask(params.ref)
        yield* Effect.mapError(store.forget(task.ref), storeProblem)
      })
    )
    .handle("submitStatus", ({ params, query }) =>
      Effect.gen(function* () {
        const store = yield* TrackerStore
        const found = isId(params.id) ? store.submit(params.id) : Effect.succeed(undefined)
        const submit = yield* Effect.mapError(found, storeProblem)
        if (submit === undefined) return yield* new NotFound({ detail: "There is no such submit." })
        const outcome = awaitOutcome(submit, toMilliseconds(query.wait) ?? 0)
        return submitToJson(yield* Effect.mapError(outcome, storeProblem))
      })
    )
)
