import { toJson } from "@gentask/core"
import type { Submitted } from "@gentask/core"
import { errorToJson } from "@gentask/core/internal"
import { jsonLine, messageLines, oneLine } from "../output/sanitize.ts"
import type { Screen } from "../output/Screen.ts"
import { shellCommand } from "../output/shellCommand.ts"
import { exitStatus, exitStatusOf } from "../process/exitStatus.ts"
import type { RecordedSubmitError } from "@gentask/core/internal"
import type { PreparedRequest } from "./prepareRequests.ts"

/** The part of a request that a reporter needs. */
export type SubmittedRequest = Pick<PreparedRequest, "line" | "request">

/** Options of a reporter. */
export interface SubmitReporterOptions {
  readonly json: boolean
  /** Whether refs are the result. Otherwise they are messages. */
  readonly printsRefs: boolean
}

/** Prints the outcomes of submits, and collects the exit status. */
export class SubmitReporter {
  readonly #screen: Screen
  readonly #options: SubmitReporterOptions
  #status: number = exitStatus.success

  constructor(screen: Screen, options: SubmitReporterOptions) {
    this.#screen = screen
    this.#options = options
  }

  /** The highest exit status so far. */
  get status(): number {
    return this.#status
  }

  /** Prints the tasks of a submit. */
  submitted({ line }: SubmittedRequest, result: Submitted): void {
    const { refs, snapshot, intent, idempotencyKey, isReplay } = result
    const warnings = [...snapshot.warnings, ...result.warnings]
    const { json, printsRefs } = this.#options
    if (!printsRefs) this.#screen.printMessage(`Submitted ${oneLine(refs.join(" "))}`)
    else if (json)
      this.#screen.printData(
        jsonLine({ ...toJson(snapshot), warnings, refs, intent, idempotencyKey, isReplay, ...lineOf(line) })
      )
    else for (const ref of refs) this.#screen.printData(oneLine(ref))
    if (isReplay)
      this.#screen.printMessage(`${oneLine(refs.join(" "))}  the key was used before: no new task`)
    for (const warning of result.warnings) this.warn(warning)
  }

  /** Prints that a submit failed. */
  failed({ line, request }: SubmittedRequest, error: RecordedSubmitError): void {
    this.#status = Math.max(this.#status, exitStatusOf(error))
    const { account, model, idempotencyKey = null } = request
    const ids =
      error._tag === "SubmitOutcomeUnknown" || error._tag === "SubmitRejected"
        ? { idempotencyKey: error.idempotencyKey, intent: error.intent }
        : { idempotencyKey, intent: null }
    if (this.#options.json)
      this.#screen.printData(jsonLine({ account, model, ...ids, ...lineOf(line), error: errorToJson(error) }))
    const place = line === undefined ? "" : `line ${line}: `
    const label = this.#screen.paintMessage("red", "gentask:")
    this.#screen.printMessage(`${label} ${place}${messageLines(error.message)}`)
    if (error._tag === "SubmitOutcomeUnknown" && error.intent !== null)
      this.#screen.printMessage(`To check: ${shellCommand(["reconcile", error.intent])}`)
  }

  /** Prints a problem that does not end the command. */
  warn(message: string): void {
    this.#screen.printMessage(
      `${this.#screen.paintMessage("yellow", "gentask: warning:")} ${oneLine(message)}`
    )
  }
}

const lineOf = (line: number | undefined): { readonly line?: number } => (line === undefined ? {} : { line })
