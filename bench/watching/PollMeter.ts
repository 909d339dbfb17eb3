import type { PollPolicy } from "@gentask/core"
import { Transport } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"

/** Returns the id of the task with a number. */
export const idOf = (number: number): string => `t${String(number).padStart(8, "0")}`

const numberOf = (id: string): number => Number(id.slice(1))

/**
 * Counts polls and measures how late they are. Its poll policy decides when a poll is due, and its transport observes when
 * it is sent. Times are those of `performance.now`.
 */
export class PollMeter {
  /** The number of polls that were sent. */
  polls = 0
  /** Polls wait for this promise until `open` is called. */
  #gate: PromiseWithResolvers<void> | undefined = Promise.withResolvers<void>()
  #lateness: Array<number> | undefined
  /** The time from which polls are spread at random, and the interval between the polls of a task, in milliseconds. */
  #pace: { readonly spreadFrom: number; readonly interval: number } | undefined
  readonly #dueAt: Float64Array

  constructor(tasks: number) {
    this.#dueAt = new Float64Array(tasks)
  }

  /** Sends the polls that wait, and lets later ones pass. */
  open(): void {
    this.#gate?.resolve()
    this.#gate = undefined
  }

  /** Polls each task once per interval, evenly spread, starting at a time. */
  pace(spreadFrom: number, interval: number): void {
    this.#pace = { spreadFrom, interval }
  }

  /** Starts to record how late each poll is, and returns the list to which it adds milliseconds. */
  recordLateness(): ReadonlyArray<number> {
    this.#lateness = []
    return this.#lateness
  }

  stopRecording(): void {
    this.#lateness = undefined
  }

  /** Polls as fast as possible until `pace` is called. */
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

  #observe(path: string): void {
    this.polls += 1
    const due = this.#dueAt[numberOf(path.slice(path.lastIndexOf("/") + 1))] ?? 0
    if (this.#lateness !== undefined && due > 0) this.#lateness.push(performance.now() - due)
  }

  /** Returns a transport that observes the requests of another one. */
  readonly observed = (inner: Layer.Layer<Transport>): Layer.Layer<Transport> =>
    Layer.provide(
      Layer.effect(
        Transport,
        Effect.map(Transport, ({ send, open }) =>
          Transport.of({
            open,
            send: (request, limits, options) =>
              Effect.suspend(() => {
                this.#observe(request.url.pathname)
                const sent = send(request, limits, options)
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
