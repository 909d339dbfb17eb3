/** Records the last requests in a ring buffer. */
import type { IncomingHttpHeaders } from "node:http"
import type { LinkFaultName } from "./faults/LinkFault.ts"
import type { MediaFaultName } from "./faults/MediaFault.ts"
import type { QueryFaultName } from "./faults/QueryFault.ts"
import type { SubmitFaultName } from "./submit/SubmitFault.ts"
import type { Vendor } from "./vendors/vendorNames.ts"

/** A request and the status of its response. Requests to the control API are not logged. */
export interface LoggedRequest {
  /** The HTTP method. */
  readonly method: string
  /** The path, percent-encoded, without the query and the prefix of a host. */
  readonly path: string
  /** The decoded query. The last value of a repeated parameter wins. */
  readonly query: Readonly<Record<string, string>>
  /** Headers by lowercase name. Includes the API key that was sent. */
  readonly headers: IncomingHttpHeaders
  /** The body as text. */
  readonly body: string
  /**
   * `query` for a vendor's query path, `media` for a link to a result or an upload, `submit`, `upload`, `cancel` and
   * `account` for the vendor's other endpoints, `unknown` for anything else. `cancel` also deletes, and `account` also lists tasks.
   */
  readonly purpose: "query" | "media" | "submit" | "upload" | "cancel" | "account" | "unknown"
  /** The vendor of the path or link, or null for any other path. */
  readonly vendor: Vendor | null
  /** The requested task, or null if the request names none. */
  readonly taskId: string | null
  /** When the request was complete, in milliseconds on the performance clock. */
  readonly at: number
  /** The HTTP status of the response. */
  readonly status: number
  /** The fault that was applied, or null if there was none. */
  readonly fault: QueryFaultName | MediaFaultName | LinkFaultName | SubmitFaultName | null
}

/** A logged request before its query is parsed, which happens when the log is read. */
export type LogEntry = Omit<LoggedRequest, "query"> & {
  /** The query without its question mark. */
  readonly search: string
}

/** A log of the last requests. */
export interface RequestLog {
  /** Adds a request. */
  readonly add: (entry: LogEntry) => void
  /** The requests, oldest first. */
  readonly read: () => readonly LoggedRequest[]
  /** Removes all requests. */
  readonly clear: () => void
}

const toLoggedRequest = ({ search, ...entry }: LogEntry): LoggedRequest => ({
  ...entry,
  query: Object.fromEntries(new URLSearchParams(search))
})

/** Creates a log of the last `capacity` requests. */
export const makeRequestLog = (capacity: number): RequestLog => {
  let entries: LogEntry[] = []
  let next = 0
  return {
    add: (entry) => {
      if (capacity < 1) return
      entries[next] = entry
      next = (next + 1) % capacity
    },
    read: () => [...entries.slice(next), ...entries.slice(0, next)].map(toLoggedRequest),
    clear: () => {
      entries = []
      next = 0
    }
  }
}
