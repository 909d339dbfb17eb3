/** A provider's spec, made runnable for one account: it asks, and says what the answer means. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type * as Tracer from "effect/Tracer"
import { RateBudget } from "./RateBudget.ts"
import type { Fault } from "../provider/ErrorReason.ts"
import type { WireRequest } from "../provider/HttpRequest.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { Limits, Transport } from "../http/Transport.ts"
import type { Runner } from "./Timer.ts"
import { ConfigurationError } from "../account/ConfigurationError.ts"
import { interpret, mostFollowUps, readingOf, readingOfFollowUp } from "./decodeResponse.ts"
import type { Interpretation, Reading } from "./decodeResponse.ts"
import { makeExchangeMetrics } from "./requestMetrics.ts"
import { howItWent, ProviderError } from "./ProviderError.ts"
import type { AskError } from "./ProviderError.ts"
import { describe, finish } from "./TaskQuery.ts"
import type { Question } from "./TaskQuery.ts"
import { RequestLane } from "./RequestQueue.ts"
import type { ResolvedAccount } from "../account/ResolvedAccount.ts"

/** What a vendor told about a task. */
export interface Told {
  readonly snapshot: TaskSnapshot
  /** When the vendor asks to be asked again, in milliseconds from now. */
  readonly pollAfter: number | undefined
  /** Before when the vendor does not want to be asked again, in milliseconds from now. */
  readonly retryAfter: number | undefined
  /** The vendor's answer, as JSON. */
  readonly raw: unknown
}

/** Runs an exchange when the account's budget allows it. */
export type Turn = (
  exchange: Effect.Effect<Interpretation, AskError>
) => Effect.Effect<Interpretation, AskError>

/** For how long a single question waits while the account is paused, in milliseconds; a watch waits as long as it takes. */
const patience = 30_000

const mistake = (error: unknown): ConfigurationError =>
  error instanceof ConfigurationError
    ? error
    : new ConfigurationError({
        problem: "InvalidSettings",
        message: error instanceof Error ? error.message : String(error)
      })

/** One account's way to its vendor. */
export class Provider {
  readonly account: ResolvedAccount
  readonly lane: RequestLane
  readonly #transport: Transport["Service"]
  readonly #limits: Limits
  readonly #count: ReturnType<typeof makeExchangeMetrics>

  constructor(account: ResolvedAccount, transport: Transport["Service"], limits: Limits, runner: Runner) {
    this.account = account
    this.lane = new RequestLane(new RateBudget(account.limits), runner)
    this.#transport = transport
    this.#limits = limits
    this.#count = makeExchangeMetrics(account.spec.id, account.name)
  }

  /** Asks in its turn. */
  readonly ask = (question: Question): Effect.Effect<Told, AskError> =>
    Effect.withFiber((fiber) => {
      const { pausedFor } = this.lane
      if (pausedFor <= patience) return this.#asking(question, this.#inTurn, fiber)
      const message = "The account is paused, as the vendor asked after an earlier question"
      return Effect.fail(this.#error(question, { _tag: "RateLimited", retryAfter: pausedFor, message }))
    })

  /** Asks, where the caller has brought about the first request's turn. */
  readonly askWith = (question: Question, turn: Turn): Effect.Effect<Told, AskError> =>
    Effect.withFiber((fiber) => this.#asking(question, turn, fiber))

  #asking(
    question: Question,
    turn: Turn,
    { cache, context }: Fiber.Fiber<unknown, unknown>
  ): Effect.Effect<Told, AskError> {
    const { query } = this.account.spec
    const exchange = this.#exchange(question, () => describe(question, query), readingOf(question))
    const asked = Effect.onExit(
      Effect.flatMap(turn(exchange), (interpretation) =>
        this.#conclude(question, interpretation, mostFollowUps)
      ),
      (exit) => {
        this.#count(exit, context)
        return Effect.void
      }
    )
    // Without a tracer nobody sees a span, and making one is a large part of what gentask adds to a request.
    return cache.tracer === undefined ? asked : Effect.withSpan(asked, "gentask.query", this.#span(question))
  }

  #span(question: Question): Tracer.SpanOptions {
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

  readonly #inTurn: Turn = (exchange) => this.lane.run(exchange, howItWent)

  readonly #conclude = (
    question: Question,
    interpretation: Interpretation,
    followUps: number
  ): Effect.Effect<Told, AskError> => {
    if (interpretation._tag === "Snapshot") return Effect.succeed(interpretation)
    if (interpretation._tag === "Fault") return Effect.fail(this.#error(question, interpretation.fault))
    if (followUps === 0) {
      const message = `${this.account.spec.id} asked for more than ${mostFollowUps} further requests`
      return Effect.fail(this.#error(question, { _tag: "UnexpectedResponse", path: "", message }))
    }
    const { exchange } = interpretation
    return Effect.flatMap(
      this.#inTurn(this.#exchange(question, () => exchange.request, readingOfFollowUp(exchange))),
      (next) => this.#conclude(question, next, followUps - 1)
    )
  }

  /** One request and its answer; a fault is an error here already, so that the budget hears of it. */
  readonly #exchange = (
    question: Question,
    request: () => WireRequest,
    reading: Reading
  ): Effect.Effect<Interpretation, AskError> =>
    Effect.clockWith((clock): Effect.Effect<Interpretation, AskError> => {
      let finished
      try {
        finished = finish(question, request(), new Date(clock.currentTimeMillisUnsafe()))
      } catch (error) {
        return Effect.fail(mistake(error))
      }
      return Effect.matchEffect(this.#transport.send(finished, this.#limits), {
        onFailure: (fault) => Effect.fail(this.#error(question, fault)),
        onSuccess: (answer) => {
          const interpretation = interpret(question, reading, {
            ...answer,
            at: clock.currentTimeMillisUnsafe()
          })
          return interpretation._tag === "Fault"
            ? Effect.fail(this.#error(question, interpretation.fault))
            : Effect.succeed(interpretation)
        }
      })
    })

  #error(question: Question, reason: Fault): ProviderError {
    return ProviderError.make({
      provider: this.account.spec.id,
      account: this.account.name,
      operation: "query",
      ref: question.ref,
      reason
    })
  }
}
