/** Several trackers in processes of their own, on one Postgres database, with a vendor and a webhook receiver. */
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { startEmulator } from "@gentask/emulator"
import type { EmulatorOptions, TaskScript } from "@gentask/emulator"
import * as Effect from "effect/Effect"
import { waitFor } from "../support/waitFor.ts"
import { createSecret } from "../../src/webhooks/secret.ts"
import { newFolder } from "../support/folders.ts"
import { openDatabase } from "../support/openDatabase.ts"
import type { PostgresServer } from "@gentask/tooling/postgres"
import { startProgram } from "../support/startProgram.ts"
import { startReceiver } from "../support/webhookReceiver.ts"
import { checkInvariants } from "./checkInvariants.ts"
import type { Violations } from "./checkInvariants.ts"
import { freePort } from "./freePort.ts"

/** A tracker in a process of its own, and its name as the owner of accounts. */
export type Runner = ReturnType<typeof startProgram> & { readonly name: string }

export interface TrackersOptions {
  readonly server: PostgresServer
  readonly emulator?: EmulatorOptions
  /** How many requests per second the vendor permits. */
  readonly maxPerSecond?: number
  /** Where files are saved. @default a new folder */
  readonly dir?: string
  /** Called for each message of a webhook before the response. Without a response if it returns false. */
  readonly onMessage?: () => boolean
}

const wait = { timeout: 60_000, interval: 25 }

/** How long an account may have no owner after a kill, in milliseconds. */
export const maxTakeOverMs = 5000

/** Starts the vendor, the database and the receiver. Runners are added later. */
export const startTrackers = async ({
  server,
  emulator: emulatorOptions = {},
  maxPerSecond = 20,
  dir: givenDir,
  onMessage = () => true
}: TrackersOptions) => {
  await using stack = new AsyncDisposableStack()
  const emulator = stack.use(
    await startEmulator({
      limits: { jimmy: [{ limit: maxPerSecond, windowSeconds: 1 }] },
      ...emulatorOptions
    })
  )
  const folder = stack.use(newFolder())
  const dir = givenDir ?? join(folder.path, "files")
  const postgres = await server.createDatabase()
  const database = stack.use(await openDatabase({ postgres }))
  const receiver = stack.use(
    await startReceiver((response) => void (onMessage() && response.writeHead(204).end()))
  )
  await Effect.runPromise(
    database.store.putEndpoint({
      id: "receiver",
      url: receiver.url,
      events: [],
      secrets: [createSecret()],
      isEnabled: true,
      createdAt: new Date()
    })
  )
  const refs: Array<string> = []
  const runners = new Set<Runner>()

  /** Starts a runner, through another port of the database if one is given. */
  const start = async (databaseUrl = postgres, nodeOptions: ReadonlyArray<string> = []): Promise<Runner> => {
    const runner = { host: "127.0.0.1", port: await freePort() }
    const name = `${runner.host}:${runner.port}`
    const program = resources.use(
      startProgram(
        {
          accounts: [{ account: "jimmy", apiKey: emulator.apiKey }],
          baseUrl: emulator.url,
          database: { postgres: databaseUrl },
          runner,
          dir,
          limit: { requests: maxPerSecond, windowMs: 1000 },
          pollMs: 200,
          userAgent: name
        },
        nodeOptions
      )
    )
    const started = { ...program, name }
    runners.add(started)
    await started.ready()
    return started
  }

  const addTasks = async (count: number, script: (index: number) => Partial<TaskScript>) => {
    const added = Array.from({ length: count }, (_, index) =>
      emulator.addTask({ vendor: "jimmy", media: ["webp"], ...script(index) })
    )
    const addedRefs = added.map(({ id }) => `jimmy:${id}`)
    refs.push(...addedRefs)
    await database.addTasks(addedRefs)
    return addedRefs
  }

  /** Waits until the account has an owner, and returns it. */
  const owner = (): Promise<Runner> =>
    waitFor(async () => {
      const account = await database.account("jimmy")
      const found = [...runners].find(({ name }) => name === account?.owner)
      if (found === undefined) throw new Error(`The account's owner is ${account?.owner}.`)
      return found
    }, wait)

  /** Waits until another process owns the account. Returns after how many milliseconds. */
  const takenOver = (previous: Runner, from: number): Promise<number> =>
    waitFor(async () => {
      const account = await database.account("jimmy")
      if (account?.owner === null || account?.owner === undefined || account.owner === previous.name)
        throw new Error("No other process has taken the account.")
      return performance.now() - from
    }, wait)

  /** Observes the account's owner. `stop` returns for how long there was none at most, in milliseconds. */
  const watchOwner = () => {
    const state = { isStopped: false }
    const watch = async (): Promise<number> => {
      let [longestMs, lastOwnedAt] = [0, performance.now()]
      while (!state.isStopped) {
        const account = await database.account("jimmy")
        const now = performance.now()
        if (account?.epoch === undefined || account.epoch === 0 || account.owner !== null) lastOwnedAt = now
        longestMs = Math.max(longestMs, now - lastOwnedAt)
        await delay(25)
      }
      return longestMs
    }
    const watching = watch()
    return {
      stop: (): Promise<number> => {
        state.isStopped = true
        return watching
      }
    }
  }

  const check = (): Promise<Violations> =>
    checkInvariants({ emulator, database, refs, dir, messages: receiver.messages, maxPerSecond })

  /** Waits until everything has ended and was delivered, or the time is over. Returns what is broken. */
  const settled = async (timeoutMs = 40_000): Promise<Violations> => {
    const deadline = performance.now() + timeoutMs
    const unfinished = `select 1 from gentask.tasks where ended_at is null or save_state = 'due'
      union all select 1 from gentask.outbox limit 1`
    const isComplete = async (): Promise<boolean> => (await server.query(postgres, unfinished)) === ""
    await waitFor(
      async () => {
        if (performance.now() < deadline && !(await isComplete())) throw new Error("Not settled.")
      },
      { timeout: timeoutMs + 5000, interval: Math.min(1000, timeoutMs / 200) }
    )
    return check()
  }

  const resources = stack.move()
  return {
    emulator,
    database,
    postgres,
    dir,
    receiver,
    runners,
    refs,
    start,
    addTasks,
    owner,
    takenOver,
    watchOwner,
    check,
    settled,
    [Symbol.asyncDispose]: () => resources.disposeAsync()
  }
}
