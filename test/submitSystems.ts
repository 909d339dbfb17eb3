/** Accounts that submit to an emulator, and a request of each. */
import { startEmulator } from "@gentask/emulator"
import type { Emulator, EmulatorOptions, ReceivedSubmit, SubmitFault } from "@gentask/emulator"
import { createGentask, memoryLedger, PollPolicy } from "@gentask/core"
import type { Ledger, ProviderAccount, SubmitInput } from "@gentask/core"
import type { EmulatorAddress, SubmitSystem } from "./TestVendor.ts"
import { testVendors } from "./testVendors.ts"

/** The systems of all vendors. */
export const submitSystems: ReadonlyArray<SubmitSystem> = testVendors.flatMap(
  (vendor) => vendor.submitSystems ?? []
)

/** Accounts of all vendors on an emulator. */
export const submitAccounts = (address: EmulatorAddress): ReadonlyArray<ProviderAccount> =>
  testVendors.flatMap((vendor) => vendor.submitAccounts?.(address) ?? [])

/** A request that needs a prompt only. */
export const requestOf = ({ account, model }: SubmitSystem, prompt = "A fox in the snow"): SubmitInput => ({
  account,
  model,
  prompt
})

/** Starts an emulator, and a client that submits to it. Disposing closes both. */
export const startSubmits = async (
  options: EmulatorOptions = {},
  clientOptions: {
    readonly ledger?: Ledger | false
    readonly accounts?: (emulator: Emulator) => ReadonlyArray<ProviderAccount>
    /** @default growing from 50 ms */
    readonly pollPolicy?: PollPolicy.PollPolicy
  } = {}
) => {
  const emulator = await startEmulator(options)
  const ledger = clientOptions.ledger ?? memoryLedger()
  const gentask = createGentask({
    providers: (clientOptions.accounts ?? submitAccounts)(emulator),
    pollPolicy: clientOptions.pollPolicy ?? PollPolicy.growing({ min: 50 }),
    ledger
  })
  return {
    emulator,
    gentask,
    /** The ledger of the client. Do not use it if the client has none. */
    ledger: ledger as Ledger,
    /** The faults of the next submits to a system. */
    script: ({ service }: SubmitSystem, ...faults: ReadonlyArray<SubmitFault>) =>
      emulator.scriptSubmits(service, { faults }),
    [Symbol.asyncDispose]: async () => {
      await gentask.close()
      await emulator.close()
    }
  }
}

/** How many requests the emulator received, and how many tasks they made. */
export const countPosts = (posts: ReadonlyArray<ReceivedSubmit>) => ({
  posts: posts.length,
  tasks: posts.filter(({ created }) => created).length
})
