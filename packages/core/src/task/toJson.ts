import type { Amount } from "./Amount.ts"
import type { Failure } from "./Failure.ts"
import type { Output } from "./Output.ts"
import type { TaskSnapshot } from "./TaskSnapshot.ts"

/** Inline media as JSON. */
export interface InlineMediaJson {
  /** The media in base64. Absent in the output of {@link toJson}. */
  readonly base64?: string
  /** The decoded size, in bytes. */
  readonly bytes: number
}

/** An {@link Output} as JSON. */
export interface OutputJson extends Omit<Output, "inline" | "expiresAt" | "isPrivate"> {
  /** The file itself, if the vendor sent no link. */
  readonly inline: InlineMediaJson | null
  /** When the link expires, in ISO 8601. */
  readonly expiresAt: string | null
  /** Whether the link needs the account's credentials. Absent if it does not. */
  readonly isPrivate?: boolean
}

/** A {@link Failure} as JSON. */
export interface FailureJson extends Omit<Failure, "canResubmit"> {
  /** Whether submitting the same task again may help: `canResubmit`. */
  readonly resubmit: boolean | null
}

/** A {@link TaskSnapshot} as JSON. Instants are in ISO 8601 and UTC, such as `2025-10-06T15:13:51.000Z`. */
export interface SnapshotJson extends Omit<
  TaskSnapshot,
  | "createdAt"
  | "updatedAt"
  | "completedAt"
  | "outputs"
  | "failure"
  | "queuePosition"
  | "cost"
  | "aigcMetaTagged"
> {
  /** The version of this format. Absent in the output of {@link toJson}. */
  readonly version?: 1
  /** When the task was created. */
  readonly createdAt: string | null
  /** When the task last changed. */
  readonly updatedAt: string | null
  /** When the task ended. */
  readonly completedAt: string | null
  /** The media files of the task. */
  readonly outputs: ReadonlyArray<OutputJson>
  /** Set if the status is `failed`, `canceled` or `expired`. */
  readonly failure: FailureJson | null
  /** How many tasks are before this one in the vendor's queue. Absent in JSON of earlier versions. */
  readonly queuePosition?: number | null
  /** What the vendor charged for the task. Absent in JSON of earlier versions. */
  readonly cost?: Amount | null
  /** Whether the vendor has added China's implicit label to the files. Absent if it reports nothing. */
  readonly aigcMetaTagged?: boolean
}

const instantToJson = (instant: Date | null): string | null => instant?.toISOString() ?? null

const outputToJson = (output: Output): OutputJson => ({
  kind: output.kind,
  role: output.role,
  mediaType: output.mediaType,
  width: output.width,
  height: output.height,
  url: output.url,
  inline: output.inline === null ? null : { bytes: output.inline.bytes },
  expiresAt: instantToJson(output.expiresAt),
  ...(output.isPrivate === true ? { isPrivate: true } : {})
})

const failureToJson = (failure: Failure): FailureJson => ({
  reason: failure.reason,
  code: failure.code,
  message: failure.message,
  requestId: failure.requestId,
  resubmit: failure.canResubmit
})

/**
 * Converts a snapshot to plain JSON: the line that the command line prints with `--json`. Dates become ISO 8601 text in
 * UTC, and inline media becomes its size.
 *
 * ```ts
 * console.log(JSON.stringify(toJson(await gentask.query(ref))))
 * ```
 *
 * `encodeSnapshot` of `@gentask/core/schema` also keeps inline media, and `decodeSnapshot` reads the output of both.
 */
export const toJson = (snapshot: TaskSnapshot): SnapshotJson => ({
  ref: snapshot.ref,
  provider: snapshot.provider,
  account: snapshot.account,
  id: snapshot.id,
  status: snapshot.status,
  rawStatus: snapshot.rawStatus,
  progress: snapshot.progress,
  model: snapshot.model,
  prompt: snapshot.prompt,
  createdAt: instantToJson(snapshot.createdAt),
  updatedAt: instantToJson(snapshot.updatedAt),
  completedAt: instantToJson(snapshot.completedAt),
  outputs: snapshot.outputs.map(outputToJson),
  failure: snapshot.failure === null ? null : failureToJson(snapshot.failure),
  queuePosition: snapshot.queuePosition,
  cost: snapshot.cost,
  ...(snapshot.aigcMetaTagged === undefined ? {} : { aigcMetaTagged: snapshot.aigcMetaTagged }),
  warnings: snapshot.warnings,
  ...(snapshot.raw === undefined ? {} : { raw: snapshot.raw })
})
