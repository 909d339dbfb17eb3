/** Errors of a caller that the compiler would have found. */
import { inspect } from "node:util"
import { describe, expect, it } from "vitest"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { ConfigurationError, createGentask } from "@gentask/core"
import type { Gentask, GentaskOptions } from "@gentask/core"
import { RetryPolicy, Tasks } from "@gentask/core/effect"
import { createClient } from "../../src/client/createGentask.ts"
import { account, scriptedTasks, scriptedTransport, succeeded } from "../support/acme.ts"

/** A call as JavaScript may make it. */
const untyped = (value: unknown): never => value as never

/** The `ConfigurationError` that a call throws or rejects with. */
const configurationError = async (call: () => unknown): Promise<ConfigurationError> => {
  const error = await Promise.resolve()
    .then(call)
    .then(
      () => "no error",
      (error: unknown) => error
    )
  expect(error).toBeInstanceOf(ConfigurationError)
  expect(error).toMatchObject({ reason: { _tag: "InvalidOption" } })
  return error as ConfigurationError
}

const first = async <A>(iterable: AsyncIterable<A>): Promise<A | undefined> => {
  for await (const value of iterable) return value
  return undefined
}

const expectedDuration = 'Use milliseconds or text such as "10 minutes" or "10m".'
const expectedRefs = "waitAll needs a list of task refs. Use wait for a single one."
const expectedDir = 'save needs the option dir, such as { dir: "out" }.'

const invalidSaveOptions: ReadonlyArray<readonly [name: string, value: unknown, message: string]> = [
  ["dir", "", 'Invalid dir: "". Use the path of a folder, such as "out".'],
  ["dir", "a\0b", 'Invalid dir: "a\\u0000b". Use the path of a folder, such as "out".'],
  ["dir", 7, 'Invalid dir: 7. Use the path of a folder, such as "out".'],
  [
    "roles",
    "results",
    'Invalid roles: "results". Use "all" or a list of result, thumbnail, preview, watermarked.'
  ],
  ["roles", [], 'Invalid roles: a list. Use "all" or a list of result, thumbnail, preview, watermarked.'],
  [
    "roles",
    ["video"],
    'Invalid roles: "video". Use "all" or a list of result, thumbnail, preview, watermarked.'
  ],
  ["overwrite", "yes", 'Invalid overwrite: "yes". Use true or false.'],
  ["maxBytes", "x", 'Invalid maxBytes: "x". Use a number of bytes above 0.'],
  ["maxBytes", 0, "Invalid maxBytes: 0. Use a number of bytes above 0."],
  ["maxBytes", Number.NaN, "Invalid maxBytes: NaN. Use a number of bytes above 0."],
  ["attempts", 0, "Invalid attempts: 0. Use an integer of at least 1."],
  ["attempts", 1.5, "Invalid attempts: 1.5. Use an integer of at least 1."],
  ["attempts", null, "Invalid attempts: null. Use an integer of at least 1."],
  ["timeout", "soon", `Invalid timeout: "soon". ${expectedDuration}`],
  ["timeout", -1, `Invalid timeout: -1. ${expectedDuration}`],
  ["timeout", {}, `Invalid timeout: an object. ${expectedDuration}`],
  ["minSpeed", -1, "Invalid minSpeed: -1. Use a number of bytes per second, or 0 for no limit."],
  ["minSpeed", Infinity, "Invalid minSpeed: Infinity. Use a number of bytes per second, or 0 for no limit."],
  ["onRetry", "log", 'Invalid onRetry: "log". Use a function.'],
  ["onProgress", true, "Invalid onProgress: true. Use a function."],
  ["onWait", [], "Invalid onWait: a list. Use a function."]
]

describe("createGentask", () => {
  it.each([
    [undefined],
    [null],
    [{}],
    [{ providers: undefined }],
    [{ providers: "acme" }],
    [{ providers: account() }]
  ])("throws without a list of providers: %j", async (options) => {
    const error = await configurationError(() => createGentask(untyped(options)))
    expect(error.message).toBe(
      "createGentask needs the option providers: a list of accounts, such as [jimmy({ apiKey })]."
    )
  })

  it.each([
    ["baseDelay", "soon"],
    ["maxDelay", -1],
    ["maxRetryAfter", "5 parsecs"]
  ])("throws if the retry option %s is %j", async (name, value) => {
    const error = await configurationError(() =>
      createGentask({ providers: [account()], retry: { [name]: value } })
    )
    expect(error.message).toBe(
      `Invalid retry.${name}: ${typeof value === "string" ? `"${value}"` : value}. ${expectedDuration}`
    )
  })

  it.each([-1, 1.5, "twice"])("throws if the retry option times is %j", async (times) => {
    const error = await configurationError(() =>
      createGentask({ providers: [account()], retry: { times: untyped(times) } })
    )
    expect(error.message).toBe(`Invalid retry.times: ${JSON.stringify(times)}. Use an integer of at least 0.`)
  })

  it.each<[string, Partial<GentaskOptions>]>([
    [`Invalid requestTimeout: "soon". ${expectedDuration}`, { requestTimeout: "soon" }],
    [`Invalid notFound.grace: "soon". ${expectedDuration}`, { notFound: { grace: "soon" } }],
    ["Invalid notFound.times: 0. Use an integer of at least 1.", { notFound: { times: 0 } }],
    [
      "Invalid unexpectedResponse.times: NaN. Use an integer of at least 1.",
      { unexpectedResponse: { times: Number.NaN } }
    ],
    ['Invalid maxResponseBytes: "x". Use a number of bytes above 0.', { maxResponseBytes: untyped("x") }]
  ])("makes operations reject if an option is invalid: %s", async (message, options) => {
    await using gentask = createGentask({ providers: [account()], ...options })
    for (const run of [() => gentask.query("acme:1"), () => first(gentask.watch("acme:1"))])
      expect((await configurationError(run)).message).toBe(message)
  })
})

describe("an operation of createGentask", () => {
  const operations: ReadonlyArray<readonly [string, string, (gentask: Gentask) => unknown]> = [
    [
      "wait with an invalid timeout",
      `Invalid timeout: "soon". ${expectedDuration}`,
      (gentask) => gentask.wait("acme:1", { timeout: "soon" })
    ],
    [
      "waitAll with an invalid timeout",
      `Invalid timeout: "soon". ${expectedDuration}`,
      (gentask) => first(gentask.waitAll(["acme:1"], { timeout: "soon" }))
    ],
    ["waitAll of a single ref", expectedRefs, (gentask) => first(gentask.waitAll(untyped("acme:1")))],
    ["waitAll without refs", expectedRefs, (gentask) => first(gentask.waitAll(untyped(undefined)))],
    [
      "waitAll of a single ref in parts",
      expectedRefs,
      (gentask) => first(gentask.waitAll(untyped({ provider: "acme", id: "1", params: {} })))
    ],
    ["save without dir", expectedDir, (gentask) => gentask.save("acme:1", untyped({}))],
    ["save without options", expectedDir, (gentask) => gentask.save("acme:1", untyped(undefined))],
    ...invalidSaveOptions.map(
      ([name, value, message]) =>
        [
          `save with ${name}: ${inspect(value)}`,
          message,
          (gentask: Gentask) => gentask.save("acme:1", untyped({ dir: "out", [name]: value }))
        ] as const
    )
  ]

  it.each(operations)("%s rejects with ConfigurationError, and sends nothing", async (_, message, run) => {
    const { transport, requests } = scriptedTransport({ "1": [succeeded] })
    await using gentask = createClient({ providers: [account()] }, transport)
    expect((await configurationError(() => run(gentask))).message).toBe(message)
    expect(requests).toEqual([])
  })

  it("waitAll throws nothing before it is iterated", async () => {
    await using gentask = createGentask({ providers: [account()] })
    expect(() => gentask.waitAll(untyped("acme:1"))).not.toThrow()
  })
})

describe("Tasks", () => {
  const run = (use: (tasks: Tasks["Service"]) => Effect.Effect<unknown, unknown>): Promise<unknown> =>
    Effect.runPromise(Tasks.use(use).pipe(Effect.provide(scriptedTasks({ "1": [succeeded] }).layer)))

  it.each<[string, string, (tasks: Tasks["Service"]) => Effect.Effect<unknown, unknown>]>([
    [
      "wait with an invalid timeout",
      `Invalid timeout: "soon". ${expectedDuration}`,
      (tasks) => tasks.wait("acme:1", { timeout: "soon" })
    ],
    [
      "waitAll with an invalid timeout",
      `Invalid timeout: "soon". ${expectedDuration}`,
      (tasks) => Stream.runDrain(tasks.waitAll(["acme:1"], { timeout: "soon" }))
    ],
    ["waitAll of a single ref", expectedRefs, (tasks) => Stream.runDrain(tasks.waitAll(untyped("acme:1")))],
    ["save without dir", expectedDir, (tasks) => tasks.save("acme:1", untyped({}))],
    [
      "save with an invalid timeout",
      `Invalid timeout: "soon". ${expectedDuration}`,
      (tasks) => tasks.save("acme:1", { dir: "out", timeout: "soon" })
    ]
  ])("%s fails with ConfigurationError", async (_, message, use) => {
    expect((await configurationError(() => run(use))).message).toBe(message)
  })

  it("has a layer that fails with ConfigurationError if an option is invalid", async () => {
    const layers: ReadonlyArray<readonly [string, Partial<GentaskOptions>]> = [
      [`Invalid requestTimeout: "soon". ${expectedDuration}`, { requestTimeout: "soon" }],
      [
        "Invalid providers: expected a list of accounts, such as [jimmy({ apiKey })].",
        { providers: untyped({}) }
      ]
    ]
    for (const [message, options] of layers) {
      const error = await configurationError(() =>
        Effect.runPromise(Effect.provide(Tasks.use(Effect.succeed), scriptedTasks({}, options).layer))
      )
      expect(error.message).toBe(message)
    }
  })

  it("has retry policies that throw if a duration is invalid", async () => {
    const error = await configurationError(() => RetryPolicy.transient({ baseDelay: "soon" }))
    expect(error.message).toBe(`Invalid retry.baseDelay: "soon". ${expectedDuration}`)
  })
})
