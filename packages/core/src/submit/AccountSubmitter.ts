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
}

/** The submits of one account: their queue, and its tasks that have not ended as far as this client knows. */
export class AccountSubmitter {
  readonly client: AccountClient
  readonly exchange: SubmitExchange
  readonly #active = new Set<string>()
  readonly #listeners = new Set<() => void>()

  constructor(client: AccountClient, { transport, limits, scheduler, clock }: SubmitterResources) {
    this.client = client
    const queue = new RequestQueue(sharedBudget(clock, client.account, "submit"), scheduler)
    this.exchange = accountExchange(client.sender, queue, transport, limits)
  }

  /** Ends when a task of the account has ended. */
  readonly taskEnd: Effect.Effect<void> = Effect.callback<void>((resume) => {
    const listener = (): void => {
      this.#listeners.delete(listener)
      resume(Effect.void)
    }
    this.#listeners.add(listener)
    return Effect.sync(() => this.#listeners.delete(listener))
  })

  /** The number of tasks that were submitted and have not ended. */
  get activeTasks(): number {
    return this.#active.size
  }

  /** Counts new tasks as active. */
  add(refs: ReadonlyArray<string>): void {
    for (const ref of refs) this.#active.add(ref)
  }

  /** Notices that a task has ended. */
  observe({ ref, status }: TaskSnapshot): void {
    if (!isTerminal(status)) return
    this.#active.delete(ref)
    for (const listener of [...this.#listeners]) listener()
  }
}
