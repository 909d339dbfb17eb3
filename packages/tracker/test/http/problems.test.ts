import { connect } from "node:net"
import { afterAll, beforeAll, expect, it } from "vitest"
import { problemTypePrefix } from "../../src/api/ProblemJson.ts"
import { startServer, tokens } from "../support/startServer.ts"
import type { TestServer } from "../support/startServer.ts"

let server: TestServer

beforeAll(async () => {
  server = await startServer({ maxBodyBytes: 64 * 1024 })
})
afterAll(() => server.close())

const json = { "content-type": "application/json" }

const expectProblem = async (response: Response, status: number, name: string): Promise<unknown> => {
  expect(response.status).toBe(status)
  expect(response.headers.get("content-type")).toBe("application/problem+json")
  expect(response.headers.get("x-request-id")).toMatch(/^[\w-]{36}$/)
  const problem = (await response.json()) as Record<string, unknown>
  expect(problem).toMatchObject({ type: problemTypePrefix + name, status })
  expect(problem["title"]).toEqual(expect.any(String))
  return problem
}

/** Sends bytes as they are, and returns everything that the server sends. */
const sendRaw = (...parts: ReadonlyArray<string | Buffer>): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1", () => {
      for (const part of parts) socket.write(part)
    })
    let text = ""
    socket.on("data", (data: Buffer) => {
      text += data.toString("latin1")
    })
    socket.on("close", () => resolve(text))
    socket.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNRESET" || error.code === "EPIPE" ? resolve(text) : reject(error)
    )
  })

const head = (method: string, path: string, extra = ""): string =>
  `${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.all}\r\nConnection: close\r\n${extra}\r\n`

it("responds with 404 to unknown paths", async () => {
  for (const path of ["nothing", "tasks/jimmy%3Amissing", "submits/missing", "webhook-endpoints/missing"])
    expect(await expectProblem(await server.request(`/v1/${path}`), 404, "not-found")).toHaveProperty(
      "detail"
    )
})

it("responds with 405 and the allowed methods", async () => {
  const response = await server.request("/v1/tasks", { method: "PUT" })
  expect(response.headers.get("allow")).toBe("GET, HEAD, POST")
  await expectProblem(response, 405, "method-not-allowed")
  await expectProblem(await server.request("/v1/tasks/jimmy%3A1/cancel"), 405, "method-not-allowed")
})

it.each([
  ["too large", "x".repeat(70_000), 413, "body-too-large"],
  ["not JSON", "{", 400, "invalid-request"],
  ["empty", "", 400, "invalid-request"],
  ["null", "null", 400, "invalid-request"],
  ["invalid UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400, "invalid-request"],
  ["nested too deeply", `${"[".repeat(30_000)}${"]".repeat(30_000)}`, 400, "invalid-request"],
  [
    "nested too deeply in the input",
    `{"account":"jimmy","model":"m","input":${'{"a":'.repeat(5000)}1${"}".repeat(5001)}`,
    400,
    "invalid-request"
  ],
  ["of another shape", '{"account":1,"model":[]}', 400, "invalid-request"],
  ["with unknown members", '{"ref":"jimmy:1","extra":true}', 400, "invalid-request"],
  ["a ref and a model", '{"ref":"jimmy:1","account":"jimmy","model":"m"}', 400, "invalid-request"],
  ["an invalid ref", '{"ref":"nonsense"}', 422, "invalid-input"],
  ["an unknown account", '{"ref":"other:1"}', 422, "invalid-input"]
])("responds to a body that is %s with %s", async (_, body, status, name) => {
  const response = await server.request("/v1/tasks", { method: "POST", headers: json, body })
  expect(await expectProblem(response, status, name)).toHaveProperty("detail")
})

it("stops to read a body without a length that is too large", async () => {
  const chunk = `2000\r\n${"x".repeat(0x2000)}\r\n`
  const text = await sendRaw(
    `POST /v1/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.all}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    chunk.repeat(20)
  )
  expect(text).toMatch(/^HTTP\/1\.1 413 /)
})

it("requires JSON", async () => {
  for (const headers of [
    { "content-type": "text/plain" },
    { "content-type": "application/x-www-form-urlencoded" }
  ])
    await expectProblem(
      await server.request("/v1/tasks", { method: "POST", headers, body: '{"ref":"jimmy:1"}' }),
      415,
      "unsupported-media-type"
    )
  const response = await server.request("/v1/tasks", {
    method: "POST",
    headers: { "content-type": "Application/JSON; charset=utf-8" },
    body: '{"ref":"jimmy:1"}'
  })
  expect(response.status).toBe(202)
})

it("says which part of the request is invalid", async () => {
  const body = '{"account":"jimmy","model":5}'
  const problem = await expectProblem(
    await server.request("/v1/tasks", { method: "POST", headers: json, body }),
    400,
    "invalid-request"
  )
  expect(JSON.stringify(problem)).toContain('["body","model"]')
  const query = await expectProblem(await server.request("/v1/tasks?limit=many"), 400, "invalid-request")
  expect(query).toMatchObject({ errors: [{ path: ["query", "limit"] }] })
  const header = await server.request("/v1/tasks", {
    method: "POST",
    headers: { ...json, "idempotency-key": "two words" },
    body: '{"ref":"jimmy:1"}'
  })
  expect(await expectProblem(header, 400, "invalid-request")).toMatchObject({
    errors: [{ path: ["headers", "idempotency-key"] }]
  })
})

it("hides what the database failed with", async () => {
  server.store.isBroken = true
  try {
    const response = await server.request("/v1/tasks")
    expect(response.headers.get("retry-after")).toBe("1")
    expect(JSON.stringify(await expectProblem(response, 503, "unavailable"))).not.toContain("db.internal")
    expect((await server.request("/healthz")).status).toBe(200)
    await expectProblem(await server.request("/readyz"), 503, "unavailable")
  } finally {
    server.store.isBroken = false
  }
})

it("accepts well-formed request ids, and replaces others", async () => {
  const send = async (id: string) =>
    (await server.request("/healthz", { headers: { "x-request-id": id } })).headers.get("x-request-id")
  expect(await send("trace-1.2_3~4")).toBe("trace-1.2_3~4")
  expect(await send("a b")).toMatch(/^[0-9a-f-]{36}$/)
  expect(await send("x".repeat(200))).toMatch(/^[0-9a-f-]{36}$/)
})

it("responds with problems to requests that cannot be parsed", async () => {
  const large = await sendRaw(head("GET", "/healthz", `X-Large: ${"x".repeat(20_000)}\r\n`))
  expect(large).toMatch(/^HTTP\/1\.1 431 /)
  expect(large).toContain(`${problemTypePrefix}headers-too-large`)
  const garbage = await sendRaw("NONSENSE\r\n\r\n")
  expect(garbage).toMatch(/^HTTP\/1\.1 400 /)
  expect(garbage).toContain("application/problem+json")
})

it.each(
  [
    "/v1/tasks/%zz",
    "/v1/tasks/%ff%fe",
    "/v1/tasks/jimmy%3A1%0d%0aSet-Cookie:%20a=b",
    "/v1/tasks/jimmy%3A%00",
    "/v1/tasks/..%2f..%2fetc%2fpasswd",
    "/v1/tasks//outputs/0",
    "//v1/tasks",
    "/v1/tasks/jimmy%3A1/outputs/-1",
    "/v1/tasks/jimmy%3A1/outputs/..%2f..%2fetc",
    "/v1/tasks/jimmy%3A1/outputs/99999999999999999999",
    `/v1/tasks/jimmy%3A${"y".repeat(9000)}`,
    "http://other.example/v1/tasks/jimmy%3Amissing",
    "*"
  ].map((path) => [path.slice(0, 60), path] as const)
)("responds with a problem to %s", async (_, path) => {
  const text = await sendRaw(head("GET", path))
  expect(text).toMatch(/^HTTP\/1\.1 (400|404|422) /)
  expect(text).toContain("application/problem+json")
  expect(text.split("\r\n\r\n", 1)[0]).not.toMatch(/set-cookie/i)
})

it("does not put hostile text into headers", async () => {
  const body = JSON.stringify({ ref: "jimmy:1\r\nSet-Cookie: a=b\r\n\r\n" })
  const headers = `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`
  const text = await sendRaw(head("POST", "/v1/tasks", headers), body)
  expect(text).toMatch(/^HTTP\/1\.1 202 /)
  expect(text.split("\r\n\r\n", 1)[0]).not.toMatch(/^set-cookie/im)
})

it("lists metrics, accounts and itself", async () => {
  const metrics = await (await server.request("/metrics")).text()
  expect(metrics).toMatch(/^# TYPE gentask_http_requests_total counter$/m)
  expect(metrics).toMatch(/^gentask_open_tasks\{account="jimmy"\} \d+$/m)
  expect(metrics).not.toContain(tokens.all)
  const accounts = await (await server.request("/v1/accounts")).json()
  expect(accounts).toMatchObject([{ account: "jimmy", owner: "runner-1", budget: { limit: 60, spent: 3 } }])
})

it("manages webhook endpoints, and shows secrets only when they are created", async () => {
  const send = (method: string, path: string, body?: unknown) =>
    server.request(`/v1/webhook-endpoints${path}`, {
      method,
      ...(body === undefined ? {} : { headers: json, body: JSON.stringify(body) })
    })
  await expectProblem(await send("POST", "", { url: "https://10.0.0.1/" }), 400, "invalid-request")
  await expectProblem(
    await send("POST", "", { url: "https://a.example", events: ["x"] }),
    400,
    "invalid-request"
  )
  const created = await send("POST", "", { url: "https://a.example/hook", events: ["task.ended"] })
  expect(created.status).toBe(201)
  expect(await created.json()).toMatchObject({ id: "ep_1", secret: "whsec_first", events: ["task.ended"] })
  for (const path of ["", "/ep_1"]) expect(await (await send("GET", path)).text()).not.toContain("whsec_")
  const updated = await send("PATCH", "/ep_1", { isEnabled: false })
  expect(await updated.json()).toMatchObject({ isEnabled: false, url: "https://a.example/hook" })
  expect(await (await send("POST", "/ep_1/rotate")).json()).toMatchObject({ secret: "whsec_second" })
  expect(await (await send("POST", "/ep_1/test")).json()).toEqual({
    isDelivered: true,
    status: 204,
    error: null
  })
  expect(await (await send("POST", "/ep_1/replay")).json()).toEqual({ replayed: 3 })
  expect((await send("DELETE", "/ep_1")).status).toBe(204)
  await expectProblem(await send("POST", "/ep_1/replay"), 404, "not-found")
})
