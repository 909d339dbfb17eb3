import type { SavedFile, TaskSnapshot } from "@gentask/core"
import { cleanText, quote } from "./vendorText.ts"

const kilobytes = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`

/** Describes a task on one line. */
export const describeTask = ({
  ref,
  status,
  progress,
  model,
  failure,
  rawStatus,
  outputs
}: TaskSnapshot): string =>
  [
    `${cleanText(ref)}: ${status}`,
    progress === null || status === "succeeded" ? "" : `${Math.floor(progress * 100)} %`,
    model === null ? "" : `model ${quote(model, 80)}`,
    status === "unknown" && rawStatus !== null ? `the vendor reports ${quote(rawStatus, 60)}` : "",
    status === "succeeded" ? `${outputs.length} ${outputs.length === 1 ? "output" : "outputs"}` : "",
    failure === null ? "" : `reason ${failure.reason}`,
    failure?.message == null ? "" : `the vendor's message: ${quote(failure.message, 300)}`
  ]
    .filter(Boolean)
    .join(", ")

/** Describes a saved file on one line. */
export const describeFile = ({
  path,
  bytes,
  mediaType,
  sha256
}: Omit<SavedFile, "output" | "alreadySaved">): string =>
  `${quote(path, 4096)} (${cleanText(mediaType, 100)}, ${kilobytes(bytes)}, sha256 ${sha256})`
