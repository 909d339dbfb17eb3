/** The queue before one account: requests start in the order they came, as its rate budget and its width allow. */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { Fault } from "../provider/Fault.ts"
import type { RateBudget } from "../policy/RateBudget.ts"
import { Alarm } from "./Alarm.ts"
import type { Runner } from "./Alarm.ts"

/** Told when the answer came: with the fault, if it was one. */
export type Release = (fault: Fault | undefined) => void

/** A request that waits for its turn. */
interface Waiting {
  start: ((release: Release) => void) | undefined
}

/** How many requests of one account may be out at once. */
const width = 64

/** One account's queue. */
export class RequestLane {
  readonly #budget: RateBudget
  readonly #runner: Runner
  readonly #alarm: Alarm
  #queue: Array<Waiting> = []
  #head = 0
  #out = 0
  #pumping = false

  constructor(budget: RateBudget, runner: Runner) {
    this.#budget = budget
    this.#runner = runner
    this.#alarm = new Alarm(runner, () => this.#pump())
  }

  /** Queues a request; the answered function takes it back, if it has not started. */
  enqueue(start: (release: Release) => void): () => void {
    const waiting: Waiting = { start }
    this.#queue.push(waiting)
    this.#pump()
    return () => {
      waiting.start = undefined
    }
  }

  /** Runs an exchange with the vendor when its turn comes. */
  readonly run = <A, E>(
    exchange: Effect.Effect<A, E>,
    faultOf: (exit: Exit.Exit<A, E>) => Fault | undefined
  ): Effect.Effect<A, E> =>
    Effect.suspend(() => {
      let release: Release | undefined
      const turn = Effect.callback<void>((resume) => {
        const cancel = this.enqueue((granted) => {
          release = granted
          resume(Effect.void)
        })
        return Effect.sync(cancel)
      })
      return Effect.onExit(
        Effect.flatMap(turn, () => exchange),
        (exit) => Effect.sync(() => release?.(faultOf(exit)))
      )
    })

  #take(): void {
    this.#head += 1
    if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
  }

  #pump(): void {
    // An answer that comes at once must not start the next request inside of the last one's.
    if (this.#pumping) return
    this.#pumping = true
    while (this.#out < width && this.#head < this.#queue.length) {
      const start = this.#queue[this.#head]?.start
      if (start === undefined) {
        this.#take()
        continue
      }
      const now = this.#runner.now()
      const at = this.#budget.nextAt(now)
      if (at > now) {
        this.#alarm.set(at)
        break
      }
      this.#take()
      this.#start(start, now)
    }
    this.#pumping = false
  }

  #start(start: (release: Release) => void, now: number): void {
    this.#out += 1
    const spent = this.#budget.spend(now)
    let released = false
    start((fault) => {
      if (released) return
      released = true
      this.#out -= 1
      const then = this.#runner.now()
      this.#budget.settle(spent, then)
      if (fault?._tag === "RateLimited") this.#budget.slowDown(then, fault.retryAfter)
      else if (fault === undefined) this.#budget.recover()
      this.#pump()
    })
  }
}
