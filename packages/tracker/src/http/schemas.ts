/** The schemas of requests and responses. */
import { TaskSnapshotFromJson } from "@gentask/core/schema"
import * as Schema from "effect/Schema"
import { eventTypes } from "../store/Delivery.ts"
import { ErrorSchema } from "./problems.ts"

const File = Schema.Struct({
  url: Schema.String.annotate({ description: "The path of this API that serves the file." }),
  name: Schema.String,
  path: Schema.String.annotate({ description: "The path on the tracker's machine." }),
  kind: Schema.String,
  role: Schema.String,
  mediaType: Schema.String,
  bytes: Schema.Number,
  sha256: Schema.String,
  publicUrl: Schema.NullOr(Schema.String)
}).annotate({ identifier: "File", description: "A saved file." })

const instant = Schema.String.annotate({ format: "date-time" })

/** A task. */
export const Task = Schema.Struct({
  ref: Schema.String.annotate({ description: "The task ref." }),
  account: Schema.String,
  status: Schema.String,
  addedAt: instant,
  updatedAt: instant,
  endedAt: Schema.NullOr(instant),
  model: Schema.NullOr(Schema.String),
  prompt: Schema.NullOr(Schema.String),
  snapshot: Schema.NullOr(Schema.toEncoded(TaskSnapshotFromJson)),
  files: Schema.Array(File),
  saveState: Schema.Literals(["none", "due", "saved", "failed"]),
  lastError: Schema.NullOr(Schema.String).annotate({
    description: "Why polls fail, or why the last attempt to save failed. The tracker tries again."
  })
}).annotate({ identifier: "Task" })

/** A page of tasks. */
export const TaskPage = Schema.Struct({
  tasks: Schema.Array(Task),
  cursor: Schema.NullOr(Schema.String)
}).annotate({ identifier: "TaskPage" })

/** A submit. */
export const Submit = Schema.Struct({
  id: Schema.String,
  account: Schema.String,
  idempotencyKey: Schema.String,
  state: Schema.Literals(["queued", "accepted", "rejected", "unknown", "invalid"]),
  refs: Schema.Array(Schema.String),
  isReplay: Schema.Boolean.annotate({
    description: "Whether the tracker already had a submit with this idempotency key."
  }),
  error: Schema.NullOr(ErrorSchema)
}).annotate({ identifier: "Submit" })

/** The result of tracking tasks. */
export const Tracked = Schema.Struct({
  added: Schema.Array(Schema.String),
  known: Schema.Array(Schema.String),
  rejected: Schema.Array(Schema.Struct({ ref: Schema.String, error: ErrorSchema }))
}).annotate({ identifier: "Tracked" })

/** The result of a cancel. */
export const Canceled = Schema.Struct({
  ref: Schema.String,
  result: Schema.Literals(["canceled", "requested", "too-late"]),
  message: Schema.NullOr(Schema.String)
}).annotate({ identifier: "Canceled" })

const InlineFileSchema = Schema.Struct({
  base64: Schema.String,
  name: Schema.optionalKey(Schema.String)
}).annotate({ identifier: "InlineFile", description: "A file: its bytes in base64, and its name." })

const media = Schema.Union([
  Schema.String.annotate({ description: "An http, https or data: URL, or the vendor's id of an asset." }),
  InlineFileSchema
])

const text = (maxLength: number) =>
  Schema.String.check(Schema.isMinLength(1)).check(Schema.isMaxLength(maxLength))

/** A request to create a task. */
export const SubmitRequest = Schema.Struct({
  account: text(200).annotate({ description: "The account, as in a task ref." }),
  model: text(200),
  prompt: Schema.optionalKey(Schema.String),
  images: Schema.optionalKey(Schema.Array(media)),
  firstFrame: Schema.optionalKey(media),
  lastFrame: Schema.optionalKey(media),
  videos: Schema.optionalKey(Schema.Array(media)),
  audios: Schema.optionalKey(Schema.Array(media)),
  aspectRatio: Schema.optionalKey(Schema.String),
  resolution: Schema.optionalKey(Schema.String),
  duration: Schema.optionalKey(Schema.Finite),
  count: Schema.optionalKey(Schema.Finite),
  seed: Schema.optionalKey(Schema.Finite),
  input: Schema.optionalKey(
    Schema.Record(Schema.String, Schema.Unknown).annotate({
      description: "The vendor's own input. Files in it are InlineFile objects."
    })
  ),
  webhookUrl: Schema.optionalKey(
    text(2048).annotate({
      description:
        "Where to send task.ended, task.saved and task.save-failed of this submit. An https URL on the public internet."
    })
  )
}).annotate({ identifier: "SubmitRequest" })

/** A request to track a task that exists at its vendor. */
export const TrackRequest = Schema.Struct({
  ref: text(4096).annotate({ description: "The task ref." })
}).annotate({ identifier: "TrackRequest" })

/** A request to track several tasks. */
export const BatchRequest = Schema.Struct({
  refs: Schema.Array(text(4096)).check(Schema.isMaxLength(1000))
}).annotate({ identifier: "BatchRequest" })

/** The types of events. */
export const EventType = Schema.Literals(eventTypes)

/** An event. */
export const Event = Schema.Struct({
  seq: Schema.Number,
  id: Schema.String,
  type: EventType,
  ref: Schema.String,
  at: instant,
  body: Schema.Unknown
}).annotate({ identifier: "Event" })

/** An account. */
export const Account = Schema.Struct({
  account: Schema.String,
  epoch: Schema.Number,
  owner: Schema.NullOr(Schema.String),
  seenMsAgo: Schema.NullOr(Schema.Number),
  openTasks: Schema.Number,
  dueSaves: Schema.Number,
  webhookPath: Schema.NullOr(Schema.String).annotate({
    description:
      "Where the vendor can send webhooks. Contains a secret. Null without the scope admin, or if the vendor sends none."
  }),
  budget: Schema.NullOr(
    Schema.Struct({
      limit: Schema.NullOr(Schema.Number),
      windowMs: Schema.NullOr(Schema.Number),
      spent: Schema.Number,
      pausedForMs: Schema.Number
    })
  ),
  lastError: Schema.NullOr(Schema.Struct({ message: Schema.String, at: instant }))
}).annotate({ identifier: "Account" })

const endpointFields = {
  id: Schema.String,
  url: Schema.String,
  events: Schema.Array(Schema.String),
  isEnabled: Schema.Boolean,
  createdAt: instant
}

/** A webhook endpoint. */
export const Endpoint = Schema.Struct(endpointFields).annotate({ identifier: "Endpoint" })

/** A webhook endpoint with its secret. */
export const EndpointWithSecret = Schema.Struct({
  ...endpointFields,
  secret: Schema.String.annotate({ description: "Shown only once." })
}).annotate({ identifier: "EndpointWithSecret" })

const url = text(2048).annotate({ description: "An https URL.", format: "uri" })

/** A request to create a webhook endpoint. */
export const CreateEndpoint = Schema.Struct({
  url,
  events: Schema.optionalKey(Schema.Array(EventType))
}).annotate({ identifier: "CreateEndpoint" })

/** A request to change a webhook endpoint. */
export const UpdateEndpoint = Schema.Struct({
  url: Schema.optionalKey(url),
  events: Schema.optionalKey(Schema.Array(EventType)),
  isEnabled: Schema.optionalKey(Schema.Boolean)
}).annotate({ identifier: "UpdateEndpoint" })

/** The result of a test delivery. */
export const EndpointTest = Schema.Struct({
  isDelivered: Schema.Boolean,
  status: Schema.NullOr(Schema.Number),
  error: Schema.NullOr(Schema.String)
}).annotate({ identifier: "EndpointTest" })
