/**
 * All names of spans, attributes and metrics. Those of OpenTelemetry's GenAI conventions are still in development, and have
 * no operation for images and videos, so that they may have to be renamed here. See
 * https://github.com/open-telemetry/semantic-conventions-genai.
 */

/** The names of spans. */
export const spanNames = {
  query: "gentask.query",
  submit: "gentask.submit",
  upload: "gentask.upload",
  cancel: "gentask.cancel",
  download: "gentask.download",
  /** Ends when the end of a task is observed. It has no length: the durations are attributes. */
  task: "gentask.task"
} as const

/** The names of attributes, of spans and of metrics. */
export const attributeNames = {
  provider: "gentask.provider",
  account: "gentask.account",
  operation: "gentask.operation",
  outcome: "gentask.outcome",
  ref: "gentask.ref",
  taskStatus: "gentask.task.status",
  taskDuration: "gentask.task.duration",
  taskLag: "gentask.task.lag",
  taskPolls: "gentask.task.polls",
  fileSize: "gentask.file.size",
  fileDigest: "gentask.file.sha256",
  fileMediaType: "gentask.file.media_type",
  genAiOperation: "gen_ai.operation.name",
  genAiProvider: "gen_ai.provider.name",
  requestModel: "gen_ai.request.model",
  outputType: "gen_ai.output.type",
  /** The vendor's id of the task. */
  responseId: "gen_ai.response.id",
  inputMessages: "gen_ai.input.messages",
  serverAddress: "server.address",
  serverPort: "server.port",
  errorType: "error.type",
  httpMethod: "http.request.method",
  httpStatus: "http.response.status_code",
  urlTemplate: "url.template"
} as const

/** The names of metrics. */
export const metricNames = {
  exchanges: "gentask.exchanges",
  duration: "gen_ai.client.operation.duration",
  lag: "gentask.task.lag",
  watched: "gentask.tasks.watched",
  downloaded: "gentask.download.bytes",
  webhookAttempts: "gentask.webhook.attempts",
  // Those of the tracker's HTTP API, which are named as Prometheus has them.
  httpRequests: "gentask_http_requests_total",
  httpDuration: "gentask_http_request_seconds",
  eventStreams: "gentask_http_event_streams",
  openTasks: "gentask_open_tasks",
  dueSaves: "gentask_due_saves",
  lastEvent: "gentask_last_event_seq",
  residentBytes: "gentask_process_resident_bytes"
} as const
