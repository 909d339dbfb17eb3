import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpApiMiddleware from "effect/http-api/HttpApiMiddleware"
import * as HttpApiSecurity from "effect/http-api/HttpApiSecurity"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { Forbidden, Unauthorized } from "./problems.ts"
import { Tokens } from "./Tokens.ts"
import type { TokenScope } from "./Tokens.ts"

/** The scope that an endpoint requires. */
export const RequiredScope = Context.Reference<TokenScope>("@gentask/tracker/RequiredScope", {
  defaultValue: () => "admin"
})

/** Requires a bearer token with the scope of the endpoint. */
export class Authorization extends HttpApiMiddleware.Service<Authorization>()(
  "@gentask/tracker/Authorization",
  { error: [Unauthorized, Forbidden], security: { token: HttpApiSecurity.bearer } }
) {}

/** Checks tokens against `Tokens`. */
export const authorizationLayer: Layer.Layer<Authorization, never, Tokens> = Layer.effect(
  Authorization,
  Effect.gen(function* () {
    const tokens = yield* Tokens
    return Authorization.of({
      token: (handler, { credential, endpoint }) => {
        const scopes = tokens.scopes(Redacted.value(credential))
        const scope = Context.get(endpoint.annotations, RequiredScope)
        if (scopes === undefined)
          return Effect.fail(new Unauthorized({ detail: "Send Authorization: Bearer TOKEN." }))
        if (!scopes.has(scope))
          return Effect.fail(new Forbidden({ scope, detail: `The token needs the scope ${scope}.` }))
        return handler
      }
    })
  })
)
