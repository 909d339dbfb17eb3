/**
 * gentask for Effect: the operations of `@gentask/core` as a service with layers and streams.
 */
export * as RetryPolicy from "./client/RetryPolicy.ts"
export { Tasks } from "./client/Tasks.ts"
export type { TasksOptions, TasksPolicies, TasksService } from "./client/Tasks.ts"
export * as FetchTransport from "./http/FetchTransport.ts"
export type { RequestDispatcher } from "./http/Route.ts"
export type { Delivery } from "./http/Delivery.ts"
export { Transport } from "./http/Transport.ts"
export type {
  DownloadRequest,
  DownloadResponse,
  RequestLimits,
  TransportResponse,
  SendError,
  SendOptions,
  TransportService
} from "./http/Transport.ts"
export * as UndiciTransport from "./http/UndiciTransport.ts"
export type { HttpRequest } from "./provider/HttpRequest.ts"
