import * as HttpApi from "effect/http-api/HttpApi"
import * as Context from "effect/Context"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { problemTypePrefix } from "../../src/api/ProblemJson.ts"
import { Authorization, RequiredScope } from "../../src/http/Authorization.ts"
import { TrackerApi } from "../../src/http/TrackerApi.ts"
import { startServer, tokens } from "../support/startServer.ts"
import type { TestServer } from "../support/startServer.ts"

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

interface Route {
  readonly method: string
  readonly path: string
  readonly scope: "read" | "submit" | "admin" | "none"
}

const routes: Array<Route> = []
HttpApi.reflect(TrackerApi, {
  onGroup: () => undefined,
  onEndpoint: ({ endpoint, middleware }) => {
    const path = endpoint.path.replaceAll(/:\w+/g, "x")
    const keys = [...middleware].map(({ key }) => key)
    const scope = keys.includes(Authorization.key) ? Context.get(endpoint.annotations, RequiredScope) : "none"
    routes.push({ method: endpoint.method, path, scope })
  }
})

it("has the documented scope for each route", () => {
  expect(routes.map(({ method, path, scope }) => `${method} ${path} ${scope}`)).toMatchInlineSnapshot(`
    [
      "POST /v1/tasks submit",
      "POST /v1/tasks/batch submit",
      "GET /v1/tasks read",
      "GET /v1/tasks/x read",
      "GET /v1/tasks/x/events read",
      "POST /v1/tasks/x/cancel submit",
      "POST /v1/tasks/x/retry submit",
      "GET /v1/tasks/x/outputs/x read",
      "DELETE /v1/tasks/x admin",
      "GET /v1/submits/x read",
      "GET /v1/events read",
      "GET /v1/accounts read",
      "GET /v1/webhook-endpoints admin",
      "POST /v1/webhook-endpoints admin",
      "GET /v1/webhook-endpoints/x admin",
      "PATCH /v1/webhook-endpoints/x admin",
      "DELETE /v1/webhook-endpoints/x admin",
      "POST /v1/webhook-endpoints/x/rotate admin",
      "POST /v1/webhook-endpoints/x/test admin",
      "POST /v1/webhook-endpoints/x/replay admin",
      "GET /healthz none",
      "GET /readyz none",
      "GET /metrics read",
      "GET /openapi.json read",
      "POST /v1/hooks/x/x none",
    ]
  `)
})

describe.each(routes.filter(({ scope }) => scope !== "none"))("$method $path", ({ method, path, scope }) => {
  it.each([
    ["no token", null],
    ["an unknown token", "token-that-is-not-known"],
    ["an empty token", ""]
  ])("responds with 401 to %s", async (_, token) => {
    const response = await server.request(path, { method, token })
    expect(response.status).toBe(401)
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="gentask"')
    expect(await response.json()).toMatchObject({ type: `${problemTypePrefix}unauthorized` })
  })

  it.each(["read", "submit", "admin"] as const)("checks a token with the scope %s", async (name) => {
    const response = await server.request(path, {
      method,
      token: tokens[name],
      signal: AbortSignal.timeout(10_000)
    })
    if (name === scope) {
      expect(response.status).not.toBe(403)
      await response.body?.cancel()
    } else {
      expect(response.status).toBe(403)
      expect(await response.json()).toMatchObject({ type: `${problemTypePrefix}forbidden`, scope })
    }
  })
})

it("responds to health checks without a token, and to nothing else", async () => {
  expect((await server.request("/healthz", { token: null })).status).toBe(200)
  expect((await server.request("/readyz", { token: null })).status).toBe(200)
  for (const path of [
    "/",
    "/healthz/",
    "/v1/unknown",
    "/openapi.json",
    "/metrics",
    "/v1/hooks/jimmy",
    "/%68ealthz/x"
  ])
    expect([path, (await server.request(path, { token: null })).status]).toEqual([path, 401])
})

it.each([
  "Basic dXNlcjpwYXNz",
  "Bearer",
  `bearer  ${tokens.read}`,
  `Bearer ${tokens.read} x`,
  `Token ${tokens.read}`
])("reads the header Authorization: %s", async (authorization) => {
  const response = await server.request("/v1/tasks", { token: null, headers: { authorization } })
  expect(response.status).toBe(authorization === `bearer  ${tokens.read}` ? 200 : 401)
})

it("does not accept a token in the query", async () => {
  const response = await server.request(`/v1/tasks?access_token=${tokens.all}&token=${tokens.all}`, {
    token: null
  })
  expect(response.status).toBe(401)
})

it("refuses short tokens at the start", async () => {
  await expect(startServer({ tokens: [{ token: "short", scopes: ["read"] }] })).rejects.toThrow(
    "at least 16 characters"
  )
})

it("passes webhooks of vendors with the right secret on", async () => {
  const send = (path: string, body = "{}") =>
    server.request(path, { method: "POST", token: null, body, headers: { "x-signature": "s" } })
  expect((await send("/v1/hooks/jimmy/wrong")).status).toBe(404)
  expect((await send("/v1/hooks/other/hook-secret")).status).toBe(404)
  const response = await send("/v1/hooks/jimmy/hook-secret?a=1", '{"task":"1"}')
  expect([response.status, await response.text()]).toEqual([200, "ok"])
  expect(server.received).toHaveLength(1)
  expect(server.received[0]).toMatchObject({
    url: "/v1/hooks/jimmy/hook-secret?a=1",
    headers: { "x-signature": "s" }
  })
  expect(Buffer.from(server.received[0]?.body ?? []).toString()).toBe('{"task":"1"}')
  expect((await send("/v1/hooks/jimmy/hook-secret", "x".repeat(1024 * 1024 + 1))).status).toBe(413)
})
