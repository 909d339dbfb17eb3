import * as Schema from "effect/Schema"
import { OutputKindSchema, OutputRoleSchema } from "./OutputFromJson.ts"
import { TaskStatusSchema } from "./TaskSnapshotFromJson.ts"
import { undefinedFromNull } from "./undefinedFromNull.ts"
import { unknownTag } from "./unknownTag.ts"

const url = Schema.String
const path = Schema.String
const detail = Schema.String

/** Decodes the reason of a `SaveError` from its JSON, in which undefined members are null. */
export const SaveErrorReasonFromJson = Schema.TaggedUnion({
  NotSucceeded: { status: TaskStatusSchema },
  NoOutput: { roles: undefinedFromNull(Schema.Array(OutputRoleSchema)) },
  UnsafeLink: { url, detail },
  LinkExpired: { url, httpStatus: Schema.Finite },
  LinkForbidden: { url, httpStatus: Schema.Finite },
  DownloadFailed: {
    url,
    detail,
    httpStatus: undefinedFromNull(Schema.Finite),
    isRetryable: Schema.Boolean
  },
  NotMedia: { url: undefinedFromNull(url), kind: OutputKindSchema },
  UnsupportedEncoding: { url, encoding: Schema.String },
  Truncated: { kind: OutputKindSchema },
  MissingInlineMedia: { kind: OutputKindSchema },
  Empty: { url },
  TooLarge: { url, bytes: undefinedFromNull(Schema.Finite), maxBytes: Schema.Finite },
  TimedOut: { timeoutMs: Schema.Finite },
  FileExists: { path },
  TargetFailed: {
    target: Schema.String,
    detail,
    httpStatus: undefinedFromNull(Schema.Finite),
    isRetryable: Schema.Boolean
  },
  NotWritable: { path, code: Schema.String },
  DiskFull: { path },
  Unexpected: { detail }
}).annotate({ ...unknownTag, identifier: "SaveErrorReason" })
