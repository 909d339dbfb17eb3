/** Starts `submitter.ts` in a separate process. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { SubmitterOptions } from "./submitter.ts"

const program = fileURLToPath(new URL("./submitter.ts", import.meta.url))

/** A line that a submitter has printed. */
export interface SubmitterEvent {
  readonly started?: number
  readonly stopped?: string
  readonly submitted?: { readonly ref: string; readonly isReplay: boolean; readonly key: string }
  readonly failed?: string
  /** The idempotency key of the failed submit. */
  readonly key?: string
}

/** Starts a process that submits. `onEvent` is called with each line that it prints. */
export const startSubmitter = (options: SubmitterOptions, onEvent?: (event: SubmitterEvent) => void) => {
  const parameters = ["--conditions=@gentask/source", "--disable-warning=ExperimentalWarning", program]
  const child = spawn(process.execPath, [...parameters, JSON.stringify(options)], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const events: Array<SubmitterEvent> = []
  let rest = ""
  child.stdout.on("data", (data) => {
    const lines = (rest + String(data)).split("\n")
    rest = lines.pop() ?? ""
    for (const line of lines) {
      const event = JSON.parse(line) as SubmitterEvent
      events.push(event)
      onEvent?.(event)
    }
  })
  const closed = once(child, "close")
  return {
    events,
    kill: () => child.kill("SIGKILL"),
    /** Waits for the end of the process. */
    end: async (): Promise<ReadonlyArray<SubmitterEvent>> => {
      await closed
      return events
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL")
      await closed
    }
  }
}
