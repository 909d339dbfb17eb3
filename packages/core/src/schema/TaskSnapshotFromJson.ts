import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { TaskSnapshot } from "../task/TaskSnapshot.ts"
import type { SnapshotJson } from "../task/toJson.ts"
import { definedKey } from "./definedKey.ts"
import { formatVersion } from "./formatVersion.ts"
import { InstantFromJson } from "./InstantFromJson.ts"
import { makeDecode } from "./makeDecode.ts"
import { makeEncode } from "./makeEncode.ts"
import { OutputFromJson } from "./OutputFromJson.ts"

/** The statuses of a task that has ended. */
export const TerminalStatusSchema = Schema.Literals(["succeeded", "failed", "canceled", "expired"])

/** All statuses of a task. */
export const TaskStatusSchema = Schema.Literals([
  "queued",
  "running",
  ...TerminalStatusSchema.literals,
  "unknown"
]).annotate({ description: "The task has ended if it is succeeded, failed, canceled or expired." })

const Progress = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))

/** The codec of a failure. */
export const FailureFromJson = Schema.Struct({
  reason: Schema.Literals([
    "moderation",
    "invalid-input",
    "quota",
    "timeout",
    "canceled",
    "upstream",
    "unknown"
  ]),
  code: Schema.NullOr(Schema.String),
  message: Schema.NullOr(Schema.String),
  requestId: Schema.NullOr(Schema.String),
  canResubmit: Schema.NullOr(Schema.Boolean)
}).pipe(
  Schema.encodeKeys({ canResubmit: "resubmit" }),
  Schema.annotateEncoded({
    identifier: "Failure",
    description:
      "Why a task ended as failed, canceled or expired. resubmit: whether submitting it again may help."
  })
)

const QueuePosition = Schema.NullOr(
  Schema.Natural.annotate({ description: "How many tasks are before this one in the vendor's queue." })
)

const AmountSchema = Schema.Struct({ amount: Schema.Finite, unit: Schema.String }).annotate({
  identifier: "Amount",
  description: "An amount of money, or of a vendor's credits."
})

/** The members of a snapshot whose status is one of the given ones. */
export const snapshotFields = <Status extends Schema.Top>(status: Status) => ({
  ref: Schema.String,
  provider: Schema.String,
  account: Schema.String,
  id: Schema.String,
  status,
  rawStatus: Schema.NullOr(Schema.String),
  progress: Schema.NullOr(Progress),
  model: Schema.NullOr(Schema.String),
  prompt: Schema.NullOr(Schema.String),
  createdAt: Schema.NullOr(InstantFromJson),
  updatedAt: Schema.NullOr(InstantFromJson),
  completedAt: Schema.NullOr(InstantFromJson),
  outputs: Schema.Array(OutputFromJson),
  failure: Schema.NullOr(FailureFromJson),
  // Absent from snapshots of earlier versions.
  queuePosition: QueuePosition.pipe(Schema.withDecodingDefaultKey(Effect.succeed(null))),
  cost: Schema.NullOr(AmountSchema).pipe(Schema.withDecodingDefaultKey(Effect.succeed(null))),
  aigcMetaTagged: definedKey(
    Schema.Boolean.annotate({
      description: "Whether the vendor has added China's implicit label of generated content to the files."
    })
  ),
  warnings: Schema.Array(Schema.String),
  raw: definedKey(Schema.Unknown.annotate({ description: "The vendor's response." }))
})

const codec = Schema.Struct({ version: formatVersion, ...snapshotFields(TaskStatusSchema) })

/**
 * The codec of a task snapshot, for Effect. It decodes the output of `encodeSnapshot`, and the lines that the command
 * line prints with `--json`.
 *
 * ```ts
 * const Job = Schema.Struct({ user: Schema.String, task: TaskSnapshotFromJson })
 * const { task } = yield* Schema.decodeUnknownEffect(Job)(json)
 * ```
 *
 * Decoding ignores unknown members.
 */
export const TaskSnapshotFromJson: Schema.Codec<TaskSnapshot, SnapshotJson> = codec

/**
 * Converts a snapshot to JSON, for a database, a queue or an HTTP response. Instants become ISO 8601 text in UTC.
 *
 * ```ts
 * await database.set(snapshot.ref, JSON.stringify(encodeSnapshot(snapshot)))
 * ```
 *
 * @returns The JSON, with its format version. It contains inline media as base64, unlike the result of `toJson`.
 * @throws {InvalidJson} If the snapshot is invalid, for example because a date is.
 */
export const encodeSnapshot: (snapshot: TaskSnapshot) => SnapshotJson = makeEncode(codec, "task snapshot")

/**
 * Restores a snapshot from JSON. `gentask.save` accepts the result.
 *
 * ```ts
 * const snapshot = decodeSnapshot(JSON.parse(text))
 * await gentask.save(snapshot, { dir: "out" })
 * ```
 *
 * @param json The result of `encodeSnapshot` or `toJson`, or a line that the command line printed with `--json`. Unknown
 *   members are ignored. `base64` of inline media is empty if the JSON contains only its size.
 * @throws {InvalidJson} If the JSON is not a snapshot, or has a later format version.
 */
export const decodeSnapshot: (json: unknown) => TaskSnapshot = makeDecode(codec, "task snapshot")
