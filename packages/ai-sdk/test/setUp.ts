/** A client of gentask with a ledger and an emulator, as a provider of the AI SDK. */
import { createGentask, memoryLedger, PollPolicy } from "@gentask/core"
import { startEmulator } from "@gentask/emulator"
import type { EmulatorOptions } from "@gentask/emulator"
import { jimmy } from "@gentask/provider-jimmy"
import { sora } from "@gentask/provider-sora"
import { temporaryFolder } from "@gentask/tooling/temporaryFolder"
import { createGentaskProvider } from "../src/index.ts"
import type { GentaskSource, SubmittedGeneration } from "../src/index.ts"

/** How often the AI SDK polls in tests. */
export const poll = { intervalMs: 20, timeoutMs: 60_000 }

/** Starts an emulator, and a provider whose tasks run there. */
export const setUp = async (
  stack: AsyncDisposableStack,
  emulatorOptions: EmulatorOptions = {},
  options: Partial<GentaskSource> = {}
) => {
  const emulator = stack.use(await startEmulator(emulatorOptions))
  const folder = stack.use(await temporaryFolder())
  const account = { apiKey: emulator.apiKey, baseUrl: emulator.url }
  const gentask = stack.use(
    createGentask({
      providers: [jimmy(account), sora(account)],
      ledger: memoryLedger(),
      pollPolicy: PollPolicy.fixed("20ms"),
      retry: { baseDelay: "5ms", maxDelay: "20ms" }
    })
  )
  const submitted: Array<SubmittedGeneration> = []
  const provider = createGentaskProvider({
    gentask,
    onSubmit: (submit) => submitted.push(submit),
    ...options
  })
  return { emulator, folder: folder.path, gentask, provider, submitted }
}

/** Returns what a promise rejects with. */
export const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => Promise.reject(new Error("The promise was resolved.")),
    (error: unknown) => error
  )
