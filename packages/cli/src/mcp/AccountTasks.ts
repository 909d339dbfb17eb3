import type { ConfigurationError } from "@gentask/core"
import { Tasks } from "@gentask/core/effect"
import type { TasksService, Transport } from "@gentask/core/effect"
import { accountName } from "@gentask/core/internal"
import type { SqliteLedger } from "@gentask/ledger"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { loadAccounts } from "../accounts/loadAccounts.ts"
import type { AccountTarget } from "../accounts/loadAccounts.ts"
import type { Configuration } from "../config/loadConfiguration.ts"
import { tasksLayer } from "../tasks/tasksLayer.ts"
import type { TasksLayer } from "../tasks/tasksLayer.ts"
import { trackerLayer } from "../tracker/trackerLayer.ts"
import type { TrackerAddress } from "../tracker/TrackerAddress.ts"

type TasksRuntime = ManagedRuntime.ManagedRuntime<Tasks, ConfigurationError>

/** Runs one operation. If it is aborted, the promise rejects with the reason of the signal. */
export type RunTasks = <A, E>(
  use: (tasks: TasksService) => Effect.Effect<A, E>,
  signal?: AbortSignal
) => Promise<A>

const runWith =
  (runtime: TasksRuntime): RunTasks =>
  async (use, signal) => {
    signal?.throwIfAborted()
    try {
      return await runtime.runPromise(Tasks.use(use), signal === undefined ? {} : { signal })
    } catch (error) {
      signal?.throwIfAborted()
      throw error
    }
  }

/**
 * The operations on tasks in a process that runs for long. Each account is loaded with its first call, and stays, so that
 * calls share its rate budget and the polls of a task.
 */
export class AccountTasks {
  readonly #configuration: Configuration
  readonly #transport: Layer.Layer<Transport>
  readonly #warn: (message: string) => void
  readonly #runtimes = new Map<string, TasksRuntime>()

  /** @param warn Called if the ledger cannot be written. */
  constructor(
    configuration: Configuration,
    transport: Layer.Layer<Transport>,
    warn: (message: string) => void
  ) {
    this.#configuration = configuration
    this.#transport = transport
    this.#warn = warn
  }

  /**
   * Returns the operations on the tasks of an account of this machine.
   *
   * @param ledger What records them. Undefined for nothing.
   * @throws {ConfigurationError} If the account cannot be used.
   */
  async ofAccount(target: AccountTarget, ledger: SqliteLedger | undefined): Promise<RunTasks> {
    const { accounts, errorOf } = await Effect.runPromise(loadAccounts([target], this.#configuration))
    const error = errorOf(target)
    if (error !== undefined) throw error
    const { provider, account = provider } = target
    const key = `${provider}@${account} ${ledger === undefined ? "unrecorded" : "recorded"} ${accounts.map(accountName).join(" ")}`
    return this.#run(key, () =>
      tasksLayer({
        accounts,
        configuration: this.#configuration,
        transport: this.#transport,
        ledger: ledger ?? "none"
      })
    )
  }

  /** Returns the operations of a tracker. */
  ofTracker(address: TrackerAddress): RunTasks {
    return this.#run(`${address.url} ${address.token}`, () => trackerLayer(address, this.#transport))
  }

  async close(): Promise<void> {
    const runtimes = [...this.#runtimes.values()]
    this.#runtimes.clear()
    await Promise.all(runtimes.map((runtime) => runtime.dispose()))
  }

  #run(key: string, layer: () => TasksLayer): RunTasks {
    let runtime = this.#runtimes.get(key)
    if (runtime === undefined) {
      runtime = ManagedRuntime.make(layer()(this.#warn))
      this.#runtimes.set(key, runtime)
    }
    return runWith(runtime)
  }
}
