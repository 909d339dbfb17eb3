import { startEmulator } from "@gentask/emulator"
import type { Emulator } from "@gentask/emulator"
import { afterAll, beforeAll } from "vitest"
import { emulatorVariables } from "../src/commands/emulate/emulatorVariables.ts"

/** An API key that must never be printed. */
export const secretKey = "sk-never-to-be-seen"

/** An emulator that runs during the tests of a file. */
export interface TestEmulator {
  readonly emulator: Emulator
  /** Variables that connect every account, and the provider `acme` of plugin tests, to the emulator. */
  readonly env: Readonly<Record<string, string>>
  /** The id of a succeeded task of jimmy. */
  readonly taskId: string
}

/** Starts an emulator before the tests of a file, and closes it after them. Read its members only inside of tests. */
export const useEmulator = (): TestEmulator => {
  let started: TestEmulator | undefined
  const current = (): TestEmulator => {
    if (started === undefined) throw new Error("The emulator has not started yet.")
    return started
  }
  beforeAll(async () => {
    const emulator = await startEmulator({ apiKey: secretKey })
    started = {
      emulator,
      env: { ...emulatorVariables(emulator), ACME_API_KEY: secretKey, ACME_BASE_URL: emulator.url },
      taskId: emulator.addTask({ vendor: "jimmy" }).id
    }
  })
  afterAll(() => current().emulator.close())
  return {
    get emulator() {
      return current().emulator
    },
    get env() {
      return current().env
    },
    get taskId() {
      return current().taskId
    }
  }
}
