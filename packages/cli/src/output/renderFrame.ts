import { isTerminal } from "@gentask/core"
import type { TaskStatus } from "@gentask/core"
import cliTruncate from "cli-truncate"
import stringWidth from "fast-string-width"
import { formatDuration } from "../duration.ts"
import type { DownloadMeter } from "./DownloadMeter.ts"
import { formatPart, formatSize } from "./formatSize.ts"
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
  /** The download in progress. It is shown instead of the task's progress, age and note. */
  download: DownloadMeter | undefined
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
/** The ref shrinks down to this width before the bar is omitted. */
const minRefWidthWithBar = 16
const maxRefWidth = 64
/** The ref shrinks for a note up to this width. */
const maxNoteWidth = 24
const gapWidth = 2
const statusWidth = 9
const ageWidth = 9
/** The width of the columns between the ref and the note, without and with the bar. */
const detailsWidth = 28
const detailsWidthWithBar = detailsWidth + gapWidth + barWidth
/** The shown status of tasks that have not been queried yet. */
const pendingLabel = "querying"
/** The shown status of tasks whose outputs are being downloaded. */
const downloadLabel = "saving"

/** From 0 to 1. Null if unknown. */
const progressOf = ({ download, progress }: Row): number | null => {
  if (download === undefined) return progress
  return download.totalBytes === null ? null : Math.min(1, download.bytes / download.totalBytes)
}

/** A bar for known progress, or a moving marker for unknown progress. */
const renderBar = (row: Row, { now, paint }: Viewport): string => {
  const isActive = row.download !== undefined || row.status === undefined || !isTerminal(row.status)
  const progress = progressOf(row)
  if (row.status === "succeeded" && !isActive) return paint("green", "█".repeat(barWidth))
  if (progress === null) {
    if (!isActive) return paint("dim", "░".repeat(barWidth))
    const distance = barWidth - markerWidth
    const step = Math.floor(now / 100) % (2 * distance)
    const left = step <= distance ? step : 2 * distance - step
    return (
      paint("dim", "░".repeat(left)) +
      paint("cyan", "█".repeat(markerWidth)) +
      paint("dim", "░".repeat(distance - left))
    )
  }
  const filled = Math.round(progress * barWidth)
  return paint(isActive ? "cyan" : "red", "█".repeat(filled)) + paint("dim", "░".repeat(barWidth - filled))
}

const renderPercent = (row: Row): string => {
  const progress = progressOf(row)
  const isKnown = progress !== null && (row.download !== undefined || row.status !== "succeeded")
  return isKnown ? `${Math.floor(progress * 100)}%` : ""
}

/** Renders the bytes and the speed of a download: `12.3 of 48.0 MB, 5.1 MB/s`. */
const renderDownload = (download: DownloadMeter, now: number): string => {
  const { bytes, totalBytes } = download
  const amount = totalBytes === null ? formatSize(bytes) : formatPart(bytes, totalBytes)
  const speed = download.bytesPerSecond(now)
  return speed === undefined ? amount : `${amount}, ${formatSize(speed)}/s`
}

const renderStatus = ({ download, status }: Row, paint: Paint): string =>
  download === undefined
    ? paintStatus(paint, status ?? "queued", (status ?? pendingLabel).padEnd(statusWidth))
    : paint("cyan", downloadLabel.padEnd(statusWidth))

const pad = (text: string, width: number): string => text + " ".repeat(Math.max(0, width - stringWidth(text)))

const truncate = (text: string, { columns }: Viewport): string => cliTruncate(text, Math.max(1, columns - 1))

const maxOf = (widths: ReadonlyArray<number>): number => Math.max(0, ...widths)

/** How wide the ref is, and whether there is a bar. */
interface Layout {
  readonly refWidth: number
  readonly hasBar: boolean
}

/** The width of a row after the age. A download is shown in the place of the age and the note. */
const noteWidthOf = ({ download, note }: Row, now: number): number =>
  stringWidth(download === undefined ? note : renderDownload(download, now).slice(ageWidth + gapWidth))

const layOut = (rows: ReadonlyArray<Row>, { columns, now }: Viewport): Layout => {
  const widest = Math.min(maxRefWidth, maxOf(rows.map(({ ref }) => stringWidth(ref))))
  const widestNote = Math.min(maxNoteWidth, maxOf(rows.map((row) => noteWidthOf(row, now))))
  const noteWidth = widestNote === 0 ? 0 : gapWidth + widestNote
  const hasBar = columns - 1 - detailsWidthWithBar >= Math.min(widest, minRefWidthWithBar)
  const available = columns - 1 - (hasBar ? detailsWidthWithBar : detailsWidth)
  const shrunk = Math.min(widest, hasBar ? minRefWidthWithBar : minRefWidth)
  return { refWidth: Math.max(minRefWidth, shrunk, Math.min(widest, available - noteWidth)), hasBar }
}

const renderRow = (row: Row, { refWidth, hasBar }: Layout, viewport: Viewport): string => {
  const { now, paint } = viewport
  const age = formatDuration(Math.max(0, (row.endedAt ?? now) - row.startedAt))
  const parts = [
    pad(cliTruncate(row.ref, refWidth, { position: "middle" }), refWidth),
    ...(hasBar ? [renderBar(row, viewport)] : []),
    renderPercent(row).padStart(4),
    renderStatus(row, paint),
    ...(row.download === undefined
      ? [paint("dim", age.padStart(ageWidth)), row.note]
      : [renderDownload(row.download, now)])
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
  const layout = layOut(shown, viewport)
  const lines = shown.map((row) => renderRow(row, layout, viewport))
  return fits ? lines : [renderSummary(rows, viewport), ...lines]
}
