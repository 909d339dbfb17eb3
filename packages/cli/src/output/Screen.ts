/** The two streams: data on the standard output, talk on the standard error, where a terminal shows live rows below. */
import type { TaskSnapshot } from "@gentask/core"
import { isTerminal } from "@gentask/core"
import { beforeInterruption } from "../interruption.ts"
import type { Drawing } from "./Drawing.ts"
import type { Row } from "./frame.ts"
import { painterFor } from "./paint.ts"
import type { Paint } from "./paint.ts"

const tick = 100

/** Whether the standard error is a terminal that can redraw lines, with somebody in front of it. */
const canAnimate = (): boolean => {
  const ci = process.env["CI"]
  const inCi = ci !== undefined && ci !== "" && ci !== "false" && ci !== "0"
  return process.stderr.isTTY && !inCi && process.env["TERM"] !== "dumb"
}

/** What a command prints, and the live rows of its tasks. */
export class Screen {
  /** Whether rows are drawn; where they are not, changes are told as lines. */
  readonly isLive: boolean = canAnimate()
  /** Paints what goes to the standard output. */
  readonly paint: Paint = painterFor(process.stdout)
  /** Paints what goes to the standard error. */
  readonly paintTalk: Paint = painterFor(process.stderr)
  readonly #rows = new Map<string, Row>()
  #timer: NodeJS.Timeout | undefined
  /** What draws, once there is something to draw. */
  #drawing: Drawing | undefined
  #forget: (() => void) | undefined

  /** Prints a line of data. */
  data(line: string): void {
    if (process.stdout.isTTY) this.#erase()
    process.stdout.write(`${line}\n`)
  }

  /** Says a line to the person. */
  talk(line: string): void {
    this.#erase()
    process.stderr.write(`${line}\n`)
  }

  /** Shows these tasks from now on. The first drawing waits for a moment, so that what is quick does not flicker. */
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
        done: false
      })
    }
    this.#forget = beforeInterruption(() => this.close())
    // Loaded here, as it takes longer than many a command. A command goes on without what it cannot draw.
    const loading = import("./Drawing.ts").catch(() => undefined)
    this.#timer = setInterval(async () => {
      const loaded = await loading
      if (this.#timer === undefined || loaded === undefined) return
      this.#drawing ??= new loaded.Drawing(process.stderr)
      this.#draw()
    }, tick)
  }

  /** Shows what the vendor said. */
  told(snapshot: TaskSnapshot): void {
    const row = this.#rows.get(snapshot.ref)
    if (row === undefined) return
    row.status = snapshot.status
    row.progress = snapshot.progress
    row.startedAt = Math.min(row.startedAt, snapshot.createdAt?.getTime() ?? row.startedAt)
    row.note = ""
    if (isTerminal(snapshot.status))
      row.endedAt ??= Math.max(row.startedAt, snapshot.completedAt?.getTime() ?? Date.now())
  }

  /** Shows a word beside a task. */
  note(ref: string, note: string): void {
    const row = this.#rows.get(ref)
    if (row !== undefined) row.note = note
  }

  /** Shows that gentask is done with a task, and why. */
  done(ref: string, note: string): void {
    const row = this.#rows.get(ref)
    if (row === undefined) return
    row.note = note
    row.done = true
    row.endedAt ??= Date.now()
  }

  /** Ends the live rows. The last ones stay, unless the same is told by the data above them. */
  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#forget?.()
    const drawing = this.#drawing
    if (drawing === undefined) return
    if (process.stdout.isTTY) drawing.erase()
    else this.#draw()
    drawing.end()
    this.#rows.clear()
    this.#drawing = undefined
  }

  #draw(): void {
    this.#drawing?.draw([...this.#rows.values()], this.paintTalk)
  }

  #erase(): void {
    this.#drawing?.erase()
  }
}
