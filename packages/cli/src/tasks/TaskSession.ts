import type { ConfigurationError } from "@gentask/core"
import type { Tasks } from "@gentask/core/effect"
import * as Effect from "effect/Effect"
import { Reporter } from "../output/Reporter.ts"
import { oneLine } from "../output/sanitize.ts"
import { Screen } from "../output/Screen.ts"
import { onInterrupt } from "../process/signals.ts"
import { onOutputFailure } from "../process/standardStreams.ts"
import type { ResolvedTasks } from "./resolveTasks.ts"

/** Options of a session. */
export interface SessionOptions {
  /** Prints JSON instead of text. */
  readonly json: boolean
  /** Continues if the standard output fails, since the command also saves files. @default false */
  readonly savesFiles?: boolean
  /** Returns the command that resumes the given refs. */
  readonly resumeCommand: (refs: ReadonlyArray<string>) => string
}

/** One run of a command on a list of tasks: what is pending, what is printed, and how to resume. */
export class TaskSession {
  readonly screen = new Screen()
  readonly reporter: Reporter
  /** The refs that are not done yet, each once. Handlers remove them. */
  readonly pending: Set<string>
  readonly #tasks: ResolvedTasks
  readonly #savesFiles: boolean
  readonly #resumeCommand: SessionOptions["resumeCommand"]

  constructor(tasks: ResolvedTasks, { json, savesFiles = false, resumeCommand }: SessionOptions) {
    this.#tasks = tasks
    this.#savesFiles = savesFiles
    this.#resumeCommand = resumeCommand
    this.reporter = new Reporter(this.screen, { json })
    this.pending = new Set(tasks.entries.filter(({ error }) => error === undefined).map(({ ref }) => ref))
  }

  /** Adds tasks that the command has created. */
  add(refs: ReadonlyArray<string>): void {
    for (const ref of refs) this.pending.add(ref)
    this.screen.show(refs)
  }

  /** Reports the refs that cannot be queried. */
  reportInvalidRefs(): void {
    for (const { ref, error } of this.#tasks.entries)
      if (error !== undefined) this.reporter.failed(ref, error)
  }

  /**
   * Runs an effect while the screen shows the pending tasks. If a signal ends the process before the effect has
   * ended, prints the command that resumes.
   */
  run<A, E>(effect: Effect.Effect<A, E, Tasks>): Effect.Effect<A, E | ConfigurationError> {
    return Effect.suspend(() => {
      onInterrupt(() => {
        this.screen.close()
        if (this.pending.size > 0) this.printResumeCommand(this.#resumeCommand([...this.pending]))
      })
      onOutputFailure((status) => {
        if (this.#savesFiles || this.pending.size === 0) return
        this.screen.close()
        process.exit(status)
      })
      this.screen.show([...this.pending])
      return Effect.ensuring(
        Effect.provide(
          effect,
          this.#tasks.layer((message) => this.printWarning(message))
        ),
        Effect.sync(() => this.screen.close())
      )
    })
  }

  /** Prints a problem that does not end the command. */
  printWarning(message: string): void {
    const label = this.screen.paintMessage("yellow", "gentask: warning:")
    this.screen.printMessage(`${label} ${oneLine(message)}`)
  }

  /** Prints the command that resumes what this run has not finished. */
  printResumeCommand(command: string): void {
    this.screen.printMessage(`To resume: ${oneLine(command)}`)
  }
}
