/** What the live display shows at one moment: pure, so that it can be looked at without a terminal. */
import { isTerminal } from "@gentask/core"
import type { TaskStatus } from "@gentask/core"
import cliTruncate from "cli-truncate"
import stringWidth from "fast-string-width"
import { formatDuration } from "../duration.ts"
import { paintStatus } from "./paint.ts"
import type { Paint } from "./paint.ts"

/** One task of the live display. */
export interface Row {
  readonly ref: string
  /** Undefined while the vendor has said nothing. */
  status: TaskStatus | undefined
  /** From 0 to 1; null where the vendor tells none. */
  progress: number | null
  /** When the task began, in milliseconds since 1970. */
  startedAt: number
  /** When it ended; undefined while it has not. */
  endedAt: number | undefined
  /** What else there is to say: a missed poll, a saved file. */
  note: string
  /** Whether gentask is done with it. */
  done: boolean
}

/** Where and when a frame is shown. */
export interface View {
  readonly columns: number
  readonly rows: number
  /** Milliseconds since 1970. */
  readonly now: number
  readonly paint: Paint
}

const barWidth = 16
const markWidth = 4
const widestRef = 64

/** A bar for a known progress, and a mark that moves for an unknown one. */
const bar = (row: Row, { now, paint }: View): string => {
  const ended = row.status !== undefined && isTerminal(row.status)
  if (row.status === "succeeded") return paint("green", "█".repeat(barWidth))
  if (row.progress === null) {
    if (ended) return paint("dim", "░".repeat(barWidth))
    const lap = barWidth - markWidth
    const step = Math.floor(now / 100) % (2 * lap)
    const left = step <= lap ? step : 2 * lap - step
    return (
      paint("dim", "░".repeat(left)) +
      paint("cyan", "█".repeat(markWidth)) +
      paint("dim", "░".repeat(lap - left))
    )
  }
  const filled = Math.round(row.progress * barWidth)
  return paint(ended ? "red" : "cyan", "█".repeat(filled)) + paint("dim", "░".repeat(barWidth - filled))
}

const percent = (row: Row): string =>
  row.progress === null || row.status === "succeeded" ? "" : `${Math.floor(row.progress * 100)}%`

const padded = (text: string, width: number): string =>
  text + " ".repeat(Math.max(0, width - stringWidth(text)))

const line = (row: Row, refWidth: number, view: View): string => {
  const { columns, now, paint } = view
  const ref = padded(cliTruncate(row.ref, refWidth, { position: "middle" }), refWidth)
  const word = row.status ?? "asking"
  const age = formatDuration(Math.max(0, (row.endedAt ?? now) - row.startedAt))
  const parts = [
    ref,
    ...(columns >= refWidth + 50 ? [bar(row, view)] : []),
    percent(row).padStart(4),
    paintStatus(paint, row.status ?? "queued", word.padEnd(9)),
    paint("dim", age.padStart(9)),
    row.note
  ]
  return cliTruncate(parts.join("  ").trimEnd(), Math.max(1, columns - 1))
}

const summary = (rows: ReadonlyArray<Row>, view: View): string => {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(row.status ?? "asking", (counts.get(row.status ?? "asking") ?? 0) + 1)
  const done = rows.filter((row) => row.done).length
  const parts = [
    `${done} of ${rows.length} done`,
    ...Array.from(counts, ([word, count]) => `${count} ${word}`)
  ]
  return cliTruncate(view.paint("bold", parts.join(" · ")), Math.max(1, view.columns - 1))
}

/** The lines to show: one for each task; where they do not fit, a summary and the open tasks that do. */
export const renderFrame = (rows: ReadonlyArray<Row>, view: View): ReadonlyArray<string> => {
  const room = Math.max(1, view.rows - 1)
  const fits = rows.length <= room
  const shown = fits
    ? rows
    : [...rows.filter((row) => !row.done), ...rows.filter((row) => row.done)].slice(0, room - 1)
  const widest = shown.reduce((width, row) => Math.max(width, stringWidth(row.ref)), 0)
  const refWidth = Math.max(8, Math.min(widest, widestRef, view.columns - 30))
  const lines = shown.map((row) => line(row, refWidth, view))
  return fits ? lines : [summary(rows, view), ...lines]
}
