import { isTerminal } from "@gentask/core"
import type { SaveProgress, TaskSnapshot } from "@gentask/core"
import { onInterrupt } from "../process/signals.ts"
import { DownloadMeter } from "./DownloadMeter.ts"
import type { LiveDisplay } from "./LiveDisplay.ts"
import { painterFor } from "./paint.ts"
import type { Paint } from "./paint.ts"
import type { Row } from "./renderFrame.ts"

const drawIntervalMs = 100

/** Whether the standard error is an interactive terminal that can redraw lines. */
const canAnimate = (): boolean => {
  const ci = process.env["CI"]
  const inCi = ci !== undefined && ci !== "" && ci !== "false" && ci !== "0"
  return process.stderr.isTTY && !inCi && process.env["TERM"] !== "dumb"
}

/**
 * The output of a command: data on the standard output, messages on the standard error. On a terminal, the standard error
 * also shows a live row for each task below the messages.
 */
export class Screen {
  /** Whether live rows are shown. Otherwise, changes are printed as lines. */
  readonly isLive: boolean = canAnimate()
  /** Colors text for the standard output. */
  readonly paintData: Paint = painterFor(process.stdout)
  /** Colors text for the standard error. */
  readonly paintMessage: Paint = painterFor(process.stderr)
  readonly #rows = new Map<string, Row>()
  #timer: NodeJS.Timeout | undefined
  /** Undefined until something is drawn. */
  #display: LiveDisplay | undefined
  #removeInterruptCallback: (() => void) | undefined

  /** Prints a line on the standard output. */
  printData(line: string): void {
    if (process.stdout.isTTY) this.#display?.erase()
    process.stdout.write(`${line}\n`)
  }

  /** Prints a line on the standard error. */
  printMessage(line: string): void {
    this.#display?.erase()
    process.stderr.write(`${line}\n`)
  }

  /**
   * Adds live rows of these tasks, and starts to draw them. The first drawing is delayed, so that fast commands do not
   * flicker.
   */
  show(refs: ReadonlyArray<string>): void {
    if (!this.isLive || refs.length === 0) return
    const now = Date.now()
    for (const ref of refs) {
      this.#rows.set(ref, {
        ref,
        status: undefined,
        progress: null,
        startedAt: now,
        endedAt: undefined,
        note: "",
        download: undefined,
        isDone: false
      })
    }
    if (this.#timer !== undefined) return
    this.#removeInterruptCallback = onInterrupt(() => this.close())
    // Loaded only here, as it takes longer than many commands. A command still works if loading fails.
    const loading = import("./LiveDisplay.ts").catch(() => undefined)
    this.#timer = setInterval(async () => {
      const loaded = await loading
      if (this.#timer === undefined || loaded === undefined) return
      this.#display ??= new loaded.LiveDisplay(process.stderr)
      this.#draw()
    }, drawIntervalMs)
  }

  /** Shows a new snapshot of a task. */
  update(snapshot: TaskSnapshot): void {
    const row = this.#rows.get(snapshot.ref)
    if (row === undefined) return
    row.status = snapshot.status
    row.progress = snapshot.progress
    row.startedAt = Math.min(row.startedAt, snapshot.createdAt?.getTime() ?? row.startedAt)
    row.note = ""
    if (isTerminal(snapshot.status))
      row.endedAt ??= Math.max(row.startedAt, snapshot.completedAt?.getTime() ?? Date.now())
  }

  /** Shows a note next to a task. */
  setNote(ref: string, note: string): void {
    const row = this.#rows.get(ref)
    if (row === undefined) return
    row.note = note
    row.download = undefined
  }

  /** Shows the progress of a download. */
  showDownload(ref: string, { bytes, totalBytes }: SaveProgress): void {
    const row = this.#rows.get(ref)
    if (row === undefined) return
    row.note = "saving"
    if (bytes === totalBytes) row.download = undefined
    else (row.download ??= new DownloadMeter()).update(bytes, totalBytes, Date.now())
  }

  /** Marks a task as done. */
  finish(ref: string, note: string): void {
    const row = this.#rows.get(ref)
    if (row === undefined) return
    row.note = note
    row.download = undefined
    row.isDone = true
    row.endedAt ??= Date.now()
  }

  /** Stops the live rows. They stay on the screen, unless the data above them shows the same. */
  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#removeInterruptCallback?.()
    const display = this.#display
    if (display === undefined) return
    if (process.stdout.isTTY) display.erase()
    else this.#draw()
    display.end()
    this.#rows.clear()
    this.#display = undefined
  }

  #draw(): void {
    this.#display?.draw([...this.#rows.values()], this.paintMessage)
  }
}
