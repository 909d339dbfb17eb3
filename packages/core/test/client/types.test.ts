/**
 * Calls that the compiler must reject. `tsc` reports an unused `@ts-expect-error`, so each comment is a separate test.
 * See optionErrors.test.ts for what happens at run time.
 */
import type * as Layer from "effect/Layer"
import type * as Schedule from "effect/Schedule"
import { describe, expect, expectTypeOf, it } from "vitest"
import { ConfigurationError, createGentask } from "@gentask/core"
import type {
  Gentask,
  GentaskOptions,
  NotFoundOptions,
  QueryError,
  QueryOptions,
  RetryOptions,
  SucceededSnapshot,
  TaskSnapshot,
  WaitError,
  WaitOptions
} from "@gentask/core"
import type { Tasks, Transport } from "@gentask/core/effect"
import { account } from "../support/acme.ts"

const providers = [account()]

const firstOf = async (iterable: AsyncIterable<unknown>): Promise<unknown> => {
  for await (const value of iterable) return value
  return undefined
}

describe("createGentask", () => {
  it("requires a list of providers", () => {
    // @ts-expect-error The options are required.
    expect(() => createGentask()).toThrow(ConfigurationError)
    // @ts-expect-error The option providers is required.
    expect(() => createGentask({})).toThrow(ConfigurationError)
    // @ts-expect-error A single account is not a list.
    expect(() => createGentask({ providers: account() })).toThrow(ConfigurationError)
  })

  it("accepts durations as text or milliseconds, and nothing else", () => {
    expectTypeOf<GentaskOptions["requestTimeout"]>().toEqualTypeOf<number | string | undefined>()
    // @ts-expect-error A duration is text or a number.
    const options = { providers, requestTimeout: { seconds: 30 } } satisfies GentaskOptions
    expect(options.providers).toBe(providers)
  })

  it("accepts retry options or false, but no schedule of Effect", () => {
    expectTypeOf<GentaskOptions["retry"]>().toEqualTypeOf<RetryOptions | false | undefined>()
    expectTypeOf<Schedule.Schedule<unknown>>().not.toExtend<GentaskOptions["retry"]>()
    // @ts-expect-error Retries are on by default, so `true` has no meaning.
    const enabled = { providers, retry: true } satisfies GentaskOptions
    // @ts-expect-error The option of the Effect API.
    const policy = { providers, retryPolicy: undefined } satisfies GentaskOptions
    // @ts-expect-error The option of the Effect API.
    const transport = { providers, transport: {} as Layer.Layer<Transport> } satisfies GentaskOptions
    expect([enabled.retry, policy.providers, transport.providers]).toEqual([true, providers, providers])
  })
})

describe("RetryOptions", () => {
  it("has a number of retries and three durations", () => {
    const options = {
      times: 2,
      baseDelay: "500ms",
      maxDelay: 5000,
      maxRetryAfter: "1 minute"
    } satisfies RetryOptions
    expectTypeOf<Required<RetryOptions>>().toExtend<Record<keyof typeof options, unknown>>()
    expectTypeOf<keyof RetryOptions>().toEqualTypeOf<keyof typeof options>()
    // @ts-expect-error `times` is a number.
    const times = { times: "2" } satisfies RetryOptions
    // @ts-expect-error An unknown option.
    const base = { base: "500ms" } satisfies RetryOptions
    // @ts-expect-error A duration is text or a number.
    const delay = { baseDelay: [500] } satisfies RetryOptions
    expect([times, base, delay]).toHaveLength(3)
  })
})

describe("NotFoundOptions", () => {
  it("has a number of responses and a duration", () => {
    const options = { times: 1, grace: "10 seconds" } satisfies NotFoundOptions
    expectTypeOf<keyof NotFoundOptions>().toEqualTypeOf<keyof typeof options>()
    // @ts-expect-error `times` is a number.
    const times = { times: "3" } satisfies NotFoundOptions
    // @ts-expect-error An unknown option: `grace` accepts milliseconds too.
    const graceMs = { graceMs: 1000 } satisfies NotFoundOptions
    // @ts-expect-error A duration is text or a number.
    const grace = { grace: true } satisfies NotFoundOptions
    expect([times, graceMs, grace]).toHaveLength(3)
  })
})

describe("the operations", () => {
  it("reject a single ref for waitAll", async () => {
    await using gentask = createGentask({ providers })
    // @ts-expect-error A string is not a list of refs.
    await expect(firstOf(gentask.waitAll("jimmy:1"))).rejects.toThrow(ConfigurationError)
    expectTypeOf<string>().not.toExtend<Parameters<Tasks["Service"]["waitAll"]>[0]>()
    expectTypeOf<ReadonlyArray<string>>().toExtend<Parameters<Tasks["Service"]["waitAll"]>[0]>()
    expectTypeOf<Set<string>>().toExtend<Parameters<Gentask["waitAll"]>[0]>()
  })

  it("require the option dir for save", async () => {
    await using gentask = createGentask({ providers })
    // @ts-expect-error The option dir is required.
    await expect(gentask.save("jimmy:1", {})).rejects.toThrow(ConfigurationError)
    // @ts-expect-error The options are required.
    await expect(gentask.save("jimmy:1")).rejects.toThrow(ConfigurationError)
  })

  it("accept a timeout as text or milliseconds, and only where it has a meaning", () => {
    expectTypeOf<WaitOptions["timeout"]>().toEqualTypeOf<number | string | undefined>()
    // @ts-expect-error A duration is text or a number.
    const timeout = { timeout: true } satisfies WaitOptions
    // @ts-expect-error `query` has no timeout.
    const query = { timeout: "1m" } satisfies QueryOptions
    expect([timeout, query]).toHaveLength(2)
  })

  it("return snapshots whose status the compiler knows", () => {
    expectTypeOf<Gentask["wait"]>().returns.resolves.toEqualTypeOf<SucceededSnapshot>()
    expectTypeOf<Gentask["query"]>().returns.resolves.toEqualTypeOf<TaskSnapshot>()
    expectTypeOf<SucceededSnapshot["status"]>().toEqualTypeOf<"succeeded">()
  })

  it("have errors that a switch over the tags can handle completely", () => {
    expectTypeOf<QueryError["_tag"]>().toEqualTypeOf<
      "ProviderError" | "ConfigurationError" | "InvalidTaskRef" | "ClientClosed"
    >()
    expectTypeOf<WaitError["_tag"]>().toEqualTypeOf<QueryError["_tag"] | "TaskFailed" | "StillRunning">()
    expectTypeOf<Extract<WaitError, { _tag: "StillRunning" }>["lastError"]>().toEqualTypeOf<Extract<
      WaitError,
      { _tag: "ProviderError" }
    > | null>()
  })
})
