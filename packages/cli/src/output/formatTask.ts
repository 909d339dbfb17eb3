import type { Output, SavedFile, TaskSnapshot } from "@gentask/core"
import { formatDuration } from "../duration.ts"
import { formatSize } from "./formatSize.ts"
import { paintStatus } from "./paint.ts"
import type { Paint } from "./paint.ts"
import { oneLine } from "./sanitize.ts"

const maxFailureLength = 300
const maxStatusLength = 60

const formatProgress = ({ progress, status }: TaskSnapshot): string =>
  progress === null || status === "succeeded" ? "" : `${Math.floor(progress * 100)} %`

const formatFailure = ({ failure }: TaskSnapshot): string =>
  failure === null
    ? ""
    : [failure.reason, failure.message === null ? "" : oneLine(failure.message, maxFailureLength)]
        .filter(Boolean)
        .join(": ")

/** Formats the status of a task on one line. */
export const formatStatus = (snapshot: TaskSnapshot, paint: Paint): string => {
  const { ref, status, rawStatus } = snapshot
  const text =
    status === "unknown" && rawStatus !== null ? `unknown (${oneLine(rawStatus, maxStatusLength)})` : status
  return [oneLine(ref), paintStatus(paint, status, text), formatProgress(snapshot), formatFailure(snapshot)]
    .filter(Boolean)
    .join("  ")
}

const formatExpiry = ({ expiresAt }: Output, now: number): string => {
  if (expiresAt === null) return ""
  const remaining = expiresAt.getTime() - now
  return remaining > 0 ? `expires in ${formatDuration(remaining)}` : "expired"
}

const indented = (parts: ReadonlyArray<string>): string => `  ${parts.join("  ")}`

const formatOutput = (output: Output, now: number, paint: Paint): string => {
  const { kind, role, url, inline } = output
  const location = url === null ? `inline, ${formatSize(inline?.bytes ?? 0)}` : oneLine(url)
  const expiry = paint("dim", formatExpiry(output, now))
  return indented([kind, role === "result" ? "" : role, location, expiry].filter((part) => part !== ""))
}

const formatWarnings = ({ warnings }: TaskSnapshot, paint: Paint): ReadonlyArray<string> =>
  warnings.map((warning) => indented([paint("yellow", "warning"), oneLine(warning)]))

/** Formats a task with its outputs. */
export const formatTask = (snapshot: TaskSnapshot, paint: Paint, now: number): ReadonlyArray<string> => [
  formatStatus(snapshot, paint),
  ...snapshot.outputs.map((output) => formatOutput(output, now, paint)),
  ...formatWarnings(snapshot, paint)
]

const formatFile = ({ alreadySaved, path, mediaType, bytes }: SavedFile): string =>
  indented([alreadySaved ? "already saved" : "saved", oneLine(path), mediaType, formatSize(bytes)])

/** Formats a task with its saved files. */
export const formatSavedTask = (
  snapshot: TaskSnapshot,
  files: ReadonlyArray<SavedFile>,
  paint: Paint
): ReadonlyArray<string> => [
  formatStatus(snapshot, paint),
  ...files.map(formatFile),
  ...formatWarnings(snapshot, paint)
]
