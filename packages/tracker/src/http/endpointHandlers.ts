import * as Effect from "effect/Effect"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import type { EndpointJson, EndpointWithSecretJson } from "../api/EndpointJson.ts"
import type { WebhookEndpoint } from "../store/TrackerStore.ts"
import type { StoreError } from "../store/StoreError.ts"
import { EndpointAdmin } from "./EndpointAdmin.ts"
import type { EndpointAdminService, InvalidEndpoint } from "./EndpointAdmin.ts"
import { Settings } from "./HttpOptions.ts"
import { NotFound } from "./problems.ts"
import { readJson } from "./readJson.ts"
import { isId } from "./routeParts.ts"
import { CreateEndpoint, UpdateEndpoint } from "./schemas.ts"
import { invalidMember, storeProblem } from "./toProblem.ts"
import { TrackerApi } from "./TrackerApi.ts"

/** Converts an endpoint to JSON, without its secrets. */
const toJson = ({ id, url, events, isEnabled, createdAt }: WebhookEndpoint): EndpointJson => ({
  id,
  url,
  events,
  isEnabled,
  createdAt: createdAt.toISOString()
})

/** Converts an endpoint to JSON with its current secret: only when the secret was created. */
const withSecret = (endpoint: WebhookEndpoint): EndpointWithSecretJson => ({
  ...toJson(endpoint),
  secret: endpoint.secrets[0] ?? ""
})

const endpointProblem = (error: InvalidEndpoint | StoreError) =>
  error._tag === "StoreError" ? storeProblem(error) : invalidMember(error.field, error.message)

/** Calls a method of the admin. */
const useAdmin = <A>(call: (admin: EndpointAdminService) => Effect.Effect<A, InvalidEndpoint | StoreError>) =>
  EndpointAdmin.use((admin) => Effect.mapError(call(admin), endpointProblem))

/** Calls a method of the admin. Fails with `NotFound` if there is no such endpoint. */
const onEndpoint = <A>(
  id: string,
  call: (admin: EndpointAdminService) => Effect.Effect<A | undefined, InvalidEndpoint | StoreError>
) =>
  Effect.flatMap(isId(id) ? useAdmin(call) : Effect.succeed(undefined), (result) =>
    result === undefined
      ? Effect.fail(new NotFound({ detail: "There is no such webhook endpoint." }))
      : Effect.succeed(result)
  )

/** Handles requests about webhook endpoints. */
export const endpointHandlers = HttpApiBuilder.group(TrackerApi, "endpoints", (handlers) =>
  handlers
    .handle("list", () =>
      Effect.map(
        useAdmin((admin) => admin.list),
        (endpoints) => endpoints.map(toJson)
      )
    )
    .handleRaw("create", ({ request }) =>
      Effect.gen(function* () {
        const { maxBodyBytes } = yield* Settings
        const { url, events = [] } = yield* readJson(request, CreateEndpoint, maxBodyBytes)
        return withSecret(yield* useAdmin((admin) => admin.create({ url, events })))
      })
    )
    .handle("get", ({ params }) =>
      Effect.map(
        onEndpoint(params.id, (admin) => admin.get(params.id)),
        toJson
      )
    )
    .handleRaw("update", ({ params, request }) =>
      Effect.gen(function* () {
        const { maxBodyBytes } = yield* Settings
        const changes = yield* readJson(request, UpdateEndpoint, maxBodyBytes)
        return toJson(yield* onEndpoint(params.id, (admin) => admin.update(params.id, changes)))
      })
    )
    .handle("remove", ({ params }) =>
      Effect.asVoid(
        onEndpoint(params.id, (admin) =>
          Effect.map(admin.remove(params.id), (removed) => removed || undefined)
        )
      )
    )
    .handle("rotate", ({ params }) =>
      Effect.map(
        onEndpoint(params.id, (admin) => admin.rotate(params.id)),
        withSecret
      )
    )
    .handle("test", ({ params }) => onEndpoint(params.id, (admin) => admin.test(params.id)))
    .handle("replay", ({ params }) =>
      Effect.map(
        onEndpoint(params.id, (admin) => admin.replay(params.id)),
        (replayed) => ({ replayed })
      )
    )
)
