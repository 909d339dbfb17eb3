/**
 * The records that `--json` prints, as zod schemas. `packages/cli/schema` is generated from them, and the tests compare it
 * with what the commands print. No command loads this file.
 */
import { commonInputNames } from "@gentask/core/provider"
import * as z from "zod"

const instant = z.iso.datetime().describe("An instant in UTC, in ISO 8601.")
const count = z.int().min(0)
const mediaKind = z.enum(["image", "video", "animation", "audio", "model"])

const amount = z
  .looseObject({ amount: z.number(), unit: z.string() })
  .describe("An amount of money, or of a vendor's credits.")

/** The snapshot of core, whose definitions are added to the document. */
const snapshot = z.unknown().meta({ $ref: "#/$defs/Snapshot" })

const listedTask = z.looseObject({
  ref: z.string().describe("The task ref."),
  account: z.string().describe("The account, as in a task ref."),
  status: z
    .enum(["queued", "running", "succeeded", "failed", "canceled", "expired", "unknown"])
    .describe("The last recorded status. unknown also if no snapshot was recorded yet."),
  addedAt: instant,
  since: instant.describe("When the task changed to its status, as far as is recorded."),
  endedAt: instant.nullable(),
  model: z.string().nullable(),
  prompt: z.string().nullable(),
  cost: amount.nullable().describe("What the vendor charged."),
  failure: z
    .looseObject({
      reason: z.enum(["moderation", "invalid-input", "quota", "timeout", "canceled", "upstream", "unknown"]),
      message: z.string().nullable()
    })
    .nullable()
    .describe("Why the task ended without a result."),
  traceId: z.string().nullable().describe("The trace that the submit belongs to."),
  fileCount: count.describe("How many files were saved.")
})

/** A line of `gentask list --json`. */
export const listRecord = listedTask.extend({
  intent: z
    .string()
    .nullable()
    .describe("The id of the intent of the submit. Null if another program submitted the task.")
})

const intentFile = z.looseObject({
  path: z.string().describe("The dotted path in the input, such as images.0."),
  name: z.string(),
  mediaType: z.string(),
  size: count.describe("The size, in bytes."),
  sha256: z.string()
})

const intent = z.looseObject({
  id: z.string(),
  idempotencyKey: z.string().describe("Identifies the submit. Unique per account."),
  account: z.string(),
  origin: z.string().describe("The scheme and the host that the request was sent to."),
  model: z.string(),
  prompt: z.string().nullable(),
  input: z.record(z.string(), z.unknown()).describe("The vendor's own input, without secrets and files."),
  files: z.array(intentFile),
  digest: z.string().describe("The SHA-256 digest of account, model and input."),
  canReplay: z.boolean().describe("Whether the same bytes can be sent again from this record."),
  owner: z.string().describe("The process that submitted."),
  traceparent: z.string().nullable(),
  createdAt: instant,
  state: z.enum(["pending", "accepted", "rejected", "unknown"]),
  refs: z.array(z.string()),
  error: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe("Why it was rejected, or what the last attempt failed with. _tag names the reason."),
  attempts: count.describe("How many requests were sent."),
  settledAt: instant.nullable()
})

const event = z.looseObject({
  id: z.string().describe("Unique, and the same in each record of the event."),
  kind: z.enum([
    "intent.rejected",
    "intent.unknown",
    "intent.accepted",
    "task.submitted",
    "task.status",
    "task.saved",
    "task.added",
    "task.all-saved",
    "task.save-failed"
  ]),
  at: instant,
  body: z.record(z.string(), z.unknown()).nullable().describe("Details of the event.")
})

const file = z.looseObject({
  path: z.string(),
  kind: mediaKind,
  role: z.enum(["result", "thumbnail", "preview", "watermarked"]),
  mediaType: z.string(),
  bytes: count,
  sha256: z.string(),
  savedAt: instant
})

/** The line of `gentask show --json`. */
export const showRecord = z.looseObject({
  task: listedTask,
  snapshot: snapshot.nullable().describe("The last recorded snapshot."),
  intent: intent.nullable().describe("The intent that the task was submitted with."),
  events: z.array(event).describe("The oldest first."),
  files: z.array(file).describe("The saved files, by path.")
})

/** A line of `gentask models --json`. */
export const modelsRecord = z.looseObject({
  account: z.string().describe("The account to submit with."),
  model: z.string().describe("The vendor's name of the model."),
  mediaKind: mediaKind.describe("What the model creates."),
  supportedInputs: z
    .array(z.enum(commonInputNames as [string, ...Array<string>]))
    .describe("The common inputs that the model supports."),
  docs: z.string(),
  input: z
    .record(z.string(), z.unknown())
    .nullable()
    .optional()
    .describe("The JSON Schema of the vendor's own input. Only if one model was named; null if it has none.")
})

/** A line of `gentask providers --json`. */
export const providersRecord = z.looseObject({
  provider: z.string().nullable().describe("The id of the provider. Null if it is unknown."),
  title: z.string().nullable(),
  version: z.string().nullable().describe("The version of its package."),
  source: z.looseObject({
    kind: z.enum(["bundled", "project", "configuration"]),
    package: z.string().nullable(),
    path: z.string().nullable()
  }),
  endpoints: z.record(z.string(), z.string()).describe("The base URLs by name."),
  makes: z.array(mediaKind).describe("The kinds of media that it creates."),
  hints: z.array(z.string()).describe("The params of the example refs, such as kind=video."),
  examples: z.array(z.string()).describe("Example refs."),
  account: z
    .string()
    .nullable()
    .describe("The account, as in a task ref. Null if the provider cannot be used."),
  endpoint: z.string().nullable(),
  baseUrl: z.string().nullable(),
  key: z
    .looseObject({
      variable: z.string().describe("The environment variable of the API key."),
      found: z.boolean().describe("Whether there is an API key."),
      optional: z.literal(true).optional()
    })
    .nullable()
    .describe("Null if the provider has no API keys, or cannot be used."),
  docs: z.string().nullable(),
  problem: z.string().nullable().describe("What is wrong, as sentences.")
})

/** A line of `gentask balance --json`. */
export const balanceRecord = z.looseObject({
  account: z.string().describe("The account, as in a task ref."),
  available: amount.nullable().describe("What can still be spent. Null if the vendor does not report it."),
  used: amount.nullable().describe("What was spent so far. Null if the vendor does not report it."),
  error: z
    .looseObject({
      type: z.string(),
      reason: z.string().optional(),
      problem: z.string().optional(),
      message: z.string()
    })
    .optional()
    .describe("Why the balance could not be queried.")
})
