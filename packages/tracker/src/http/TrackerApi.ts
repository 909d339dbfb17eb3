/** The definition of the HTTP API, from which its OpenAPI document is generated. */
import * as HttpApi from "effect/http-api/HttpApi"
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { Authorization, RequiredScope } from "./Authorization.ts"
import { endpointRoutes } from "./endpointRoutes.ts"
import * as P from "./problems.ts"
import { describe, positionText, textOf } from "./routeParts.ts"
import * as S from "./schemas.ts"
import { taskRoutes } from "./taskRoutes.ts"

const events = HttpApiGroup.make("events")
  .add(
    HttpApiEndpoint.get("stream", "/v1/events", {
      headers: { "last-event-id": positionText("Resumes after this event. Overrides after.") },
      query: {
        after: positionText("Starts after this event. 0 for all. By default, only new events."),
        ref: Schema.optionalKey(
          Schema.String.check(Schema.isMaxLength(4096)).annotate({
            description: "Only events of this task."
          })
        )
      },
      success: textOf("text/event-stream"),
      error: [...P.commonProblems, P.InvalidInput]
    })
      .annotate(RequiredScope, "read")
      .annotateMerge(
        describe(
          "Stream events",
          "Server-sent events, in order. The id of each event is its position: send it as Last-Event-ID to resume."
        )
      )
  )
  .middleware(Authorization)
  .annotateMerge(OpenApi.annotations({ description: "Follow what happens to tasks." }))

const accounts = HttpApiGroup.make("accounts")
  .add(
    HttpApiEndpoint.get("list", "/v1/accounts", {
      success: Schema.Array(S.Account),
      error: P.commonProblems
    })
      .annotate(RequiredScope, "read")
      .annotateMerge(describe("List accounts with their owners and rate budgets"))
  )
  .middleware(Authorization)
  .annotateMerge(OpenApi.annotations({ description: "See the state of accounts." }))

const Health = Schema.Struct({ status: Schema.String }).annotate({ identifier: "Health" })

const system = HttpApiGroup.make("system")
  .add(
    HttpApiEndpoint.get("health", "/healthz", { success: Health, error: P.Internal }).annotateMerge(
      describe("Check that the process is alive")
    )
  )
  .add(
    HttpApiEndpoint.get("ready", "/readyz", { success: Health, error: P.Unavailable }).annotateMerge(
      describe("Check that the database can be written")
    )
  )
  .add(
    HttpApiEndpoint.get("metrics", "/metrics", {
      success: textOf("text/plain; version=0.0.4; charset=utf-8"),
      error: P.commonProblems
    })
      .annotate(RequiredScope, "read")
      .annotateMerge(describe("Get metrics in the text format of Prometheus"))
      .middleware(Authorization)
  )
  .add(
    HttpApiEndpoint.get("openapi", "/openapi.json", {
      success: Schema.Unknown,
      error: P.commonProblems
    })
      .annotate(RequiredScope, "read")
      .annotateMerge(describe("Get this document"))
      .middleware(Authorization)
  )
  .add(
    HttpApiEndpoint.post("vendorWebhook", "/v1/hooks/:account/:secret", {
      params: { account: Schema.String, secret: Schema.String },
      success: Schema.String.pipe(HttpApiSchema.asText()),
      error: [P.InvalidRequest, P.NotFound, P.BodyTooLarge]
    }).annotateMerge(
      describe("Receive a webhook of a vendor", "Causes a poll of the task. The content is not trusted.")
    )
  )
  .annotateMerge(OpenApi.annotations({ description: "See the state of the server." }))

/** The HTTP API of the tracker. */
export const TrackerApi = HttpApi.make("gentask")
  .add(taskRoutes)
  .add(events)
  .add(accounts)
  .add(endpointRoutes)
  .add(system)
  .annotateMerge(
    OpenApi.annotations({
      title: "gentask tracker",
      version: "1",
      description: "Creates, watches and saves asynchronous AI media tasks.",
      license: { name: "MIT", url: "https://github.com/gentask/gentask/blob/main/LICENSE" },
      servers: [{ url: "http://127.0.0.1:4370" }]
    })
  )
