import { basename } from "node:path"
import { toJson } from "@gentask/core"
import type { PollFailure, SavedFile, TaskSnapshot } from "@gentask/core"
import { exitStatus, exitStatusOf } from "../process/exitStatus.ts"
import type { TaskError } from "@gentask/core/internal"
import { errorToJson, fileToJson, messageWithoutRef } from "@gentask/core/internal"
import { formatSavedTask, formatStatus, formatTask } from "./formatTask.ts"
import { jsonLine, oneLine } from "./sanitize.ts"
import type { Screen } from "./Screen.ts"

/** The number of consecutive failed polls that is printed first. */
const minReportedFailures = 2

/** Options of a reporter. */
export interface ReporterOptions {
  /** Prints one JSON object per task and line instead of text. */
  readonly json: boolean
}

/** Prints the results of a command, and collects its exit status. */
export class Reporter {
  readonly #screen: Screen
  readonly #json: boolean
  /** The kinds of errors that were printed since the last successful poll, by ref. */
  readonly #printedPollErrors = new Map<string, Set<string>>()
  #status: number = exitStatus.success

  constructor(screen: Screen, options: ReporterOptions) {
    this.#screen = screen
    this.#json = options.json
  }

  /** The highest exit status so far. */
  get status(): number {
    return this.#status
  }

  /** Raises the exit status, if it is lower. */
  raiseStatus(status: number): void {
    this.#status = Math.max(this.#status, status)
  }

  /** Prints the final snapshot of a task. */
  snapshot(snapshot: TaskSnapshot): void {
    this.#print(toJson(snapshot), () => formatTask(snapshot, this.#screen.paintData, Date.now()))
    this.#screen.finish(snapshot.ref, "")
  }

  /** Prints a change of a task on the standard output. */
  change(snapshot: TaskSnapshot): void {
    this.#screen.update(snapshot)
    this.#print(toJson(snapshot), () => formatTask(snapshot, this.#screen.paintData, Date.now()))
  }

  /** Prints a change of a task on the standard error, unless a live row shows it. */
  progress(snapshot: TaskSnapshot): void {
    this.#screen.update(snapshot)
    // `failed` prints failures.
    if (this.#screen.isLive || snapshot.failure !== null) return
    this.#screen.printMessage(formatStatus(snapshot, this.#screen.paintMessage))
  }

  /** Prints a task with its saved files. */
  saved(snapshot: TaskSnapshot, files: ReadonlyArray<SavedFile>): void {
    this.#print({ ...toJson(snapshot), files: files.map(fileToJson) }, () =>
      formatSavedTask(snapshot, files, this.#screen.paintData)
    )
    this.#screen.finish(snapshot.ref, files.map((file) => oneLine(basename(file.path))).join(", "))
  }

  /**
   * Prints that polling a task fails, once for each kind of error. A single failure is common, and is not printed.
   */
  pollFailed({ ref, error, failures }: PollFailure): void {
    this.#screen.setNote(ref, `failed poll ${failures}`)
    if (failures === 1) this.#printedPollErrors.delete(ref)
    if (failures < minReportedFailures) return
    const printed = this.#printedPollErrors.get(ref) ?? new Set()
    const kind = [error.reason._tag, error.reason.httpStatus, error.reason.code].join(" ")
    if (printed.has(kind)) return
    this.#printedPollErrors.set(ref, printed.add(kind))
    this.#screen.printMessage(
      `${oneLine(ref)}: polling failed ${failures} times: ${oneLine(messageWithoutRef(error))} Polling continues.`
    )
  }

  /** Prints that another process is saving the same output. */
  downloadWaits(ref: string, message: string): void {
    this.#screen.setNote(ref, "waiting for a process")
    this.#screen.printMessage(`${oneLine(ref)}  ${oneLine(message).replace(/\.$/, "")}.`)
  }

  /** Prints an interrupted download, or an interrupted upload to a target, which is retried. */
  saveRetried(ref: string, reason: string): void {
    this.#screen.setNote(ref, "retrying to save")
    this.#screen.printMessage(
      `${oneLine(ref)}  saving was interrupted: ${oneLine(reason).replace(/\.$/, "")}. Retrying.`
    )
  }

  /** Prints an error, with the snapshot and the saved files of the task if there are any. */
  failed(ref: string, error: TaskError, snapshot: TaskSnapshot | null = null): void {
    this.raiseStatus(exitStatusOf(error))
    const message = oneLine(error.message)
    const files = error._tag === "SaveError" ? error.saved : []
    if (this.#json || files.length > 0) {
      const json = {
        ...(snapshot === null ? { ref } : toJson(snapshot)),
        ...(files.length === 0 ? {} : { files: files.map(fileToJson) }),
        error: errorToJson(error)
      }
      this.#print(json, () =>
        snapshot === null ? [] : formatSavedTask(snapshot, files, this.#screen.paintData)
      )
    }
    this.#screen.printMessage(`${this.#screen.paintMessage("red", "gentask:")} ${message}`)
    this.#screen.finish(ref, error._tag === "ProviderError" ? error.reason._tag : "")
  }

  #print(json: object, format: () => ReadonlyArray<string>): void {
    const lines = this.#json ? [jsonLine(json)] : format()
    for (const line of lines) this.#screen.printData(line)
  }
}
