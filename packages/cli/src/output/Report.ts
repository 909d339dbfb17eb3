/** Tells what became of each task, for people or for programs, and keeps the exit status. */
import { basename } from "node:path"
import type { ConfigurationErrorReason, PollFailure, SavedFile, TaskSnapshot } from "@gentask/core"
import { toJson } from "@gentask/core"
import { formatDuration } from "../duration.ts"
import { exitStatus, statusOf, worse } from "../exit.ts"
import type { Trouble } from "../exit.ts"
import { savedLines, statusLine, taskLines } from "./record.ts"
import type { Screen } from "./Screen.ts"
import { jsonLine, oneLine } from "./sanitise.ts"

/** How to tell. */
export interface ReportOptions {
  /** One JSON object on a line for each task. */
  readonly json: boolean
}

/** Reasons whose name in `--json` is older than their name in core. */
const renamedProblems: Readonly<Partial<Record<ConfigurationErrorReason["_tag"], string>>> = {
  InvalidParams: "InvalidHints",
  InvalidAccountName: "UnknownAccount"
}

/** Why something went wrong, in a word that programs can compare. */
const whyOf = (error: Trouble): Record<string, string> => {
  if (error._tag === "ProviderError") return { reason: error.reason._tag }
  if (error._tag === "TaskFailed") return { reason: error.snapshot.failure?.reason ?? "unknown" }
  if (error._tag === "SaveError") return { problem: error.reason._tag }
  if (error._tag !== "ConfigurationError") return {}
  return { problem: renamedProblems[error.reason._tag] ?? error.reason._tag }
}

const fileJson = ({ path, bytes, sha256, mediaType, output }: SavedFile): Record<string, unknown> => ({
  path,
  bytes,
  sha256,
  mediaType,
  role: output.role
})

/** One for each run of a command. */
export class Report {
  readonly #screen: Screen
  readonly #json: boolean
  #status: number = exitStatus.succeeded

  constructor(screen: Screen, options: ReportOptions) {
    this.#screen = screen
    this.#json = options.json
  }

  /** The exit status of everything told so far. */
  get status(): number {
    return this.#status
  }

  /** Tells where a task stands. */
  snapshot(snapshot: TaskSnapshot): void {
    if (this.#json) this.#screen.data(jsonLine(toJson(snapshot)))
    else for (const line of taskLines(snapshot, this.#screen.paint, Date.now())) this.#screen.data(line)
    this.#screen.done(snapshot.ref, "")
  }

  /** Tells a change of a task. */
  change(snapshot: TaskSnapshot): void {
    this.#screen.told(snapshot)
    if (this.#json) return this.#screen.data(jsonLine(toJson(snapshot)))
    for (const line of taskLines(snapshot, this.#screen.paint, Date.now())) this.#screen.data(line)
  }

  /** Tells a change on the standard error, where no live row shows it. */
  progress(snapshot: TaskSnapshot): void {
    this.#screen.told(snapshot)
    // How a task failed is told by `failed`.
    const isTold = this.#screen.isLive || snapshot.failure !== null
    if (!isTold) this.#screen.talk(statusLine(snapshot, this.#screen.paintTalk))
  }

  /** Tells of a task whose files were saved. */
  saved(snapshot: TaskSnapshot, files: ReadonlyArray<SavedFile>): void {
    if (this.#json) this.#screen.data(jsonLine({ ...toJson(snapshot), files: files.map(fileJson) }))
    else for (const line of savedLines(snapshot, files, this.#screen.paint)) this.#screen.data(line)
    this.#screen.done(snapshot.ref, files.map((file) => oneLine(basename(file.path))).join(", "))
  }

  /** Tells of a poll that went unanswered. */
  missed({ ref, error, failures: misses, nextInMs: nextIn }: PollFailure): void {
    const why = oneLine(error.message.replace(`${ref}: `, "")).replace(/\.$/, "")
    this.#screen.note(ref, `missed ${misses}`)
    this.#screen.talk(
      `${oneLine(ref)}  missed poll ${misses} (${error.reason._tag}): ${why}; again in ${formatDuration(nextIn)}`
    )
  }

  /** Tells of a download that begins again. */
  retried(ref: string, why: string): void {
    this.#screen.note(ref, "downloading again")
    this.#screen.talk(`${oneLine(ref)}  download interrupted: ${oneLine(why)}; trying again`)
  }

  /** Tells what went wrong with a task, and where it stood, if that is known. */
  failed(
    ref: string,
    error: Trouble,
    snapshot: TaskSnapshot | null = null,
    status: number = statusOf(error)
  ): void {
    this.count(status)
    const message = oneLine(error.message)
    // One output that cannot be saved does not unsave the others.
    const saved = error._tag === "SaveError" ? error.saved : []
    if (this.#json) {
      const known = snapshot === null ? { ref } : toJson(snapshot)
      const files = saved.length === 0 ? {} : { files: saved.map(fileJson) }
      this.#screen.data(
        jsonLine({ ...known, ...files, error: { type: error._tag, ...whyOf(error), message } })
      )
    } else if (snapshot !== null && saved.length > 0) {
      for (const line of savedLines(snapshot, saved, this.#screen.paint)) this.#screen.data(line)
    }
    this.#screen.talk(`${this.#screen.paintTalk("red", "gentask:")} ${message}`)
    this.#screen.done(ref, error._tag === "ProviderError" ? error.reason._tag : "")
  }

  /** Counts a status without a word. */
  count(status: number): void {
    this.#status = worse(this.#status, status)
  }
}
