/** The interface of a wire format. */
import type { IncomingHttpHeaders } from "node:http"
import type { EmulatedTask } from "../EmulatedTask.ts"
import type { HostName } from "../hosts.ts"
import type { RateLimitRejection } from "../RateLimiter.ts"
import type { TaskKind, TaskPhase } from "../TaskScript.ts"
import type { Vendor } from "./vendorNames.ts"
import type { TaskView } from "../TaskView.ts"
import type { WireResponse } from "../WireResponse.ts"

/** A field of a multipart body. */
export interface FormField {
  /** The file name. Empty for a text. */
  readonly name: string
  /** The media type of the file. Empty if absent. */
  readonly type: string
  /** The text, or the bytes of the file. */
  readonly content: string | Uint8Array
}

/** A whole request. */
export interface EmulatorRequest {
  /** The HTTP method. */
  readonly method: string
  /** The host whose prefix the path had, or null. */
  readonly host: HostName | null
  /** The path, percent-encoded, without the prefix of the host and the query. */
  readonly path: string
  /** The query without its question mark. */
  readonly search: string
  /** Headers by lowercase name. */
  readonly headers: IncomingHttpHeaders
  /** The body as text. Empty for a multipart body. */
  readonly body: string
  /** The exact body. Absent without one. */
  readonly bytes?: Uint8Array
  /** The fields of a multipart body. */
  readonly form?: ReadonlyMap<string, FormField>
}

/** A request before its body is read. */
export type RequestHead = Omit<EmulatorRequest, "body" | "bytes" | "form">

/** The sender of a request. */
export interface Caller {
  /** The API key, or the id of the access key. Empty if absent. */
  readonly apiKey: string
  /** The response if the vendor does not accept the credentials. */
  readonly rejection?: WireResponse
}

/** The parameters of a query about a task. */
export interface ParsedQuery {
  /** The id of the task. */
  readonly taskId: string
  /** The kind of task that the path is for, if the vendor has a path for each. */
  readonly kind?: TaskKind
  /** Jimeng's service identifier. */
  readonly reqKey?: string
  /** Whether Jimeng should return links. */
  readonly returnUrl?: boolean
  /** Whether the path is that of kie.ai's Veo tasks. */
  readonly isVeo?: boolean
  /** Whether the query finds the task with its id, for a vendor that has a module. */
  readonly matchesTask?: (task: EmulatedTask) => boolean
  /** The response to the query, for a vendor that has a module. */
  readonly respond?: (task: TaskView, now: number) => WireResponse
}

/** A parsed query, or one sentence about why it is malformed. */
export type QueryParseResult = { readonly query: ParsedQuery } | { readonly problem: string }

/** A vendor's wire format. It does no I/O. */
export interface VendorFormat {
  /** The vendor. */
  readonly vendor: Vendor
  /** Whether the vendor has an endpoint with this method and path. */
  readonly matches: (method: string, path: string) => boolean
  /**
   * Checks the signature of a request, at `now` in milliseconds since 1970. Returns undefined if the request is not
   * signed. Absent if the vendor does not support signatures.
   */
  readonly authenticateSignature?: (request: EmulatorRequest, now: number) => Caller | undefined
  /** Parses a query. */
  readonly parse: (request: EmulatorRequest) => QueryParseResult
  /** Whether a query finds the task with its id. Absent if it always does. */
  readonly matchesTask?: (task: EmulatedTask, query: ParsedQuery) => boolean
  /** The response that reports the task's state at `now`, in milliseconds since 1970. */
  readonly respond: (task: EmulatedTask, now: number, query: ParsedQuery) => WireResponse
  /** The response to an invalid API key. */
  readonly unauthorized: (request?: EmulatorRequest) => WireResponse
  /** The response about a task that queries do not find yet. @default that to an unknown id */
  readonly notVisibleYet?: (task: EmulatedTask) => WireResponse
  /** The response to an unknown task id. */
  readonly unknownTask: (taskId: string) => WireResponse
  /** The response to a malformed query. */
  readonly malformed: (problem: string) => WireResponse
  /** The response to a query above a rate limit. */
  readonly rateLimited: (rejection: RateLimitRejection) => WireResponse
  /** An error with this HTTP status. `retryAfter` is in seconds, for a vendor that includes it in the body. */
  readonly httpError: (status: number, retryAfter?: number) => WireResponse
  /** An error with HTTP status 200, by default a transient one. `retryAfter` is as above. */
  readonly businessError: (code?: number | string, retryAfter?: number) => WireResponse
}

/** Why a task ended without success: the script's message, else the vendor's, else an invented one. */
export const failureMessage = (task: EmulatedTask, phase: TaskPhase, documented: string): string => {
  if (task.failure.message !== undefined) return task.failure.message
  if (phase === "canceled") return "The task was canceled."
  return phase === "expired" ? "The task expired." : documented
}

/** A parameter of the query, or undefined if it is absent or empty. */
export const parameter = (search: string, name: string): string | undefined =>
  new URLSearchParams(search).get(name) || undefined

/** The bearer token of a request. Empty if absent. */
export const parseBearerToken = (authorization: string | undefined): string =>
  /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1] ?? ""
