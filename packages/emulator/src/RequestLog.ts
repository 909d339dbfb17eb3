/** What was asked: the last requests in a ring of fixed size. */
import type { IncomingHttpHeaders } from "node:http"
import type { MediaFaultName, QueryFaultName } from "./faults/Fault.ts"
import type { LinkFaultName } from "./faults/LinkFault.ts"
import type { Vendor } from "./TaskScript.ts"

/** A request as it came, and the status of the answer that was made for it. Control requests are not recorded. */
export interface RecordedRequest {
  readonly method: string
  /** Still percent-encoded, without the query. */
  readonly path: string
  /** Decoded; of a parameter that is given twice, the last. */
  readonly query: Readonly<Record<string, string>>
  /** Names in lower case. Holds the API key that was sent. */
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** `query` asks a vendor about a task, `media` follows a result link, `unknown` is neither. */
  readonly purpose: "query" | "media" | "unknown"
  readonly vendor: Vendor | null
  /** Null when the request names no task. */
  readonly taskId: string | null
  /** When the whole request had come, in milliseconds on the performance clock. */
  readonly at: number
  readonly status: number
  /** The fault that disturbed the exchange; null when none did. */
  readonly fault: QueryFaultName | MediaFaultName | LinkFaultName | null
}

/** A request as the log keeps it: nothing is parsed before somebody looks. */
export type LogEntry = Omit<RecordedRequest, "query"> & { readonly search: string }

/** A log of requests that keeps the last ones. */
export interface RequestLog {
  readonly add: (entry: LogEntry) => void
  /** Oldest first. */
  readonly read: () => readonly RecordedRequest[]
  readonly clear: () => void
}

const toRecord = ({ search, ...entry }: LogEntry): RecordedRequest => ({
  ...entry,
  query: Object.fromEntries(new URLSearchParams(search))
})

/** A log that keeps the last `capacity` requests; with 0, none. */
export const makeRequestLog = (capacity: number): RequestLog => {
  let entries: LogEntry[] = []
  let next = 0
  return {
    add: (entry) => {
      if (capacity < 1) return
      entries[next] = entry
      next = (next + 1) % capacity
    },
    read: () => [...entries.slice(next), ...entries.slice(0, next)].map(toRecord),
    clear: () => {
      entries = []
      next = 0
    }
  }
}
