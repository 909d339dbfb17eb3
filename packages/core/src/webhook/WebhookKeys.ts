import * as Effect from "effect/Effect"
import type { AccountClient } from "../exchange/AccountClient.ts"
import { KeyExchangeCache } from "../exchange/KeyExchangeCache.ts"
import type { SendFailure } from "../exchange/RequestSender.ts"
import type { Scheduler } from "../exchange/Timer.ts"
import type { KeyExchange } from "../provider/KeyExchange.ts"

/** Minimum time between two requests for the keys, in milliseconds. Anyone may send webhooks with an invalid signature. */
const minIntervalMs = 60_000

/** The vendor's public keys that verify the webhooks of an account. */
export class WebhookKeys {
  readonly #cache: KeyExchangeCache<unknown, SendFailure>
  readonly #scheduler: Scheduler
  #nextAt = Number.NEGATIVE_INFINITY
  #lastError: SendFailure | undefined

  constructor(client: AccountClient, keys: KeyExchange<unknown, unknown, unknown>, scheduler: Scheduler) {
    this.#scheduler = scheduler
    const exchange = client.queue.send(client.sender.exchangeKey(keys), (exit) =>
      exit._tag === "Success" ? "succeeded" : undefined
    )
    const limited = Effect.suspend(() => {
      if (this.#lastError !== undefined && this.#isTooSoon) return Effect.fail(this.#lastError)
      this.#nextAt = scheduler.now() + minIntervalMs
      this.#lastError = undefined
      return Effect.tapError(exchange, (error) =>
        Effect.sync(() => {
          this.#lastError = error
        })
      )
    })
    this.#cache = new KeyExchangeCache<unknown, SendFailure>(limited, scheduler)
  }

  get #isTooSoon(): boolean {
    return this.#scheduler.now() < this.#nextAt
  }

  /** The keys. Requested if they are missing or have expired. */
  get get(): Effect.Effect<unknown, SendFailure> {
    return this.#cache.get
  }

  /** Requests the keys again, as the vendor may have replaced them. Undefined if they were requested a moment ago. */
  renew(keys: unknown): Effect.Effect<unknown, SendFailure> | undefined {
    if (this.#isTooSoon) return undefined
    this.#cache.invalidate(keys)
    return this.#cache.get
  }
}
