/** A provider's spec, made runnable for one account: it asks, and says what the answer means. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"
import { RateBudget } from "./RateBudget.ts"
import type { ErrorReason } from "../provider/ErrorReason.ts"
import type { RequestSpec } from "../provider/RequestSpec.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { RequestLimits, Transport } from "../http/Transport.ts"
import type { Scheduler } from "./Timer.ts"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import { decodeResponse, maxFollowUps, queryDecoder, followUpDecoder } from "./decodeResponse.ts"
import type { DecodedResponse, ResponseDecoder } from "./decodeResponse.ts"
import { makeRequestMetrics } from "./requestMetrics.ts"
import { requestOutcome, ProviderError } from "./ProviderError.ts"
import type { QueryFault } from "./ProviderError.ts"
import { buildRequest, signRequest } from "./TaskQuery.ts"
import type { TaskQuery } from "./TaskQuery.ts"
import { RequestQueue } from "./RequestQueue.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"

/** What a vendor told about a task. */
export interface QueryResult {
  readonly snapshot: TaskSnapshot
  /** When the vendor asks to be asked again, in milliseconds from now. */
  readonly pollAfterMs: number | undefined
  /** Before when the vendor does not want to be asked again, in milliseconds from now. */
  readonly retryAfterMs: number | undefined
  /** The vendor's answer, as JSON. */
  readonly raw: unknown
}

/** Runs an exchange when the account's budget allows it. */
export type RunQueued = (
  exchange: Effect.Effect<DecodedResponse, QueryFault>
) => Effect.Effect<DecodedResponse, QueryFault>

/** For how long a single question waits while the account is paused, in milliseconds; a watch waits as long as it takes. */
const patience = 30_000

const mistake = (error: unknown, account: string): ConfigurationError =>
  error instanceof ConfigurationError
    ? error
    : new ConfigurationError({
        reason: { _tag: "InvalidSettings", account, path: "" },
        message: error instanceof Error ? error.message : String(error)
      })

/** One account's way to its vendor. */
export class AccountClient {
  readonly account: ResolvedAccount
  readonly queue: RequestQueue
  readonly #transport: Transport["Service"]
  readonly #limits: RequestLimits
  readonly #count: ReturnType<typeof makeRequestMetrics>

  constructor(
    account: ResolvedAccount,
    transport: Transport["Service"],
    limits: RequestLimits,
    runner: Scheduler
  ) {
    this.account = account
    this.queue = new RequestQueue(new RateBudget(account.rateLimits), runner)
    this.#transport = transport
    this.#limits = limits
    this.#count = makeRequestMetrics(account.spec.id, account.name)
  }

  /** Asks in its turn. */
  readonly query = (question: TaskQuery): Effect.Effect<QueryResult, QueryFault> =>
    Effect.withFiber((fiber) => {
      const { pausedFor } = this.queue
      if (pausedFor <= patience) return this.#asking(question, this.#inTurn, fiber)
      const message = "The account is paused, as the vendor asked after an earlier question"
      return Effect.fail(this.#error(question, { _tag: "RateLimited", retryAfterMs: pausedFor, message }))
    })

  /** Asks, where the caller has brought about the first request's turn. */
  readonly queryWith = (question: TaskQuery, turn: RunQueued): Effect.Effect<QueryResult, QueryFault> =>
    Effect.withFiber((fiber) => this.#asking(question, turn, fiber))

  #asking(
    question: TaskQuery,
    turn: RunQueued,
    { cache, context }: Fiber.Fiber<unknown, unknown>
  ): Effect.Effect<QueryResult, QueryFault> {
    const { query } = this.account.spec
    const exchange = this.#exchange(question, () => buildRequest(question, query), queryDecoder(question))
    const asked = Effect.onExit(
      Effect.flatMap(turn(exchange), (interpretation) =>
        this.#conclude(question, interpretation, maxFollowUps)
      ),
      (exit) => {
        this.#count(exit, context)
        return Effect.void
      }
    )
    // Without a tracer nobody sees a span, and making one is a large part of what gentask adds to a request.
    return cache.tracer === undefined ? asked : Effect.withSpan(asked, "gentask.query", this.#span(question))
  }

  #span(question: TaskQuery): Tracer.SpanOptions {
    return {
      kind: "client",
      // It would name this line.
      captureStackTrace: false,
      attributes: {
        "gentask.provider": this.account.spec.id,
        "gentask.account": this.account.name,
        "gentask.task": question.id,
        "server.address": this.account.baseUrl.hostname
      }
    }
  }

  readonly #inTurn: RunQueued = (exchange) => this.queue.run(exchange, requestOutcome)

  readonly #conclude = (
    question: TaskQuery,
    interpretation: DecodedResponse,
    followUps: number
  ): Effect.Effect<QueryResult, QueryFault> => {
    if (interpretation._tag === "Snapshot") return Effect.succeed(interpretation)
    if (interpretation._tag === "Error") return Effect.fail(this.#error(question, interpretation.reason))
    if (followUps === 0) {
      const message = `${this.account.spec.id} asked for more than ${maxFollowUps} further requests`
      return Effect.fail(this.#error(question, { _tag: "UnexpectedResponse", path: "", message }))
    }
    const { followUp: exchange } = interpretation
    return Effect.flatMap(
      this.#inTurn(this.#exchange(question, () => exchange.request, followUpDecoder(exchange))),
      (next) => this.#conclude(question, next, followUps - 1)
    )
  }

  /** One request and its answer; a fault is an error here already, so that the budget hears of it. */
  readonly #exchange = (
    question: TaskQuery,
    request: () => RequestSpec,
    reading: ResponseDecoder
  ): Effect.Effect<DecodedResponse, QueryFault> =>
    Effect.clockWith((clock): Effect.Effect<DecodedResponse, QueryFault> => {
      let finished
      try {
        finished = signRequest(question, request(), new Date(clock.currentTimeMillisUnsafe()))
      } catch (error) {
        return Effect.fail(mistake(error, this.account.name))
      }
      return Effect.matchEffect(this.#transport.send(finished, this.#limits), {
        onFailure: (fault) => Effect.fail(this.#error(question, fault)),
        onSuccess: (answer) => {
          const interpretation = decodeResponse(question, reading, {
            ...answer,
            at: clock.currentTimeMillisUnsafe()
          })
          return interpretation._tag === "Error"
            ? Effect.fail(this.#error(question, interpretation.reason))
            : Effect.succeed(interpretation)
        }
      })
    })

  #error(question: TaskQuery, reason: ErrorReason): ProviderError {
    return ProviderError.make({
      provider: this.account.spec.id,
      account: this.account.name,
      operation: "query",
      ref: question.ref,
      reason
    })
  }
}
