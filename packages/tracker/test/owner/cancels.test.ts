/** Cancels that reach a process which does not own the account. */
import { join } from "node:path"
import { ConfigurationError, PollPolicy, ProviderError } from "@gentask/core"
import { UndiciTransport } from "@gentask/core/effect"
import { startEmulator } from "@gentask/emulator"
import { jimmy } from "@gentask/provider-jimmy"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { describe, expect, it, vi } from "vitest"
import { TrackerAccounts, trackerAccountsLayer } from "../../src/owner/TrackerAccounts.ts"
import { TrackerStore } from "../../src/store/TrackerStore.ts"
import { newFolder } from "../support/folders.ts"
import { openDatabase } from "../support/openDatabase.ts"
import { startOwners } from "../support/owners.ts"

/** A vendor that cancels. The emulator does not know the request, which is a definite response, too. */
const setUp = async (stack: AsyncDisposableStack, reason?: "InsufficientCredits") => {
  const emulator = stack.use(await startEmulator())
  const folder = stack.use(newFolder())
  const { store } = stack.use(await openDatabase({ sqlite: join(folder.path, "ledger.db") }))
  const plain = jimmy({ apiKey: emulator.apiKey, baseUrl: emulator.url })
  const outcome =
    reason === undefined
      ? ({ _tag: "Canceled" } as const)
      : ({ _tag: "Error", reason: { _tag: reason, message: "No credits." } } as const)
  const account = {
    ...plain,
    spec: {
      ...plain.spec,
      cancel: {
        request: ({ id }: { readonly id: string }) => ({ method: "POST", path: `/cancel/${id}` }) as const,
        decode: () => outcome,
        decodeError: () => outcome
      }
    }
  }
  const runtime = ManagedRuntime.make(
    trackerAccountsLayer([account]).pipe(
      Layer.provide(UndiciTransport.layer),
      Layer.provide(Layer.succeed(TrackerStore, store))
    )
  )
  stack.defer(() => runtime.dispose())
  const other = await runtime.runPromise(TrackerAccounts)
  const own = async () =>
    stack.use(await startOwners(store, [account], folder.path, PollPolicy.fixed("1 hour")))
  const cancels = () => emulator.requests.filter(({ path }) => path.startsWith("/cancel/")).length
  return { store, own, cancels, cancel: () => Effect.runPromise(other.cancel("jimmy:1")) }
}

describe("a cancel in a process that does not own the account", () => {
  it("is sent once, by the owner", async () => {
    await using stack = new AsyncDisposableStack()
    const { store, own, cancels, cancel } = await setUp(stack)
    const canceling = cancel()
    await vi.waitFor(
      async () => expect(await Effect.runPromise(store.queuedCancels("jimmy", 10))).toHaveLength(1),
      15_000
    )
    expect(cancels()).toBe(0)
    await own()
    expect(await canceling).toMatchObject({ ref: "jimmy:1", result: "canceled" })
    expect(cancels()).toBe(1)
    expect(await Effect.runPromise(store.queuedCancels("jimmy", 10))).toEqual([])
  })

  it("fails with the error of the vendor", async () => {
    await using stack = new AsyncDisposableStack()
    const { own, cancel } = await setUp(stack, "InsufficientCredits")
    await own()
    const error: unknown = await cancel().catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(ProviderError)
    expect(error).toMatchObject({ reason: { _tag: "InsufficientCredits" } })
  })

  it("fails at once if the vendor cannot cancel", async () => {
    await using stack = new AsyncDisposableStack()
    const folder = stack.use(newFolder())
    const { store } = stack.use(await openDatabase({ sqlite: join(folder.path, "ledger.db") }))
    const runtime = ManagedRuntime.make(
      trackerAccountsLayer([jimmy({ apiKey: "key" })]).pipe(
        Layer.provide(UndiciTransport.layer),
        Layer.provide(Layer.succeed(TrackerStore, store))
      )
    )
    stack.defer(() => runtime.dispose())
    const accounts = await runtime.runPromise(TrackerAccounts)
    const error = await Effect.runPromise(Effect.flip(accounts.cancel("jimmy:1")))
    expect(error).toBeInstanceOf(ConfigurationError)
  })
})
