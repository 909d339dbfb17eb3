import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"
import { rateLimitReset } from "../http/rateLimitReset.ts"
import type { RequestLimits, SendError, Transport } from "../http/Transport.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { RequestSpec } from "../provider/RequestSpec.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { SubmitSpans } from "../telemetry/SubmitSpans.ts"
import { decodeIfChanged } from "./decodeIfChanged.ts"
import type { LastResponse } from "./decodeIfChanged.ts"
import { decodeResponse, followUpDecoder, maxFollowUps, queryDecoder } from "./decodeResponse.ts"
import type { DecodedResponse, ResponseDecoder } from "./Decoding.ts"
import { rawResponse } from "./parseBody.ts"
import { ProviderError, requestOutcome } from "./ProviderError.ts"
import type { QueryFailure } from "./ProviderError.ts"
import { RateBudget } from "./RateBudget.ts"
import { makeRequestMetrics } from "./requestMetrics.ts"
import { RecordedResults } from "./RecordedResults.ts"
import { RequestQueue } from "./RequestQueue.ts"
import type { Release } from "./RequestQueue.ts"
import { RequestSender, toConfigurationError } from "./RequestSender.ts"
import { buildRequest, encodeRequest } from "./TaskQuery.ts"
import type { TaskQuery } from "./TaskQuery.ts"
import type { Scheduler } from "./Timer.ts"
import { traceExchange, traceQuery } from "./traceQuery.ts"
import type { QueryTrace } from "./traceQuery.ts"
import type { VendorResponse } from "./VendorResponse.ts"

/** The result of one query. */
export interface QueryResult {
  readonly snapshot: TaskSnapshot
  /** Delay until the next poll that the vendor suggests, in milliseconds. */
  readonly pollAfterMs: number | undefined
  /** Minimum delay until the next request that the vendor requires, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** The vendor's response as JSON. */
  readonly raw: unknown
}

/** Maximum time that a single query waits while its account is paused, in milliseconds. Polls have no such limit. */
const maxPauseMs = 30_000

/** The reason of an error. A query may always be repeated, so that its delivery is of no interest. */
const reasonOf = (error: SendError): ErrorReason => {
  const { delivery: _, ...reason } = error
  return reason
}

/** Sends the requests of one account. All of them share one queue and one rate budget. */
export class AccountClient {
  readonly account: ResolvedAccount
  readonly budget: RateBudget
  readonly queue: RequestQueue
  /** Sends requests of the account other than queries, which have queues of their own. */
  readonly sender: RequestSender
  /** The results of tasks that cannot be queried. */
  results = new RecordedResults()
  /** The spans that submitted tasks, which those of queries are linked to. */
  spans: SubmitSpans | undefined
  /** Called with each snapshot that a query returns. */
  onSnapshot: ((snapshot: TaskSnapshot) => void) | undefined
  readonly #count: ReturnType<typeof makeRequestMetrics>

  constructor(
    account: ResolvedAccount,
    transport: Transport["Service"],
    limits: RequestLimits,
    scheduler: Scheduler,
    budget: RateBudget = new RateBudget(account.rateLimits)
  ) {
    this.account = account
    this.budget = budget
    this.queue = new RequestQueue(budget, scheduler)
    this.sender = new RequestSender(account, transport, limits, scheduler)
    this.#count = makeRequestMetrics(account.spec.id, account.name)
  }

  /**
   * Queries a task once. A poll passes the permit that the queue granted for its first request; otherwise the query
   * waits for its turn, and fails at once if the account is paused for long.
   *
   * @param known What a poll remembers of the last response. An identical one then has the same snapshot, and no `raw`.
   */
  query(query: TaskQuery, permit?: Release, known?: LastResponse): Effect.Effect<QueryResult, QueryFailure> {
    return Effect.withFiber((fiber) => {
      const { pausedForMs } = this.queue
      return permit === undefined && pausedForMs > maxPauseMs
        ? Effect.fail(this.#pausedError(query, pausedForMs))
        : this.#traced(query, permit, known, fiber)
    })
  }

  #traced(
    query: TaskQuery,
    permit: Release | undefined,
    known: LastResponse | undefined,
    { cache, context }: Fiber.Fiber<unknown, unknown>
  ): Effect.Effect<QueryResult, QueryFailure> {
    const counted = (trace?: QueryTrace) =>
      Effect.onExit(this.#query(query, permit, known, trace), (exit) => {
        this.#count(exit, context)
        return Effect.void
      })
    // Creating a span is a large part of gentask's cost per request, and without a tracer it has no effect.
    return cache.tracer === undefined
      ? counted()
      : traceQuery(query, this.spans, permit !== undefined, counted)
  }

  #recorded(query: TaskQuery, permit: Release | undefined): Effect.Effect<QueryResult, QueryFailure> {
    permit?.(undefined)
    return Effect.map(this.results.get(query), (snapshot) => ({
      snapshot,
      pollAfterMs: undefined,
      retryAfterMs: undefined,
      raw: undefined
    }))
  }

  #query(
    query: TaskQuery,
    permit: Release | undefined,
    known: LastResponse | undefined,
    trace: QueryTrace | undefined
  ): Effect.Effect<QueryResult, QueryFailure> {
    if (query.completesOnSubmit) return this.#recorded(query, permit)
    const first = this.#send(
      query,
      () => buildRequest(query, this.account.spec.query),
      queryDecoder(query),
      trace,
      permit,
      known
    )
    return Effect.flatMap(first, (decoded) => this.#followUp(query, decoded, trace, maxFollowUps))
  }

  #followUp(
    query: TaskQuery,
    decoded: DecodedResponse,
    trace: QueryTrace | undefined,
    remaining: number
  ): Effect.Effect<QueryResult, QueryFailure> {
    if (decoded._tag === "Snapshot") {
      this.onSnapshot?.(decoded.snapshot)
      return Effect.succeed(decoded)
    }
    if (decoded._tag === "Error") return Effect.fail(this.#error(query, decoded.reason))
    if (remaining === 0) {
      const message = `The provider ${this.account.spec.id} requested more than ${maxFollowUps} follow-ups`
      return Effect.fail(this.#error(query, { _tag: "UnexpectedResponse", path: "", message }))
    }
    const { followUp } = decoded
    return Effect.flatMap(
      this.#send(query, () => followUp.request, followUpDecoder(followUp), trace),
      (next) => this.#followUp(query, next, trace, remaining - 1)
    )
  }

  #send(
    query: TaskQuery,
    build: () => RequestSpec,
    decoder: ResponseDecoder,
    trace: QueryTrace | undefined,
    permit?: Release,
    known?: LastResponse
  ): Effect.Effect<DecodedResponse, QueryFailure> {
    return this.queue.send(this.#exchange(query, build, decoder, trace, known), requestOutcome, permit)
  }

  /** One request and its response. An error fails the effect here, so that the rate budget sees it. */
  #exchange(
    query: TaskQuery,
    build: () => RequestSpec,
    decoder: ResponseDecoder,
    trace: QueryTrace | undefined,
    known: LastResponse | undefined
  ): Effect.Effect<DecodedResponse, QueryFailure> {
    return Effect.suspend((): Effect.Effect<DecodedResponse, QueryFailure> => {
      let encoded
      try {
        encoded = encodeRequest(query, build())
      } catch (error) {
        return Effect.fail(toConfigurationError(error, this.account.name))
      }
      const { request } = encoded
      if (trace !== undefined) traceExchange(trace, query, request)
      return Effect.matchEffect(this.sender.send(encoded), {
        onFailure: (error) =>
          Effect.fail(error instanceof ConfigurationError ? error : this.#error(query, reasonOf(error))),
        onSuccess: (response) => {
          if (trace !== undefined) traceExchange(trace, query, request, response.status)
          const decode = (): DecodedResponse => decodeResponse(query, decoder, response, response.secrets)
          const decoded = known === undefined ? decode() : decodeIfChanged(known, response, decode)
          if (decoded._tag !== "Error" || decoded.reason._tag !== "RateLimited") {
            const resetMs = rateLimitReset(response.headers, response.at)
            if (resetMs !== undefined) this.queue.pause(resetMs)
          }
          return decoded._tag === "Error"
            ? Effect.fail(this.#error(query, decoded.reason, response))
            : Effect.succeed(decoded)
        }
      })
    })
  }

  #pausedError(query: TaskQuery, retryAfterMs: number): ProviderError {
    const message = "The account is paused because the vendor reported that its rate limit is used up"
    return this.#error(query, { _tag: "RateLimited", retryAfterMs, message })
  }

  #error({ ref, keepsRaw }: TaskQuery, reason: ErrorReason, response?: VendorResponse): ProviderError {
    const { spec, name } = this.account
    const raw =
      keepsRaw === true && response !== undefined ? rawResponse(response.text, response.secrets) : undefined
    return new ProviderError({ provider: spec.id, account: name, ref, reason, raw })
  }
}
