/** The JSON file beside a saved file: which task and output it belongs to, and the digest to verify it. */
import type { Output } from "../../task/Output.ts"
import type { TaskSnapshot } from "../../task/TaskSnapshot.ts"
import { withoutQuery } from "../withoutQuery.ts"

/** The content of a manifest, in the order of its keys. */
export interface Manifest {
  readonly ref: string
  /** The name of the saved file. */
  readonly file: string
  readonly role: string
  readonly kind: string
  readonly mediaType: string
  readonly bytes: number
  /** SHA-256 digest in hexadecimal. */
  readonly sha256: string
  readonly model: string | null
  readonly prompt: string | null
  /** The output's URL without its query; null for inline media. */
  readonly source: string | null
  /** ISO 8601, as are the other times. */
  readonly createdAt: string | null
  readonly completedAt: string | null
  readonly savedAt: string
}

/** Creates the manifest of an output's file. */
export const makeManifest = (
  snapshot: TaskSnapshot,
  output: Output,
  file: Pick<Manifest, "file" | "mediaType" | "bytes" | "sha256">,
  savedAt: Date
): Manifest => ({
  ref: snapshot.ref,
  file: file.file,
  role: output.role,
  kind: output.kind,
  mediaType: file.mediaType,
  bytes: file.bytes,
  sha256: file.sha256,
  model: snapshot.model,
  prompt: snapshot.prompt,
  source: output.url === null ? null : withoutQuery(output.url),
  createdAt: snapshot.createdAt?.toJSON() ?? null,
  completedAt: snapshot.completedAt?.toJSON() ?? null,
  savedAt: savedAt.toJSON()
})

/** Formats a manifest as the text of its file. */
export const formatManifest = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`

/** The fields that identify and verify a stored file. */
export type ManifestEntry = Pick<Manifest, "file" | "role" | "mediaType" | "bytes" | "sha256">

/** Parses the text of a manifest; undefined if it is invalid. */
export const parseManifest = (text: string): ManifestEntry | undefined => {
  try {
    const json = JSON.parse(text) as Partial<Record<keyof ManifestEntry, unknown>> | null
    const { file, role, mediaType, bytes, sha256 } = json ?? {}
    return typeof file === "string" &&
      typeof role === "string" &&
      typeof mediaType === "string" &&
      typeof bytes === "number" &&
      typeof sha256 === "string"
      ? { file, role, mediaType, bytes, sha256 }
      : undefined
  } catch {
    return undefined
  }
}
