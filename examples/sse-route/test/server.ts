/** Runs the example as its package.json says, against an emulator. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { EventSource } from "eventsource"
import { startEmulator } from "@gentask/emulator"

const folder = fileURLToPath(new URL("..", import.meta.url))
const { scripts } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly scripts: { readonly start: string }
}

/** Starts an emulator, and the server with some refs. */
export const startServer = async (
  refs: ReadonlyArray<string>,
  { apiKey, maxWaitSeconds = "60" }: { readonly apiKey?: string; readonly maxWaitSeconds?: string } = {}
) => {
  const emulator = await startEmulator()
  const [, ...script] = scripts.start.split(" ")
  const child = spawn(process.execPath, [...script, ...refs], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env["PATH"],
      NODE_OPTIONS: "--conditions=@gentask/source --disable-warning=ExperimentalWarning",
      PORT: "0",
      MAX_WAIT_SECONDS: maxWaitSeconds,
      JIMMY_API_KEY: apiKey ?? emulator.apiKey,
      JIMMY_BASE_URL: emulator.url
    }
  })
  const exited = once(child, "exit")
  let log = ""
  child.stderr.on("data", (chunk: Buffer) => {
    log += chunk.toString()
  })
  const [url] = (await Promise.race([
    once(createInterface(child.stdout), "line"),
    exited.then(() => Promise.reject(new Error(`The server did not start: ${log}`)))
  ])) as [string]
  return {
    emulator,
    url,
    log: () => log,
    eventsOf: (ref: string) => `${url}/tasks/${encodeURIComponent(ref)}/events`,
    /** Sends SIGTERM to the server. Returns its exit status. */
    terminate: async () => {
      child.kill("SIGTERM")
      const [status] = (await exited) as [number | null]
      return status
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL")
      await exited
      await emulator.close()
    }
  }
}

/** An event that a browser received. */
export interface ReceivedEvent {
  readonly event: string
  readonly id: string
  readonly data: Record<string, unknown>
}

/** Whether the page closes its connection after an event. */
export const isLast = ({ event }: ReceivedEvent): boolean => event === "end" || event === "problem"

/**
 * Connects like a browser, and reconnects until `isEnough` returns true or the server responds with an error status.
 * Returns that status, and the events.
 */
export const browse = async (
  url: string,
  isEnough: (event: ReceivedEvent, count: number) => boolean = isLast
) => {
  const source = new EventSource(url)
  const events: Array<ReceivedEvent> = []
  const ended = Promise.withResolvers<number | undefined>()
  for (const name of ["update", "end", "still-running", "problem"]) {
    source.addEventListener(name, ({ type, lastEventId, data }) => {
      const event = { event: type, id: lastEventId, data: JSON.parse(String(data)) as ReceivedEvent["data"] }
      events.push(event)
      if (isEnough(event, events.length)) {
        source.close()
        ended.resolve(undefined)
      }
    })
  }
  source.addEventListener("error", ({ code }) => {
    if (source.readyState === source.CLOSED) ended.resolve(code)
  })
  return { status: await ended.promise, events }
}
