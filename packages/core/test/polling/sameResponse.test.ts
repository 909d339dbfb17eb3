/** Polls whose response has the same body as the last one, which is not decoded again. */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import { configureAccount } from "@gentask/core/provider"
import type { ProviderSpec } from "@gentask/core"
import { acme, everySecond, succeeded, timesOf, withTasks, working } from "../support/acme.ts"
import type { Scripted } from "../support/acme.ts"

const { query } = acme
type Decode = ProviderSpec["query"]["decode"]

/** Waits for a task, and returns the HTTP statuses of the responses that the provider has decoded. */
const decodedOf = (script: ReadonlyArray<Scripted>, decode: Decode = query.decode, raw = false) => {
  const statuses: Array<number> = []
  const provider = {
    ...acme,
    query: {
      ...query,
      decode: (...parameters: Parameters<Decode>) => {
        statuses.push(parameters[1].status)
        return decode(...parameters)
      }
    }
  }
  return withTasks(
    { "1": [...script, succeeded] },
    (tasks, requests) =>
      Effect.gen(function* () {
        const wait = yield* Effect.forkChild(tasks.wait("acme:1", { raw }))
        yield* TestClock.adjust("1 minute")
        const snapshot = yield* Fiber.join(wait)
        assert.strictEqual(snapshot.status, "succeeded")
        assert.deepStrictEqual(snapshot.raw, raw ? succeeded : undefined)
        assert.lengthOf(requests, script.length + 1)
        return { statuses, requests }
      }),
    { ...everySecond, providers: [configureAccount(provider, { apiKey: "sk-acme-secret" })] }
  )
}

const withHeaders = (body: object, headers: Readonly<Record<string, string>>): Scripted => ({
  response: { text: JSON.stringify(body), headers }
})

it.effect("decodes the same body once", () =>
  Effect.gen(function* () {
    const { statuses } = yield* decodedOf([working, working, working])
    assert.lengthOf(statuses, 2)
  })
)

it.effect("decodes it again after another body, and after an error", () =>
  Effect.gen(function* () {
    const other = { ...working, progress: 0.5 }
    assert.lengthOf((yield* decodedOf([working, other, working, working])).statuses, 4)
    const error = { response: { status: 503, text: "{}" } }
    assert.lengthOf((yield* decodedOf([working, error, working, working])).statuses, 3)
  })
)

it.effect("waits as long as the header of each response requires", () =>
  Effect.gen(function* () {
    const { statuses, requests } = yield* decodedOf([working, withHeaders(working, { "retry-after": "7" })])
    assert.lengthOf(statuses, 2)
    assert.deepStrictEqual(timesOf(requests), [0, 1000, 8000])
  })
)

describe("decodes the same body again", () => {
  const readsHeaders: Decode = (body, head, task) => {
    assert.isDefined(head.headers)
    return query.decode(body, head, task)
  }
  const copiesHead: Decode = (body, head, task) => query.decode(body, { ...head }, task)
  const hasLink = { ...working, url: "https://cdn.acme.example/preview.png" }

  it.effect.each([
    ["if the provider reads the headers", [working, working], readsHeaders],
    ["if the provider copies the headers", [working, working], copiesHead],
    ["if it contains a link, which may expire", [hasLink, hasLink], query.decode],
    [
      "if it suggests when to poll",
      [working, working].map((body) => ({ ...body, pollAfter: 500 })),
      query.decode
    ],
    [
      "if the HTTP status is another one",
      [working, { response: { status: 201, text: '{"status":"working"}' } }],
      query.decode
    ]
  ] as ReadonlyArray<[string, ReadonlyArray<Scripted>, Decode]>)("%s", ([, script, decode]) =>
    Effect.gen(function* () {
      assert.lengthOf((yield* decodedOf(script, decode)).statuses, script.length + 1)
    })
  )

  it.effect("if the caller wants the response itself", () =>
    Effect.gen(function* () {
      assert.lengthOf((yield* decodedOf([working, working], query.decode, true)).statuses, 3)
    })
  )
})
