/** Submits tasks to an emulator with the built command line, and with a ledger of their own for each test. */
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { openLedger } from "@gentask/ledger"
import type { SqliteLedger } from "@gentask/ledger"
import { beforeEach } from "vitest"
import { useEmulator } from "./emulator.ts"
import type { TestEmulator } from "./emulator.ts"
import { start } from "./gentask.ts"
import type { RunningProcess, RunResult } from "./gentask.ts"
import { newFolder } from "./project.ts"

/** A local picture. */
export const picture = fileURLToPath(new URL("../../emulator/media/sample.png", import.meta.url))

/** The arguments of a valid submit. */
export const image: ReadonlyArray<string> = ["jimmy", "gpt-image-2", "-p", "A fox in the snow"]

/** The submits of a test file. */
export interface TestSubmits {
  readonly fixture: TestEmulator
  /** Runs `gentask submit` until it ends. */
  readonly submit: (
    args: ReadonlyArray<string>,
    env?: Readonly<Record<string, string>>,
    input?: string
  ) => Promise<RunResult>
  /** Starts `gentask submit`. */
  readonly startSubmit: (args: ReadonlyArray<string>) => RunningProcess
  /** The bodies that the vendor received. */
  readonly bodies: () => ReadonlyArray<unknown>
  /** The path of the ledger. */
  readonly ledgerPath: () => string
  /** Opens the ledger. */
  readonly openState: () => Promise<SqliteLedger>
}

/** Starts an emulator, and creates a state folder for each test. */
export const useSubmits = (): TestSubmits => {
  const fixture = useEmulator()
  let state = ""
  beforeEach(() => {
    state = newFolder()
    fixture.emulator.clearRequests()
  })
  const begin = (args: ReadonlyArray<string>, env: Readonly<Record<string, string>> = {}, input = "") =>
    start(["submit", ...args], { env: { ...fixture.env, XDG_STATE_HOME: state, ...env }, input })
  const ledgerPath = (): string => join(state, "gentask", "ledger.db")
  return {
    fixture,
    submit: (args, env, input) => begin(args, env, input).result,
    startSubmit: (args) => begin(args),
    bodies: () => fixture.emulator.posts().map(({ body }) => JSON.parse(body) as unknown),
    ledgerPath,
    openState: () => openLedger({ path: ledgerPath() })
  }
}
