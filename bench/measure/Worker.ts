/** Processes that respond to messages, pinned to a core if the machine supports it. */
import { spawn, spawnSync } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { fileURLToPath } from "node:url"
import { availableParallelism } from "node:os"

/** The core of a process: servers run on the first, clients on the second, and other processes on all. */
export type Side = "server" | "client" | "anywhere"

/** Whether servers and clients are pinned to different cores. */
export const isPinned = availableParallelism() > 1 && spawnSync("taskset", ["-V"]).status === 0

/** Returns the command that runs a program on the core of its side. */
const pinned = (side: Side, program: string, args: ReadonlyArray<string>): [string, Array<string>] =>
  isPinned && side !== "anywhere"
    ? ["taskset", ["-c", side === "server" ? "0" : "1", program, ...args]]
    : [program, [...args]]

interface Message {
  readonly id: number
  readonly body?: unknown
  readonly error?: string
}

/** A process that responds to requests. */
export class Worker<Request, Response> {
  readonly #process: ChildProcess
  readonly #pending = new Map<number, PromiseWithResolvers<Response>>()
  readonly #exited: Promise<void>
  #lastId = 0

  private constructor(child: ChildProcess, script: string) {
    this.#process = child
    child.on("message", (message: Message) => {
      const pending = this.#pending.get(message.id)
      this.#pending.delete(message.id)
      if (message.error === undefined) pending?.resolve(message.body as Response)
      else pending?.reject(new Error(message.error))
    })
    this.#exited = new Promise((resolve) => {
      child.on("exit", (code, signal) => {
        const error = new Error(`${script} exited with ${signal ?? code}.`)
        for (const pending of this.#pending.values()) pending.reject(error)
        resolve()
      })
    })
  }

  /** Starts a script that calls {@link handleRequests}. */
  static start<Request, Response>(
    script: URL,
    side: Side,
    args: ReadonlyArray<string> = [],
    nodeOptions: ReadonlyArray<string> = []
  ): Worker<Request, Response> {
    const path = fileURLToPath(script)
    const [program, words] = pinned(side, process.execPath, [
      ...process.execArgv,
      ...nodeOptions,
      path,
      ...args
    ])
    const child = spawn(program, words, { stdio: ["ignore", "inherit", "inherit", "ipc"] })
    return new Worker(child, path)
  }

  /** Sends a request, and returns the response. */
  request(body: Request): Promise<Response> {
    this.#lastId += 1
    const pending = Promise.withResolvers<Response>()
    this.#pending.set(this.#lastId, pending)
    this.#process.send({ id: this.#lastId, body }, (error) => {
      if (error !== null) pending.reject(error)
    })
    return pending.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null) this.#process.kill()
    await this.#exited
  }
}

/** Responds to the requests of the process that started this one. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- they document the messages of the caller
export const handleRequests = <Request, Response>(
  handle: (request: Request) => Promise<Response> | Response
): void => {
  // The other process has exited, possibly by a signal.
  process.on("disconnect", () => process.exit())
  process.on("message", async ({ id, body }: Message) => {
    try {
      process.send?.({ id, body: await handle(body as Request) })
    } catch (error) {
      process.send?.({
        id,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error)
      })
    }
  })
}
