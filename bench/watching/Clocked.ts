/** Who knows when each task was due and when it was asked about: a poll policy and a transport that take notes. */
import type { PollPolicy } from "@gentask/core"
import { Transport } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** The ids of the watched tasks, by their number. */
export const idOf = (number: number): string => `t${String(number).padStart(8, "0")}`

const numberOf = (id: string): number => Number(id.slice(1))

/** Notes on every poll. Times are those of `performance.now`. */
export class Clocked {
  /** How many polls were sent. */
  polls = 0
  /** Polls wait here until it is opened. */
  #gate: PromiseWithResolvers<void> | undefined = Promise.withResolvers<void>()
  #lateness: Array<number> | undefined
  /** Until when polls are spread at random, and every how many milliseconds each comes after that. */
  #pace: { readonly spreadFrom: number; readonly interval: number } | undefined
  readonly #dueAt: Float64Array

  constructor(tasks: number) {
    this.#dueAt = new Float64Array(tasks)
  }

  /** Lets the polls through. */
  open(): void {
    this.#gate?.resolve()
    this.#gate = undefined
  }

  /** From now on each task is asked about once in an interval, evenly spread; the first time from the given time on. */
  pace(spreadFrom: number, interval: number): void {
    this.#pace = { spreadFrom, interval }
  }

  /** Notes from now on how late each poll is, in milliseconds. */
  noteLateness(): ReadonlyArray<number> {
    this.#lateness = []
    return this.#lateness
  }

  noteNothing(): void {
    this.#lateness = undefined
  }

  /** As fast as it goes, until there is a pace. */
  readonly policy: PollPolicy.PollPolicy = {
    next: ({ snapshot }) => {
      const now = performance.now()
      const wait = this.#wait(now)
      if (snapshot !== undefined) this.#dueAt[numberOf(snapshot.id)] = now + wait
      return wait
    }
  }

  #wait(now: number): number {
    if (this.#pace === undefined) return 0
    const { spreadFrom, interval } = this.#pace
    return now < spreadFrom ? spreadFrom - now + Math.random() * interval : interval
  }

  #sent(path: string): void {
    this.polls += 1
    const due = this.#dueAt[numberOf(path.slice(path.lastIndexOf("/") + 1))] ?? 0
    if (this.#lateness !== undefined && due > 0) this.#lateness.push(performance.now() - due)
  }

  /** The same transport, with notes. */
  readonly over = (inner: Layer.Layer<Transport>): Layer.Layer<Transport> =>
    Layer.provide(
      Layer.effect(
        Transport,
        Effect.map(Transport, ({ send, open }) =>
          Transport.of({
            open,
            send: (request, limits) =>
              Effect.suspend(() => {
                this.#sent(request.url.pathname)
                const sent = send(request, limits)
                const gate = this.#gate
                return gate === undefined
                  ? sent
                  : Effect.andThen(
                      Effect.promise(() => gate.promise),
                      sent
                    )
              })
          })
        )
      ),
      inner
    )
}
