import * as Effect from "effect/Effect"
import type { AccountClient } from "../exchange/AccountClient.ts"
import { RequestQueue } from "../exchange/RequestQueue.ts"
import { sharedBudget } from "../exchange/sharedBudget.ts"
import type { Scheduler } from "../exchange/Timer.ts"
import type { RequestLimits, Transport } from "../http/Transport.ts"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import { isTerminal } from "../task/TaskStatus.ts"
import { accountExchange } from "./accountExchange.ts"
import type { SubmitExchange } from "./SubmitContext.ts"

/** What a submitter needs of the client. */
export interface SubmitterResources {
  readonly transport: Transport["Service"]
  readonly limits: RequestLimits
  readonly scheduler: Scheduler
  /** Identifies the clock of the rate budgets. */
  readonly clock: object
  /** Returns the latest snapshot of a task. */
  readonly query: (ref: string) => Effect.Effect<TaskSnapshot, unknown>
}

/** How long to wait for a task of the account to end before a submit above the documented maximum, in milliseconds. */
const maxActiveWaitMs = 30 * 60_000

/** How often the active tasks are queried while a submit waits for one to end, in milliseconds. */
const activeCheckMs = 15_000

/** The submits of one account: their queue, and its tasks that have not ended as far as this client knows. */
export class AccountSubmitter {
  readonly client: AccountClient
  readonly exchange: SubmitExchange
  readonly #query: SubmitterResources["query"]
  readonly #active = new Set<string>()
  readonly #listeners = new Set<() => void>()
  /** Submits that have a place and no outcome yet. */
  #reserved = 0

  constructor(client: AccountClient, { transport, limits, scheduler, clock, query }: SubmitterResources) {
    this.client = client
    this.#query = query
    const queue = new RequestQueue(sharedBudget(clock, client.account, "submit"), scheduler)
    this.exchange = accountExchange(client.sender, queue, transport, limits)
  }

  /** Ends when a task of the account has ended, or a submit has left its place. */
  readonly taskEnd: Effect.Effect<void> = Effect.callback<void>((resume) => {
    const listener = (): void => {
      this.#listeners.delete(listener)
      resume(Effect.void)
    }
    this.#listeners.add(listener)
    return Effect.sync(() => this.#listeners.delete(listener))
  })

  /**
   * Waits until the account has fewer active tasks than the vendor documents as its maximum, and takes a place for a new
   * one. Continues without a free place after half an hour, so that the vendor decides.
   *
   * @returns A function that leaves the place.
   */
  get reserve(): Effect.Effect<() => void> {
    const { spec, settings } = this.client.account
    const max = spec.submit?.maxActiveTasks?.(settings) ?? Number.POSITIVE_INFINITY
    const taken: Effect.Effect<() => void> = Effect.suspend(() =>
      this.#active.size + this.#reserved < max
        ? Effect.succeed(this.#take())
        : Effect.andThen(Effect.raceFirst(this.taskEnd, this.#checkActive), taken)
    )
    return Effect.suspend(() =>
      this.#active.size + this.#reserved < max
        ? taken
        : Effect.raceFirst(
            taken,
            Effect.map(Effect.sleep(maxActiveWaitMs), () => this.#take())
          )
    )
  }

  /** Counts new tasks as active. */
  add(refs: ReadonlyArray<string>): void {
    for (const ref of refs) this.#active.add(ref)
  }

  /** Notices that a task has ended. */
  observe({ ref, status }: TaskSnapshot): void {
    if (isTerminal(status) && this.#active.delete(ref)) this.#notify()
  }

  #take(): () => void {
    this.#reserved += 1
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.#reserved -= 1
      this.#notify()
    }
  }

  #notify(): void {
    // Listeners remove themselves, and those that are added meanwhile wait for the next end.
    Array.from(this.#listeners).forEach((listener) => listener())
  }

  /** Queries the active tasks after a while, because the caller may not wait for them. `observe` notices those that ended. */
  get #checkActive(): Effect.Effect<void> {
    return Effect.andThen(
      Effect.sleep(activeCheckMs),
      Effect.suspend(() =>
        Effect.forEach([...this.#active], (ref) => Effect.ignore(this.#query(ref)), { discard: true })
      )
    )
  }
}
