/** The routes about webhook endpoints. */
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as HttpApiSchema from "effect/http-api/HttpApiSchema"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { Authorization } from "./Authorization.ts"
import * as P from "./problems.ts"
import { bodyProblems, describe } from "./routeParts.ts"
import * as S from "./schemas.ts"

const id = { id: Schema.String }

/** Manages webhook endpoints. Requires the default scope: admin. */
export const endpointRoutes = HttpApiGroup.make("endpoints")
  .add(
    HttpApiEndpoint.get("list", "/v1/webhook-endpoints", {
      success: Schema.Array(S.Endpoint),
      error: P.commonProblems
    }).annotateMerge(describe("List webhook endpoints"))
  )
  .add(
    HttpApiEndpoint.post("create", "/v1/webhook-endpoints", {
      payload: S.CreateEndpoint,
      success: S.EndpointWithSecret.pipe(HttpApiSchema.status(201)),
      error: [...P.commonProblems, ...bodyProblems]
    }).annotateMerge(describe("Create a webhook endpoint. The response contains its secret"))
  )
  .add(
    HttpApiEndpoint.get("get", "/v1/webhook-endpoints/:id", {
      params: id,
      success: S.Endpoint,
      error: [...P.commonProblems, P.NotFound]
    }).annotateMerge(describe("Get a webhook endpoint"))
  )
  .add(
    HttpApiEndpoint.patch("update", "/v1/webhook-endpoints/:id", {
      params: id,
      payload: S.UpdateEndpoint,
      success: S.Endpoint,
      error: [...P.commonProblems, ...bodyProblems, P.NotFound]
    }).annotateMerge(describe("Change a webhook endpoint"))
  )
  .add(
    HttpApiEndpoint.delete("remove", "/v1/webhook-endpoints/:id", {
      params: id,
      success: HttpApiSchema.NoContent,
      error: [...P.commonProblems, P.NotFound]
    }).annotateMerge(describe("Delete a webhook endpoint and its deliveries"))
  )
  .add(
    HttpApiEndpoint.post("rotate", "/v1/webhook-endpoints/:id/rotate", {
      params: id,
      success: S.EndpointWithSecret,
      error: [...P.commonProblems, P.NotFound]
    }).annotateMerge(
      describe(
        "Create a new secret",
        "Deliveries are signed with the new and the previous secret until the next rotation."
      )
    )
  )
  .add(
    HttpApiEndpoint.post("test", "/v1/webhook-endpoints/:id/test", {
      params: id,
      success: S.EndpointTest,
      error: [...P.commonProblems, P.NotFound]
    }).annotateMerge(describe("Send a test event, without retries"))
  )
  .add(
    HttpApiEndpoint.post("replay", "/v1/webhook-endpoints/:id/replay", {
      params: id,
      success: Schema.Struct({ replayed: Schema.Number }),
      error: [...P.commonProblems, P.NotFound]
    }).annotateMerge(describe("Send dead deliveries again"))
  )
  .middleware(Authorization)
  .annotateMerge(OpenApi.annotations({ description: "Manage where events are sent." }))
