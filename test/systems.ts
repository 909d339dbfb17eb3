/** The systems that the vendors' documents describe: their accounts and tasks on an emulator. */
import { startEmulator } from "@gentask/emulator"
import type { EmulatedTask, Emulator, EmulatorOptions, TaskScript } from "@gentask/emulator"
import { createGentask, PollPolicy } from "@gentask/core"
import type { GentaskOptions, ProviderAccount } from "@gentask/core"
import type { System } from "./TestVendor.ts"
import { testVendors } from "./testVendors.ts"

/** The systems of all vendors. */
export const systems: ReadonlyArray<System> = testVendors.flatMap((vendor) => vendor.systems)

/** Accounts of all systems on one host. */
export const accountsOn = (baseUrl: string, apiKey: string): ReadonlyArray<ProviderAccount> =>
  testVendors.flatMap((vendor) => vendor.accounts(baseUrl, apiKey))

/** The environment variables that configure the command line with the accounts of all systems on an emulator. */
export const accountVariables = ({
  url,
  apiKey
}: Pick<Emulator, "url" | "apiKey">): Readonly<Record<string, string>> =>
  Object.fromEntries(
    testVendors.flatMap(({ variables, accounts }) => {
      const configured = accounts(url, apiKey)
      return variables.flatMap((prefix, index) => [
        [`${prefix}_API_KEY`, apiKey],
        [`${prefix}_BASE_URL`, configured[index]?.baseUrl ?? url]
      ])
    })
  )

/**
 * Replaces a task by one that follows another script and has the same id. A test can so decide when a task changes,
 * rather than depend on the speed of the machine.
 */
export const replaceTask = (emulator: Emulator, { id }: EmulatedTask, script: TaskScript): void => {
  emulator.removeTask(script.vendor, id)
  emulator.addTask({ ...script, id })
}

/** Starts an emulator, and a client with accounts of all systems on it. Disposing closes both. */
export const startSystems = async (
  options: EmulatorOptions = {},
  clientOptions: Partial<GentaskOptions> = {}
) => {
  const emulator = await startEmulator(options)
  const gentask = createGentask({
    providers: accountsOn(emulator.url, emulator.apiKey),
    pollPolicy: PollPolicy.growing({ min: 50 }),
    ...clientOptions
  })
  return {
    emulator,
    gentask,
    [Symbol.asyncDispose]: async () => {
      await gentask.close()
      await emulator.close()
    }
  }
}
