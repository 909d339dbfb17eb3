/** What is done for every request: ids, tokens, metrics, and a problem for every error. */
import { randomUUID } from "node:crypto"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { HttpApiSchemaError } from "effect/http-api/HttpApiError"
import { HttpServerError } from "effect/http/HttpServerError"
import { HttpServerRequest } from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpServerRespondable from "effect/http/HttpServerRespondable"
import { apiVersion, apiVersionHeader } from "../api/ProblemJson.ts"
import { countRequest } from "./metrics.ts"
import { Internal, InvalidRequest, MethodNotAllowed, NotFound, Unauthorized } from "./problems.ts"
import type { AnyProblem } from "./problems.ts"
import { invalidRequest } from "./readJson.ts"
import { isPublic, methodsOf, parameterProblem } from "./routes.ts"
import type { TokenTable } from "./Tokens.ts"

type Response = HttpServerResponse.HttpServerResponse

const respond = (
  problem: AnyProblem,
  headers: Readonly<Record<string, string>> = {}
): Effect.Effect<Response> =>
  Effect.map(HttpServerRespondable.toResponse(problem), (response) =>
    HttpServerResponse.setHeaders(response, headers)
  )

const notFound = (method: string, path: string): Effect.Effect<Response> => {
  const methods = methodsOf(path)
  const allow = methods.join(", ")
  // The method is allowed, but the router could not decode the path.
  return methods.length === 0 || methods.includes(method)
    ? respond(new NotFound({ detail: "There is no such path." }))
    : respond(new MethodNotAllowed({ detail: `Use ${allow}.` }), { allow })
}

const kinds: Readonly<Record<string, string>> = {
  Params: "path",
  Headers: "headers",
  Query: "query",
  Payload: "body"
}

/** Converts what a handler failed with, and did not declare, to a problem. */
const unexpected = (
  cause: Cause.Cause<unknown>,
  { method }: HttpServerRequest,
  path: string,
  requestId: string
): Effect.Effect<Response> => {
  const error = Cause.squash(cause)
  if (error instanceof HttpServerError) {
    if (error.reason._tag === "RouteNotFound") return notFound(method, path)
    if (error.reason._tag === "RequestParseError")
      return respond(new InvalidRequest({ detail: "The request could not be parsed." }))
  }
  const part = HttpApiSchemaError.is(error) ? kinds[error.kind] : undefined
  if (part !== undefined) return respond(invalidRequest((error as HttpApiSchemaError).cause, part))
  const detail = `The tracker's log has the details under the request id ${requestId}.`
  return Effect.andThen(
    Effect.logError(`Request ${requestId} failed.`, cause),
    respond(new Internal({ detail }))
  )
}

/** Returns the request id of the client if it is well-formed, or a new one. */
const requestIdOf = (header: string | undefined): string =>
  header !== undefined && /^[\w.~-]{1,128}$/.test(header) ? header : randomUUID()

/** Returns the prefix that a reverse proxy has removed from the path of a request. Empty without one. */
const forwardedPrefix = (header: string | undefined): string =>
  header !== undefined && header.length <= 200 && /^(?:\/[\w~-][\w.~-]*)+\/?$/.test(header)
    ? header.replace(/\/$/, "")
    : ""

/** Returns the path of a request as the router sees it. */
const pathOf = (url: string): string => url.split(/[?#;]/, 1)[0] ?? ""

/** Handles all requests with the routes. */
export const handleRequest = <R>(
  routes: Effect.Effect<Response, unknown, R>,
  tokens: TokenTable
): Effect.Effect<Response, never, R | HttpServerRequest> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest
    const startedAt = yield* Clock.currentTimeMillis
    const requestId = requestIdOf(request.headers["x-request-id"])
    const path = pathOf(request.url)
    const isAllowed = isPublic(path) || tokens.scopesOf(request.headers["authorization"]) !== undefined
    const search = new URLSearchParams(request.url.split("?", 2)[1] ?? "")
    const problem = isAllowed
      ? parameterProblem(request.method, path, search)
      : new Unauthorized({ detail: "Send Authorization: Bearer TOKEN." })
    const handled =
      problem === undefined
        ? Effect.catchCause(routes, (cause) =>
            Cause.hasInterruptsOnly(cause) ? Effect.interrupt : unexpected(cause, request, path, requestId)
          )
        : respond(problem)
    const response = yield* Effect.annotateLogs(handled, { requestId })
    countRequest(request.method, response.status, ((yield* Clock.currentTimeMillis) - startedAt) / 1000)
    const { location } = response.headers
    const prefix = forwardedPrefix(request.headers["x-forwarded-prefix"])
    return HttpServerResponse.setHeaders(response, {
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...response.headers,
      ...(location === undefined ? {} : { location: prefix + location }),
      "x-request-id": requestId,
      [apiVersionHeader]: apiVersion,
      ...(response.status === 401 ? { "www-authenticate": 'Bearer realm="gentask"' } : {}),
      ...(response.status === 503 ? { "retry-after": "1" } : {}),
      // The rest of the body is not read.
      ...(response.status === 413 ? { connection: "close" } : {})
    })
  })
