import { createConfig, lintFromString } from "@redocly/openapi-core"
import { afterAll, beforeAll, expect, it } from "vitest"
import { startServer } from "../support/startServer.ts"
import type { TestServer } from "../support/startServer.ts"

let server: TestServer

beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: object }>>>>
}

it("serves an OpenAPI 3.1 document that a linter accepts", async () => {
  const source = await (await server.request("/openapi.json")).text()
  const problems = await lintFromString({
    source,
    absoluteRef: "openapi.json",
    config: await createConfig({
      extends: ["recommended-strict"],
      rules: { "no-server-example.com": "off", "operation-4xx-response": "off", "security-defined": "error" }
    })
  })
  const messages = problems.map(
    ({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`
  )
  expect(messages).toEqual([])
  expect(JSON.parse(source)).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) as string })
})

it("documents a problem for each error status", async () => {
  const { paths } = (await (await server.request("/openapi.json")).json()) as Document
  for (const [path, operations] of Object.entries(paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      for (const [status, response] of Object.entries(responses)) {
        if (Number(status) < 400) continue
        const { content } = response as { readonly content: object }
        expect([path, method, status, Object.keys(content)]).toEqual([
          path,
          method,
          status,
          ["application/problem+json"]
        ])
      }
    }
  }
})
