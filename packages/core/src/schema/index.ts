/**
 * Task snapshots, errors and saved files as JSON, for databases, queues and HTTP APIs.
 *
 * This entry loads Effect's `Schema`, which the other entries do not.
 */
export type {
  ClientClosedJson,
  ConfigurationErrorJson,
  ErrorJson,
  InvalidJsonJson,
  InvalidTaskRefJson,
  InvalidWebhookJson,
  LedgerFailedJson,
  ProviderErrorJson,
  SaveErrorJson,
  SaveErrorReasonJson,
  StillRunningJson,
  SubmitOutcomeUnknownJson,
  SubmitRejectedJson,
  TaskFailedJson,
  UploadFailedJson
} from "./ErrorJson.ts"
export type { AnyGentaskError } from "./GentaskErrorFromJson.ts"
export { GentaskErrorFromJson, decodeError, encodeError } from "./GentaskErrorFromJson.ts"
export type { InvalidJsonFields } from "./InvalidJson.ts"
export { InvalidJson } from "./InvalidJson.ts"
export type { ManifestJson } from "./ManifestSchema.ts"
export { ManifestSchema, decodeManifest } from "./ManifestSchema.ts"
export type { SavedFileJson } from "./SavedFileFromJson.ts"
export { SavedFileFromJson, decodeSavedFile, encodeSavedFile } from "./SavedFileFromJson.ts"
export { TaskSnapshotFromJson, decodeSnapshot, encodeSnapshot } from "./TaskSnapshotFromJson.ts"
export type { FailureJson, InlineMediaJson, OutputJson, SnapshotJson } from "../task/toJson.ts"
