/** A task as people read it: one line, and one more for each output, file and warning. */
import type { Output, SavedFile, TaskSnapshot } from "@gentask/core"
import { formatDuration } from "../duration.ts"
import { oneLine, shortLine } from "./sanitise.ts"
import { paintStatus } from "./paint.ts"
import type { Paint } from "./paint.ts"

const sizes = ["bytes", "kB", "MB", "GB", "TB"] as const

/** A size as people read it: `84 kB`. */
export const formatSize = (bytes: number): string => {
  const power = Math.min(sizes.length - 1, bytes < 1000 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const amount = bytes / 1000 ** power
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${sizes[power]}`
}

const percent = (snapshot: TaskSnapshot): string =>
  snapshot.progress === null || snapshot.status === "succeeded"
    ? ""
    : `${Math.floor(snapshot.progress * 100)} %`

const failure = ({ failure: why }: TaskSnapshot): string =>
  why === null
    ? ""
    : [why.reason, why.message === null ? "" : shortLine(why.message, 300)].filter(Boolean).join(": ")

/** Where a task stands, on one line. */
export const statusLine = (snapshot: TaskSnapshot, paint: Paint): string => {
  const { ref, status, rawStatus } = snapshot
  const word = status === "unknown" && rawStatus !== null ? `unknown (${shortLine(rawStatus, 60)})` : status
  return [oneLine(ref), paintStatus(paint, status, word), percent(snapshot), failure(snapshot)]
    .filter(Boolean)
    .join("  ")
}

const expiry = (output: Output, now: number): string => {
  if (output.expiresAt === null) return ""
  const left = output.expiresAt.getTime() - now
  return left > 0 ? `expires in ${formatDuration(left)}` : "expired"
}

const outputLine = (output: Output, now: number, paint: Paint): string => {
  const where = output.url === null ? `inline, ${formatSize(output.inline?.bytes ?? 0)}` : oneLine(output.url)
  const role = output.role === "result" ? "" : output.role
  return ["", output.kind, role, where, paint("dim", expiry(output, now))]
    .filter((part, index) => index === 0 || part !== "")
    .join("  ")
}

const warningLines = (snapshot: TaskSnapshot, paint: Paint): ReadonlyArray<string> =>
  snapshot.warnings.map((warning) => `  ${paint("yellow", "warning")}  ${oneLine(warning)}`)

/** A task with its outputs. */
export const taskLines = (snapshot: TaskSnapshot, paint: Paint, now: number): ReadonlyArray<string> => [
  statusLine(snapshot, paint),
  ...snapshot.outputs.map((output) => outputLine(output, now, paint)),
  ...warningLines(snapshot, paint)
]

/** A task with its saved files. */
export const savedLines = (
  snapshot: TaskSnapshot,
  files: ReadonlyArray<SavedFile>,
  paint: Paint
): ReadonlyArray<string> => [
  statusLine(snapshot, paint),
  ...files.map((file) =>
    [
      "",
      file.alreadySaved ? "already saved" : "saved",
      oneLine(file.path),
      file.mediaType,
      formatSize(file.bytes)
    ].join("  ")
  ),
  ...warningLines(snapshot, paint)
]
