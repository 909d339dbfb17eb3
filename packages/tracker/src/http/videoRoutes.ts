/** Routes in the format of OpenAI's videos, for clients that cannot use the API of the tracker. */
import { isTerminal } from "@gentask/core"
import type { TaskStatus } from "@gentask/core"
import * as Effect from "effect/Effect"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerRespondable from "effect/http/HttpServerRespondable"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { Scope } from "effect/Scope"
import { TrackerStore } from "../store/TrackerStore.ts"
import type { TaskRecord } from "../store/TrackerStore.ts"
import type { EventFeed } from "./EventFeed.ts"
import { Settings } from "./HttpOptions.ts"
import { Forbidden, InvalidRequest, MethodNotAllowed, NotFound, Unavailable } from "./problems.ts"
import type { AnyProblem } from "./problems.ts"
import { openOutput } from "./openOutput.ts"
import { isIdempotencyKey } from "./routeParts.ts"
import { serveOutput } from "./serveOutput.ts"
import { submitAndWait } from "./submitAndWait.ts"
import { TaskActions } from "./TaskActions.ts"
import type { TokenScope, TokenTable } from "./Tokens.ts"
import { storeProblem } from "./toProblem.ts"
import { readVideoRequest } from "./readVideoRequest.ts"
import { fileOf, mayBeVideo, toVideo } from "./videoJson.ts"

type Response = HttpServerResponse.HttpServerResponse

const prefix = "/v1/videos"

const json = (body: unknown): Response => HttpServerResponse.jsonUnsafe(body)

const findTask = (id: string) =>
  Effect.gen(function* () {
    const store = yield* TrackerStore
    const actions = yield* TaskActions
    const missing = new NotFound({ detail: `The tracker has no video ${id.slice(0, 200)}.` })
    // Clients of OpenAI expect 404 for every id that does not exist, and may have ids of other servers.
    const { ref } = yield* Effect.mapError(actions.resolveRef(id), () => missing)
    const task = yield* Effect.mapError(store.task(ref), storeProblem)
    return task ?? (yield* missing)
  })

const create = (request: HttpServerRequest) =>
  Effect.gen(function* () {
    const { maxBodyBytes } = yield* Settings
    const body = yield* readVideoRequest(request, maxBodyBytes)
    const key = request.headers["idempotency-key"]
    if (key !== undefined && !isIdempotencyKey(key))
      return yield* new InvalidRequest({
        detail: "Invalid Idempotency-Key: expected 1 to 255 visible ASCII characters."
      })
    const { body: submit } = yield* submitAndWait(body, { idempotencyKey: key })
    const [ref] = submit.refs
    if (ref === undefined)
      return yield* new Unavailable({
        detail: `The submit ${submit.id} has no outcome yet: see GET /v1/submits/${submit.id}. Send the request again only with the same Idempotency-Key.`
      })
    return json(toVideo(yield* findTask(ref)))
  })

const maxPage = 100

/** Reads tasks until there are enough videos. Clients take a page without any for the last one. */
const readVideos = (limit: number, after: string | undefined) =>
  Effect.gen(function* () {
    const store = yield* TrackerStore
    const read = (size: number, cursor: string | undefined) =>
      Effect.mapError(store.tasks({ limit: size, cursor }), storeProblem)
    const videos: Array<TaskRecord> = []
    let cursor = after
    for (;;) {
      const page = yield* read(maxPage, cursor)
      const missing = limit - videos.length
      const found = page.tasks.flatMap((task, index) => (mayBeVideo(task) ? [{ task, index }] : []))
      videos.push(...found.slice(0, missing).map(({ task }) => task))
      const last = found[missing - 1]
      if (last !== undefined) return { videos, cursor: (yield* read(last.index + 1, cursor)).cursor }
      if (page.cursor === null) return { videos, cursor: null }
      ;({ cursor } = page)
    }
  })

const list = (search: URLSearchParams) =>
  Effect.gen(function* () {
    const limit = search.get("limit") ?? "20"
    if (!/^[1-9]\d?$|^100$/.test(limit))
      return yield* new InvalidRequest({ detail: "Invalid limit: expected 1 to 100." })
    if ((search.get("order") ?? "desc") !== "desc")
      return yield* new InvalidRequest({ detail: "Invalid order: only desc is supported." })
    const cursor = search.get("after") ?? undefined
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor))
      return yield* new InvalidRequest({ detail: "Invalid after: expected last_id of the previous page." })
    const page = yield* readVideos(Number(limit), cursor)
    const data = page.videos.map(toVideo)
    return json({
      object: "list",
      data,
      first_id: data[0]?.id ?? null,
      // Clients send it as `after`.
      last_id: page.cursor ?? data.at(-1)?.id ?? null,
      has_more: page.cursor !== null
    })
  })

const content = (request: HttpServerRequest, id: string, search: URLSearchParams) =>
  Effect.gen(function* () {
    const { dir, target } = yield* Settings
    const variant = search.get("variant") ?? "video"
    if (variant !== "video" && variant !== "thumbnail")
      return yield* new InvalidRequest({ detail: "Invalid variant: expected video or thumbnail." })
    const task = yield* findTask(id)
    const file = fileOf(task, variant)
    if (file === undefined)
      return yield* new NotFound({
        detail: `${task.ref} has no saved ${variant}. Its status is ${toVideo(task).status}.`
      })
    return yield* serveOutput(request, file, openOutput(file, dir, target))
  })

const remove = (id: string) =>
  Effect.gen(function* () {
    const store = yield* TrackerStore
    const task = yield* findTask(id)
    if (!isTerminal(task.status as TaskStatus))
      return yield* new InvalidRequest({
        detail: `${task.ref} has not ended. Cancel it first with POST /v1/tasks/REF/cancel, where the vendor can.`
      })
    yield* Effect.mapError(store.forget(task.ref), storeProblem)
    return json({
      id: task.ref,
      object: "video.deleted",
      deleted: true,
      // Paid files are never deleted.
      kept_files: task.files.map(({ path }) => path)
    })
  })

/** A route, after its path and method are known. */
interface Route {
  readonly scope: TokenScope
  readonly handle: Effect.Effect<
    Response,
    AnyProblem,
    EventFeed | Scope | Settings | TaskActions | TrackerStore
  >
}

const decode = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

const methodsOf = (path: string, request: HttpServerRequest): Readonly<Record<string, Route>> | undefined => {
  const [, encoded = "", rest = ""] = /^\/v1\/videos(?:\/([^/]+)(\/content)?)?$/.exec(path) ?? ["", "%"]
  const id = decode(encoded)
  if (id === undefined) return undefined
  const search = new URLSearchParams(request.url.split("?", 2)[1] ?? "")
  if (rest !== "") return { GET: { scope: "read", handle: content(request, id, search) } }
  if (id === "")
    return {
      GET: { scope: "read", handle: list(search) },
      POST: { scope: "submit", handle: create(request) }
    }
  return {
    GET: { scope: "read", handle: Effect.map(findTask(id), (task) => json(toVideo(task))) },
    DELETE: { scope: "admin", handle: remove(id) }
  }
}

/** Converts a problem to an error of OpenAI's format. */
const errorResponse = (problem: AnyProblem, method: string): Effect.Effect<Response> =>
  Effect.map(HttpServerRespondable.toResponse(problem), ({ status }) =>
    HttpServerResponse.jsonUnsafe(
      {
        error: {
          message: problem.detail ?? "The request failed.",
          type: status < 500 ? "invalid_request_error" : "server_error",
          code: problem._tag,
          param: null
        }
      },
      {
        status,
        // The client of OpenAI repeats some errors, without an idempotency key: that could create another task.
        headers: method === "POST" ? { "x-should-retry": "false" } : {}
      }
    )
  )

/** Handles requests for videos, and passes all others on. */
export const withVideos = <E, R>(routes: Effect.Effect<Response, E, R>, tokens: TokenTable) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest
    const path = request.url.split(/[?#;]/, 1)[0] ?? ""
    if (path !== prefix && !path.startsWith(`${prefix}/`)) return yield* routes
    const { method } = request
    const methods = methodsOf(path, request)
    if (methods === undefined)
      return yield* errorResponse(new NotFound({ detail: "There is no such path." }), method)
    const route = methods[method === "HEAD" ? "GET" : method]
    if (route === undefined)
      return yield* errorResponse(
        new MethodNotAllowed({ detail: `Use ${Object.keys(methods).join(", ")}.` }),
        method
      )
    const { scope } = route
    if (tokens.scopesOf(request.headers["authorization"])?.has(scope) !== true)
      return yield* errorResponse(
        new Forbidden({ scope, detail: `The token needs the scope ${scope}.` }),
        method
      )
    return yield* Effect.matchEffect(route.handle, {
      onSuccess: Effect.succeed,
      onFailure: (problem) => errorResponse(problem, method)
    })
  })
