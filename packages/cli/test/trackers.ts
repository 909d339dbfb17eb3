/** Runs the built tracker, with a state folder of its own. */
import { once } from "node:events"
import { join } from "node:path"
import { assert, vi } from "vitest"
import { run, start } from "./gentask.ts"
import type { RunResult, RunningProcess } from "./gentask.ts"
import { newFolder } from "./project.ts"

/** A tracker that runs in a process of its own. It is killed at the end of its scope. */
export interface TestTracker extends AsyncDisposable {
  readonly url: string
  readonly token: string
  readonly process: RunningProcess
  /** The variables of commands on the same machine. */
  readonly env: Readonly<Record<string, string>>
  /** The variables of commands on another machine, which has no API keys. */
  readonly remoteEnv: Readonly<Record<string, string>>
  /** Runs a command on the same machine. */
  readonly run: (...args: ReadonlyArray<string>) => Promise<RunResult>
  /** Runs a command on another machine. */
  readonly runRemotely: (...args: ReadonlyArray<string>) => Promise<RunResult>
}

/** The folder of the ledger and the token. */
export const stateOf = (env: Readonly<Record<string, string>>): string =>
  join(env["XDG_STATE_HOME"] ?? "", "gentask")

/** The variables of one vendor: the accounts of the emulator have the same key, and a tracker needs one for each. */
export const onlyJimmy = (env: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith("JIMMY_")))

/** Starts a tracker, and waits until it listens. */
export const startTestTracker = async (
  vendors: Readonly<Record<string, string>>,
  args: ReadonlyArray<string> = ["--listen", "127.0.0.1:0"],
  state = newFolder()
): Promise<TestTracker> => {
  const env = { ...vendors, XDG_STATE_HOME: state }
  const running = start(["serve", ...args], { env })
  const url = await vi.waitFor(() => {
    const [, found] = /running at (\S+) until/.exec(running.stderr()) ?? []
    assert.isDefined(found, running.stderr())
    return found
  }, 15_000)
  const token = running.stdout().trim()
  const remoteEnv = { GENTASK_SERVER: url, GENTASK_TOKEN: token, XDG_STATE_HOME: newFolder() }
  return {
    url,
    token,
    process: running,
    env,
    remoteEnv,
    run: (...command) => run(command, { env }),
    runRemotely: (...command) => run(command, { env: remoteEnv }),
    [Symbol.asyncDispose]: async () => {
      const { child } = running
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill("SIGKILL")
      await once(child, "close")
    }
  }
}
