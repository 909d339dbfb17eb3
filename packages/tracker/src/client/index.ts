/** A client of a tracker, without Effect: `createTrackerClient({ url, token })`. */
export type { AccountJson } from "../api/AccountJson.ts"
export type { EndpointJson, EndpointTestJson, EndpointWithSecretJson } from "../api/EndpointJson.ts"
export type { EventJson } from "../api/EventJson.ts"
export type { ProblemJson } from "../api/ProblemJson.ts"
export type {
  CancelJson,
  FileJson,
  SubmitJson,
  TaskJson,
  TaskPageJson,
  TrackedJson
} from "../api/TaskJson.ts"
export { webhookSecretOf } from "../api/webhookSecretOf.ts"
export { createTrackerClient } from "./createTrackerClient.ts"
export type { TrackerClientOptions } from "./HttpConnection.ts"
export type { EventOptions } from "./readEvents.ts"
export type {
  EndpointsClient,
  GetOptions,
  ListOptions,
  RequestOptions,
  RetryOptions,
  SubmitOptions,
  TrackerClient
} from "./TrackerClient.ts"
export { TrackerError } from "./TrackerError.ts"
export type { TrackerErrorReason } from "./TrackerError.ts"
