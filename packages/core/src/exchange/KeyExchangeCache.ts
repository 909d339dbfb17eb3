import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Scheduler } from "./Timer.ts"

/** The value of a key exchange. */
export interface ExchangedValue<Value> {
  readonly value: Value
  /** How long the value is valid, in milliseconds. Undefined until the vendor rejects it. */
  readonly expiresInMs: number | undefined
}

/** A value is renewed after this part of its lifetime. */
const usedLifetime = 0.9

/**
 * Keeps the value of a key exchange while it is valid. Only one exchange runs at a time, and it continues if a caller that
 * waits for it is interrupted.
 */
export class KeyExchangeCache<Value, E> {
  readonly #exchange: Effect.Effect<ExchangedValue<Value>, E>
  readonly #scheduler: Scheduler
  #current: { readonly value: Value; readonly renewAt: number } | undefined
  #pending: Fiber.Fiber<Value, E> | undefined

  constructor(exchange: Effect.Effect<ExchangedValue<Value>, E>, scheduler: Scheduler) {
    this.#exchange = exchange
    this.#scheduler = scheduler
  }

  /** The value without an exchange. Undefined if it is missing or must be renewed. */
  get current(): Value | undefined {
    return this.#current === undefined || this.#current.renewAt <= this.#scheduler.now()
      ? undefined
      : this.#current.value
  }

  /** Returns the value, and exchanges the key first if necessary. */
  readonly get: Effect.Effect<Value, E> = Effect.suspend(() => {
    const { current } = this
    return current === undefined ? Fiber.join(this.#pending ?? this.#start()) : Effect.succeed(current)
  })

  /** Removes a value that the vendor has rejected, unless it was renewed in the meantime. */
  invalidate(value: Value): void {
    if (this.#current?.value === value) this.#current = undefined
  }

  #start(): Fiber.Fiber<Value, E> {
    let isDone = false
    const exchange = Effect.map(this.#exchange, ({ value, expiresInMs = Number.POSITIVE_INFINITY }) => {
      this.#current = { value, renewAt: this.#scheduler.now() + usedLifetime * expiresInMs }
      return value
    })
    const fiber = this.#scheduler.fork(
      Effect.onExit(exchange, () => {
        isDone = true
        this.#pending = undefined
        return Effect.void
      })
    )
    // An exchange may end at once.
    if (!isDone) this.#pending = fiber
    return fiber
  }
}
