/** The JSON file beside a saved file: which task and output it belongs to, and the digest to verify it. */
import { gentaskVersion } from "../../process/gentaskVersion.ts"
import type { Output } from "../../task/Output.ts"
import type { TaskSnapshot } from "../../task/TaskSnapshot.ts"
import type { Marks } from "../marks/Marks.ts"
import { parseIdentity } from "../OutputIdentity.ts"
import type { OutputIdentity } from "../OutputIdentity.ts"

/** What the response that the file is from says about it. */
export interface FileOrigin {
  /** The entity tag of the file. */
  readonly etag: string | null
  /** When the file server sent the response, by its own clock: the header `Date` in ISO 8601. */
  readonly httpDate: string | null
}

/** Describes the bytes of a saved file. */
export interface ManifestFile
  extends Pick<Manifest, "file" | "mediaType" | "bytes" | "sha256">, Partial<FileOrigin> {
  /** The marks in the bytes. */
  readonly marks: Marks
}

/** Where the JSON Schema of manifests is published. */
export const manifestSchemaUrl = "https://unpkg.com/@gentask/core/schema/manifest.schema.json"

/** The content of a manifest, in the order of its keys. Later versions may add keys. */
export interface Manifest extends FileOrigin {
  /** The URL of the JSON Schema of this format. */
  readonly schema: string
  /** The version of this format. */
  readonly version: 1
  readonly ref: string
  /** The provider's id. */
  readonly provider: string
  /** The account's name. */
  readonly account: string
  /** The vendor's task id. */
  readonly taskId: string
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
  /** The host of `source`. */
  readonly sourceHost: string | null
  /** ISO 8601, as are the other times. */
  readonly createdAt: string | null
  readonly completedAt: string | null
  readonly savedAt: string
  /** The version of gentask that saved the file. */
  readonly gentask: string
  /** What the file itself says about its origin. Saving never changes these marks: `sha256` is that of the bytes received. */
  readonly marks: Marks
  /** Whether the vendor reports that it has added China's implicit label to the file. Null if it reports nothing. */
  readonly aigcMetaTagged: boolean | null
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
  file: ManifestFile,
  savedAt: Date
): Manifest => ({
  schema: manifestSchemaUrl,
  version: 1,
  ref: snapshot.ref,
  provider: snapshot.provider,
  account: snapshot.account,
  taskId: snapshot.id,
  file: file.file,
  role: output.role,
  kind: output.kind,
  mediaType: file.mediaType,
  bytes: file.bytes,
  sha256: file.sha256,
  model: snapshot.model,
  prompt: snapshot.prompt,
  source,
  sourceHost: source === null ? null : (URL.parse(source)?.host ?? null),
  etag: file.etag ?? null,
  httpDate: file.httpDate ?? null,
  createdAt: toIso(snapshot.createdAt),
  completedAt: toIso(snapshot.completedAt),
  savedAt: savedAt.toJSON(),
  gentask: gentaskVersion,
  marks: file.marks,
  aigcMetaTagged: typeof snapshot.aigcMetaTagged === "boolean" ? snapshot.aigcMetaTagged : null,
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
