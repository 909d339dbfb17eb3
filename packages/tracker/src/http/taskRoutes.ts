/** The routes about tasks. */
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { Authorization, RequiredScope } from "./Authorization.ts"
import { sinceFilter, statusFilter } from "./listFilters.ts"
import * as P from "./problems.ts"
import { bodyProblems, describe, idempotencyKeyText, patternText, waitText } from "./routeParts.ts"
import * as S from "./schemas.ts"

const wait = { wait: waitText }
const params = { ref: Schema.String.annotate({ description: "The task ref, percent-encoded." }) }
const idempotencyKey = { "idempotency-key": idempotencyKeyText }
const accepted = <S extends Schema.Top>(schema: S) =>
  HttpApiSchema.WithHeaders(schema.pipe(HttpApiSchema.status(202)), { location: Schema.String })
const submitErrors = [P.InvalidInput, P.KeyReused, P.Rejected, P.OutcomeUnknown, P.VendorFailed] as const

/** Creates, lists, and manages tasks. */
export const taskRoutes = HttpApiGroup.make("tasks")
  .add(
    HttpApiEndpoint.post("submit", "/v1/tasks", {
      headers: idempotencyKey,
      query: wait,
      payload: [S.SubmitRequest, S.TrackRequest],
      success: [accepted(S.Submit)],
      error: [...P.commonProblems, ...bodyProblems, ...submitErrors]
    })
      .annotate(RequiredScope, "submit")
      .annotateMerge(
        describe(
          "Submit or track a task",
          "Creates a task at the vendor, or, if the body has a ref, tracks a task that exists there. Waits up to 30 seconds for the outcome. After that the state is queued, and Location is the URL of the submit."
        )
      )
  )
  .add(
    HttpApiEndpoint.post("batch", "/v1/tasks/batch", {
      payload: S.BatchRequest,
      success: S.Tracked,
      error: [...P.commonProblems, ...bodyProblems]
    })
      .annotate(RequiredScope, "submit")
      .annotateMerge(describe("Track up to 1,000 tasks that exist at their vendors"))
  )
  .add(
    HttpApiEndpoint.get("list", "/v1/tasks", {
      query: {
        account: patternText(
          /^[a-z\d@-]{1,200}$/,
          "an account, as in a task ref",
          "Only tasks of this account."
        ),
        status: statusFilter,
        search: Schema.optionalKey(
          Schema.String.check(Schema.isMaxLength(500)).annotate({
            description: "Text in the ref, the model or the prompt."
          })
        ),
        since: sinceFilter,
        limit: patternText(
          /^(?:[1-9]\d?|[1-4]\d\d|500)$/,
          "1 to 500",
          "How many tasks a page has: 1 to 500. 50 by default."
        ),
        cursor: patternText(
          /^\d{1,15}$/,
          "the cursor of the previous page",
          "The cursor of the previous page."
        )
      },
      success: S.TaskPage,
      error: P.commonProblems
    })
      .annotate(RequiredScope, "read")
      .annotateMerge(describe("List tasks, the newest first"))
  )
  .add(
    HttpApiEndpoint.get("get", "/v1/tasks/:ref", {
      params,
      query: {
        ...wait,
        until: Schema.optionalKey(
          Schema.Literals(["ended", "saved"]).annotate({
            description: "What to wait for. Saved by default: the task has ended, and its outputs are saved."
          })
        )
      },
      success: S.Task,
      error: [...P.commonProblems, P.NotFound, P.InvalidInput]
    })
      .annotate(RequiredScope, "read")
      .annotateMerge(
        describe(
          "Get a task",
          "With wait, responds when the task has ended and its outputs are saved, or after that time. If saving fails, it also responds."
        )
      )
  )
  .add(
    HttpApiEndpoint.get("events", "/v1/tasks/:ref/events", {
      params,
      success: Schema.Array(S.Event),
      error: [...P.commonProblems, P.NotFound, P.InvalidInput]
    })
      .annotate(RequiredScope, "read")
      .annotateMerge(describe("List the events of a task, the oldest first"))
  )
  .add(
    HttpApiEndpoint.post("cancel", "/v1/tasks/:ref/cancel", {
      params,
      success: S.Canceled,
      error: [...P.commonProblems, P.InvalidInput, P.VendorFailed]
    })
      .annotate(RequiredScope, "submit")
      .annotateMerge(describe("Cancel a task at its vendor, where the vendor can"))
  )
  .add(
    HttpApiEndpoint.post("retry", "/v1/tasks/:ref/retry", {
      params,
      headers: idempotencyKey,
      query: wait,
      success: [accepted(S.Submit)],
      error: [...P.commonProblems, P.NotFound, P.NotRetryable, ...submitErrors]
    })
      .annotate(RequiredScope, "submit")
      .annotateMerge(
        describe(
          "Submit the request of a task again",
          "Creates another task. The vendor charges for it as for any task."
        )
      )
  )
  .add(
    HttpApiEndpoint.get("output", "/v1/tasks/:ref/outputs/:index", {
      params: { ...params, index: Schema.String.annotate({ description: "The index in files." }) },
      success: Schema.Uint8Array.pipe(
        HttpApiSchema.asUint8Array({ contentType: "application/octet-stream" })
      ),
      error: [...P.commonProblems, P.NotFound, P.InvalidInput, P.RangeNotSatisfiable]
    })
      .annotate(RequiredScope, "read")
      .annotateMerge(
        describe(
          "Download a saved file",
          "Supports ranges. ETag and Repr-Digest contain the SHA-256 digest of the whole file."
        )
      )
  )
  .add(
    HttpApiEndpoint.delete("forget", "/v1/tasks/:ref", {
      params,
      success: HttpApiSchema.NoContent,
      error: [...P.commonProblems, P.NotFound, P.InvalidInput]
    })
      .annotate(RequiredScope, "admin")
      .annotateMerge(describe("Forget a task", "Deletes the task and its events. Saved files stay."))
  )
  .add(
    HttpApiEndpoint.get("submitStatus", "/v1/submits/:id", {
      params: { id: Schema.String },
      query: wait,
      success: S.Submit,
      error: [...P.commonProblems, P.NotFound]
    })
      .annotate(RequiredScope, "read")
      .annotateMerge(
        describe("Get a submit", "With wait, responds when the submit has an outcome, or after that time.")
      )
  )
  .middleware(Authorization)
  .annotateMerge(OpenApi.annotations({ description: "Create, list and manage tasks." }))
