/** A process of its own, kept to one core where the machine can do that, and asked by messages. */
import { spawn, spawnSync } from "node:child_process"
import type { ChildProcess } from "node:child_process"
import { fileURLToPath } from "node:url"
import { availableParallelism } from "node:os"

/** Who has which core: what answers has the first, and what is measured has another, if there is one; or all have all. */
export type Side = "server" | "client" | "anywhere"

/** Whether servers and clients are kept apart. */
export const isPinned = availableParallelism() > 1 && spawnSync("taskset", ["-V"]).status === 0

/** The program and its arguments, kept to the core of its side. */
const pinned = (side: Side, program: string, args: ReadonlyArray<string>): [string, Array<string>] =>
  isPinned && side !== "anywhere"
    ? ["taskset", ["-c", side === "server" ? "0" : "1", program, ...args]]
    : [program, [...args]]

interface Letter {
  readonly number: number
  readonly body?: unknown
  readonly problem?: string
}

/** A process that answers. */
export class Worker<Request, Reply> {
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<Reply>>()
  readonly #gone: Promise<void>
  #number = 0

  private constructor(child: ChildProcess, script: string) {
    this.#process = child
    child.on("message", (letter: Letter) => {
      const waiting = this.#waiting.get(letter.number)
      this.#waiting.delete(letter.number)
      if (letter.problem === undefined) waiting?.resolve(letter.body as Reply)
      else waiting?.reject(new Error(letter.problem))
    })
    this.#gone = new Promise((resolve) => {
      child.on("exit", (code, signal) => {
        const error = new Error(`${script} ended with ${signal ?? code}`)
        for (const waiting of this.#waiting.values()) waiting.reject(error)
        resolve()
      })
    })
  }

  /** Starts a script of this folder. */
  static start<Request, Reply>(
    script: URL,
    side: Side,
    args: ReadonlyArray<string> = [],
    nodeOptions: ReadonlyArray<string> = []
  ): Worker<Request, Reply> {
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

  /** The process id, which is also that of the program behind `taskset`. */
  get pid(): number {
    return this.#process.pid ?? 0
  }

  ask(body: Request): Promise<Reply> {
    this.#number += 1
    const waiting = Promise.withResolvers<Reply>()
    this.#waiting.set(this.#number, waiting)
    this.#process.send({ number: this.#number, body }, (error) => {
      if (error !== null) waiting.reject(error)
    })
    return waiting.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null) this.#process.kill()
    await this.#gone
  }
}

/** What a script that is a worker does with each request. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- says what the messages of this worker are
export const answerWith = <Request, Reply>(answer: (request: Request) => Promise<Reply> | Reply): void => {
  // Whoever asked is gone, and may have been killed.
  process.on("disconnect", () => process.exit())
  process.on("message", async ({ number, body }: Letter) => {
    try {
      process.send?.({ number, body: await answer(body as Request) })
    } catch (error) {
      process.send?.({
        number,
        problem: error instanceof Error ? (error.stack ?? error.message) : String(error)
      })
    }
  })
}
