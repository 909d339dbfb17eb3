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
  /** Undefined until the vendor has responded. */
  status: TaskStatus | undefined
  /** From 0 to 1. Null if unknown. */
  progress: number | null
  /** When the task started, in milliseconds since 1970. */
  startedAt: number
  /** When the task ended, in milliseconds since 1970. */
  endedAt: number | undefined
  /** Additional text, such as a failed poll or a saved file. */
  note: string
  /** Whether gentask has finished with the task. */
  isDone: boolean
}

/** The terminal and the time of a frame. */
export interface Viewport {
  readonly columns: number
  readonly rows: number
  /** In milliseconds since 1970. */
  readonly now: number
  readonly paint: Paint
}

const barWidth = 16
const markerWidth = 4
const minRefWidth = 8
const maxRefWidth = 64
/** The width of the columns beside the ref, without and with the bar. */
const detailsWidth = 30
const detailsWidthWithBar = 50
/** The shown status of tasks that have not been queried yet. */
const pendingLabel = "querying"

/** A bar for known progress, or a moving marker for unknown progress. */
const renderBar = (row: Row, { now, paint }: Viewport): string => {
  const hasEnded = row.status !== undefined && isTerminal(row.status)
  if (row.status === "succeeded") return paint("green", "█".repeat(barWidth))
  if (row.progress === null) {
    if (hasEnded) return paint("dim", "░".repeat(barWidth))
    const distance = barWidth - markerWidth
    const step = Math.floor(now / 100) % (2 * distance)
    const left = step <= distance ? step : 2 * distance - step
    return (
      paint("dim", "░".repeat(left)) +
      paint("cyan", "█".repeat(markerWidth)) +
      paint("dim", "░".repeat(distance - left))
    )
  }
  const filled = Math.round(row.progress * barWidth)
  return paint(hasEnded ? "red" : "cyan", "█".repeat(filled)) + paint("dim", "░".repeat(barWidth - filled))
}

const renderPercent = (row: Row): string =>
  row.progress === null || row.status === "succeeded" ? "" : `${Math.floor(row.progress * 100)}%`

const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - stringWidth(text)))

const truncate = (text: string, { columns }: Viewport): string => cliTruncate(text, Math.max(1, columns - 1))

const renderRow = (row: Row, refWidth: number, viewport: Viewport): string => {
  const { columns, now, paint } = viewport
  const age = formatDuration(Math.max(0, (row.endedAt ?? now) - row.startedAt))
  const parts = [
    pad(cliTruncate(row.ref, refWidth, { position: "middle" }), refWidth),
    ...(columns >= refWidth + detailsWidthWithBar ? [renderBar(row, viewport)] : []),
    renderPercent(row).padStart(4),
    paintStatus(paint, row.status ?? "queued", (row.status ?? pendingLabel).padEnd(9)),
    paint("dim", age.padStart(9)),
    row.note
  ]
  return truncate(parts.join("  ").trimEnd(), viewport)
}

const renderSummary = (rows: ReadonlyArray<Row>, viewport: Viewport): string => {
  const counts = Map.groupBy(rows, ({ status }) => status ?? pendingLabel)
  const parts = [
    `${rows.filter((row) => row.isDone).length} of ${rows.length} done`,
    ...Array.from(counts, ([label, group]) => `${group.length} ${label}`)
  ]
  return truncate(viewport.paint("bold", parts.join(" · ")), viewport)
}

/** Renders one line per task. If there are too many, renders a summary and as many pending tasks as fit. */
export const renderFrame = (rows: ReadonlyArray<Row>, viewport: Viewport): ReadonlyArray<string> => {
  const height = Math.max(1, viewport.rows - 1)
  const fits = rows.length <= height
  const shown = fits
    ? rows
    : [...rows.filter((row) => !row.isDone), ...rows.filter((row) => row.isDone)].slice(0, height - 1)
  const widest = shown.reduce((width, row) => Math.max(width, stringWidth(row.ref)), 0)
  const refWidth = Math.max(minRefWidth, Math.min(widest, maxRefWidth, viewport.columns - detailsWidth))
  const lines = shown.map((row) => renderRow(row, refWidth, viewport))
  return fits ? lines : [renderSummary(rows, viewport), ...lines]
}
