/** The JSON file beside a saved file: which task and output it belongs to, and the digest to verify it. */
import type { Output } from "../../task/Output.ts"
import type { TaskSnapshot } from "../../task/TaskSnapshot.ts"
import { parseIdentity } from "../OutputIdentity.ts"
import type { OutputIdentity } from "../OutputIdentity.ts"

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
  /** The link that the bytes are from, without its query; null for inline media. */
  readonly source: string | null
  /** ISO 8601, as are the other times. */
  readonly createdAt: string | null
  readonly completedAt: string | null
  readonly savedAt: string
  /** Together with `source`, or with `sha256` for inline media, identifies the output among those of its task. */
  readonly identity: Pick<OutputIdentity, "query" | "position" | "count">
}

/** A time of a snapshot, which is text if the snapshot was stored as JSON. */
const toIso = (time: Date | null): string | null => (time === null ? null : new Date(time).toJSON())

/** Creates the manifest of an output's file. */
export const makeManifest = (
  snapshot: TaskSnapshot,
  output: Output,
  { source, query, position, count }: OutputIdentity,
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
  source,
  createdAt: toIso(snapshot.createdAt),
  completedAt: toIso(snapshot.completedAt),
  savedAt: savedAt.toJSON(),
  identity: { query, position, count }
})

/** Formats a manifest as the text of its file. */
export const formatManifest = (manifest: Manifest): string => `${JSON.stringify(manifest, null, 2)}\n`

/** The fields that identify and verify a stored file. */
export interface ManifestEntry extends Pick<Manifest, "file" | "role" | "mediaType" | "bytes" | "sha256"> {
  readonly source: string | null
  /** Undefined in a manifest without this key. */
  readonly identity: OutputIdentity | undefined
}

/** Parses the text of a manifest; undefined if it is invalid. */
export const parseManifest = (text: string): ManifestEntry | undefined => {
  try {
    const json = JSON.parse(text) as Partial<Record<keyof Manifest, unknown>> | null
    const { file, role, mediaType, bytes, sha256, source, identity } = json ?? {}
    if (
      typeof file !== "string" ||
      typeof role !== "string" ||
      typeof mediaType !== "string" ||
      typeof bytes !== "number" ||
      typeof sha256 !== "string"
    )
      return undefined
    const link = typeof source === "string" && URL.canParse(source) ? source : null
    const listed = typeof identity === "object" ? identity : {}
    return {
      file,
      role,
      mediaType,
      bytes,
      sha256,
      source: link,
      identity: parseIdentity({ ...listed, source: link, sha256: link === null ? sha256 : null })
    }
  } catch {
    return undefined
  }
}
