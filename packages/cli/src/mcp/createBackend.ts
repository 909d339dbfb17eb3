import { TaskRef } from "@gentask/core"
import type { Settled, SubmitInput } from "@gentask/core"
import { jsonSchemaOf } from "@gentask/core/internal/submit"
import type { SqliteLedger } from "@gentask/ledger"
import { CallError } from "@gentask/mcp"
import type { McpBackend, WaitAllOptions } from "@gentask/mcp"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { parseAccount } from "../accounts/parseAccount.ts"
import { listTasks } from "../commands/list/runList.ts"
import { describeModel, findModels } from "../commands/models/runModels.ts"
import type { Configuration } from "../config/loadConfiguration.ts"
import { findTracker } from "../tracker/findTracker.ts"
import type { TrackerAddress } from "../tracker/TrackerAddress.ts"
import { UsageError } from "../UsageError.ts"
import type { AccountTasks, RunTasks } from "./AccountTasks.ts"
import type { OpenLedger } from "./OpenLedger.ts"
import { prepareSubmit } from "./prepareSubmit.ts"

/** What the tools run with. */
export interface BackendParts {
  readonly configuration: Configuration
  readonly tasks: AccountTasks
  readonly ledger: OpenLedger
  /** The URL of `--server`. */
  readonly server: string | undefined
  readonly warn: (message: string) => void
}

/** A backend, and the submits that it has not finished. */
export interface ConfiguredBackend extends McpBackend {
  /** Resolves when no submit is under way. */
  readonly submitsEnded: () => Promise<void>
}

const unrecorded = "A submit must be recorded, so nothing was sent."

/** Runs an effect. A usage error becomes an error of the call, whose message is shown as it is. */
const run = async <A, E>(effect: Effect.Effect<A, E>): Promise<A> => {
  try {
    return await Effect.runPromise(effect)
  } catch (error) {
    throw error instanceof UsageError ? new CallError(error.message) : error
  }
}

/** Creates the backend of `gentask mcp`: the operations of the commands, with the same configuration. */
export const createBackend = ({
  configuration,
  tasks,
  ledger,
  server,
  warn
}: BackendParts): ConfiguredBackend => {
  let named: TrackerAddress | undefined
  const submits = new Set<Promise<unknown>>()

  /** A tracker that the user has named is checked once. A local one may start and end at any time. */
  const tracker = async (usesLocal: boolean): Promise<TrackerAddress | undefined> => {
    if (named !== undefined) return named
    const found = await run(findTracker({ server, usesLocal }))
    if (found !== undefined && !found.ownsLedger) named = found
    return found
  }

  const required = (consequence: string): Promise<SqliteLedger> =>
    run(Effect.tryPromise({ try: () => ledger.open(consequence), catch: (error) => error }))

  /** The ledger, if the user wants a history. A call continues without it. */
  const optional = async (): Promise<SqliteLedger | undefined> => {
    if (!configuration.history) return undefined
    try {
      return await ledger.open("The task is not recorded.")
    } catch (error) {
      warn((error as Error).message)
      return undefined
    }
  }

  /** The operations on a task. @throws {InvalidTaskRef | ConfigurationError} If the ref or its account is invalid. */
  const tasksOf = async (text: string, usesLocal = true): Promise<RunTasks> => {
    const ref = TaskRef.parse(text)
    const address = await tracker(usesLocal)
    if (address !== undefined) return tasks.ofTracker(address)
    return tasks.ofAccount({ ...ref, ref: TaskRef.format(ref) }, await optional())
  }

  const submit = async (request: SubmitInput) => {
    const address = await tracker(true)
    if (address !== undefined) return tasks.ofTracker(address)(({ submit }) => submit(request))
    const target = await run(parseAccount(request.account))
    const runTasks = await tasks.ofAccount(target, await required(unrecorded))
    return runTasks(({ submit }) => submit(request))
  }

  const waitOne = async (ref: string, { timeout, onUpdate, signal }: WaitAllOptions): Promise<Settled> => {
    try {
      const runTasks = await tasksOf(ref)
      const [settled] = await runTasks(
        ({ waitAll }) => Stream.runCollect(waitAll([ref], { timeout, onUpdate })),
        signal
      )
      if (settled !== undefined) return settled
      throw new Error(`${ref} was not settled`)
    } catch (error) {
      signal?.throwIfAborted()
      return { ok: false, ref, snapshot: null, error: error as (Settled & { readonly ok: false })["error"] }
    }
  }

  return {
    tasks: {
      query: async (ref, { signal } = {}) => (await tasksOf(ref))(({ query }) => query(ref), signal),
      waitAll: async function* (refs, options) {
        yield* await Promise.all(refs.map((ref) => waitOne(ref, options)))
      },
      save: async (ref, { signal, ...options }) =>
        (await tasksOf(ref))(({ save }) => save(ref, options), signal),
      submit: async (request) => {
        const submitting = submit(request)
        submits.add(submitting)
        try {
          return await submitting
        } finally {
          submits.delete(submitting)
        }
      },
      cancel: async (ref, { signal } = {}) =>
        (await tasksOf(ref, false))(({ cancel }) => cancel(ref), signal),
      balance: async (account, { signal } = {}) => {
        const target = await run(parseAccount(account))
        return (await tasks.ofAccount(target, undefined))(({ balance }) => balance(account), signal)
      }
    },
    models: async (account, model) =>
      (await run(findModels(account, model, configuration))).map((listed) => ({
        ...describeModel(listed),
        ...(model === undefined ? {} : { input: jsonSchemaOf(listed.model.input) ?? null })
      })),
    prepare: async (request) => {
      const address = await tracker(true)
      const records = address?.ownsLedger === false ? undefined : await required(unrecorded)
      return run(prepareSubmit(request, { configuration, isRemote: address !== undefined, ledger: records }))
    },
    list: async ({ search, status, account, since, limit = 20 }) => {
      const filter = { search, status: status === undefined ? [] : [status].flat(), account, since, limit }
      const address = await tracker(false)
      if (address === undefined) return listTasks(await required("No task can be listed."), filter)
      const { listRemotely } = await import("../tracker/remoteRecords.ts")
      return run(listRemotely(address, filter))
    },
    show: async (ref) => {
      const address = await tracker(false)
      if (address === undefined) return (await required("No task can be shown.")).show(ref)
      const { showRemotely } = await import("../tracker/remoteRecords.ts")
      return run(showRemotely(address, ref))
    },
    // A tracker's files are on its own machine.
    findFiles: async (sha256) =>
      (await tracker(false)) === undefined ? (await required("No file can be read.")).findFiles(sha256) : [],
    submitsEnded: async () => void (await Promise.allSettled(submits))
  }
}
