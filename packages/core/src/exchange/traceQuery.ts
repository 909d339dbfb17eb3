/** The span of a query. Without a tracer, none of this runs. */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { HttpRequest } from "../provider/HttpRequest.ts"
import { accountAttributes, taskAttributes } from "../telemetry/attributes.ts"
import type { Attributes } from "../telemetry/attributes.ts"
import { attributeNames as names, spanNames } from "../telemetry/names.ts"
import type { SubmitSpans } from "../telemetry/SubmitSpans.ts"
import type { QueryFailure } from "./ProviderError.ts"
import { errorReasonOf } from "./ProviderError.ts"
import type { TaskQuery } from "./TaskQuery.ts"

/** Receives the exchanges of a query. A later one, such as a follow-up, replaces an earlier one. */
export interface QueryTrace {
  http: Attributes
}

/** The path with the task's id replaced. An id is the only part of a path that differs between tasks. */
const templateOf = ({ url }: HttpRequest, id: string): string =>
  url.pathname.replaceAll(encodeURIComponent(id), "{id}").replaceAll(id, "{id}")

/** Records a request and the status of its response. */
export const traceExchange = (
  trace: QueryTrace,
  { id }: TaskQuery,
  request: HttpRequest,
  status?: number
): void => {
  trace.http = {
    [names.httpMethod]: request.method,
    [names.urlTemplate]: templateOf(request, id),
    ...(status === undefined ? {} : { [names.httpStatus]: status })
  }
}

const outcomeOf = (exit: Exit.Exit<{ readonly snapshot: { readonly status: string } }, QueryFailure>) =>
  exit._tag === "Success"
    ? { [names.taskStatus]: exit.value.snapshot.status }
    : { [names.errorType]: errorReasonOf(exit)?._tag ?? "other" }

/**
 * Runs a query in a span. A poll begins a trace of its own: tasks last for hours, and all subscribers share the polls. The
 * link leads to the submit.
 */
export const traceQuery = <A extends { readonly snapshot: { readonly status: string } }>(
  query: TaskQuery,
  spans: SubmitSpans | undefined,
  isPoll: boolean,
  run: (trace: QueryTrace) => Effect.Effect<A, QueryFailure>
): Effect.Effect<A, QueryFailure> =>
  Effect.flatMap(spans?.linksOf(query.ref) ?? Effect.succeed([]), (links) => {
    const trace: QueryTrace = { http: {} }
    const annotated = Effect.onExit(run(trace), (exit) =>
      Effect.annotateCurrentSpan({ ...trace.http, ...outcomeOf(exit) })
    )
    return Effect.withSpan(annotated, spanNames.query, {
      kind: "client",
      // The stack would always point to this line.
      captureStackTrace: false,
      links,
      root: isPoll,
      attributes: { ...accountAttributes(query.account), ...taskAttributes(query.ref, query.id) }
    })
  })
