/** What can be done to an exchange, as data: the faults that a script lists. */

/** How often; `forever` suits only the last fault of a list. */
export type Times = number | "forever"

interface PerRequest {
  /** How many requests it strikes. @default 1 */
  readonly times?: Times
}

interface PerPoll {
  /** How many polls it strikes. @default 1 */
  readonly polls?: Times
}

/** Faults of the way in which an answer is sent; the answer itself stays right. */
export type DeliveryFault = PerRequest &
  (
    | {
        /** No fault: the request gets its answer, and a chaos profile leaves it alone. */
        readonly fault: "none"
      }
    | {
        /** The answer comes late. */
        readonly fault: "delay"
        /** Milliseconds before the first byte. */
        readonly ms: number
      }
    | {
        /** The answer does not come, or does not come to its end. */
        readonly fault: "hang"
        /** Where it stops: before the headers, or in the body. @default "headers" */
        readonly when?: "headers" | "body"
        /** Bytes of the body that come before it stops, which is then in the body. @default half of them */
        readonly after?: number
        /** Milliseconds after which the connection is reset. @default never: it hangs until the client leaves */
        readonly for?: number
      }
    | {
        /** The connection is reset (RST). */
        readonly fault: "reset"
        /** @default "headers" */
        readonly when?: "headers" | "body"
        /** Bytes of the body that come before it, which is then in the body. @default half of them */
        readonly after?: number
      }
    | {
        /** The connection is ended in order (FIN) before the body is whole. */
        readonly fault: "truncated"
        /** Bytes of the body that come. @default half of them */
        readonly after?: number
        /** `length` announces the whole length; `chunked` ends without the last chunk. @default "length" */
        readonly framing?: "length" | "chunked"
      }
    | {
        /** The Content-Length lies. The whole body is sent, and then the connection is ended. */
        readonly fault: "wrong-length"
        /** Bytes that are announced beyond the body's; below 0, fewer than it has. */
        readonly by: number
      }
    | {
        /** The body comes slowly. */
        readonly fault: "slow"
        readonly bytesPerSecond: number
      }
    | {
        /** The body is chunked: nobody says how long it will be. */
        readonly fault: "chunked"
      }
    | {
        /** The body ends where the connection ends, as in HTTP/1.0. */
        readonly fault: "close-delimited"
      }
  )

/** How long an answer asks to wait. */
export interface RetryAfter {
  /** Whole seconds. */
  readonly seconds: number
  /**
   * `seconds` and `date` are the two forms of the header, `body` is `data.retryAfter`, which only AI GPT Image has.
   * A date is rounded up to the second. @default "seconds"
   */
  readonly as?: "seconds" | "date" | "body"
}

/** Faults of what a vendor answers to a query. */
export type AnswerFault = PerRequest &
  (
    | {
        /** An HTTP status that is an error. */
        readonly fault: "status"
        /** 400 to 599. */
        readonly status: number
        /** The vendor's JSON, a proxy's HTML page, or nothing. @default "json" */
        readonly body?: "json" | "html" | "empty"
        /** How long to wait: seconds in the header, or which form of it. @default not said */
        readonly retryAfter?: number | RetryAfter
      }
    | {
        /** An error in the vendor's form inside HTTP 200. */
        readonly fault: "business"
        /** @default one that passes: jimmy "50000", sora "upstream_error", jimeng 50500, aigptimage 500 */
        readonly code?: number | string
        /** Seconds, as AI GPT Image's `data.retryAfter`. @default not said */
        readonly retryAfter?: number
      }
    | {
        /** The right answer's JSON with its end missing, whole as far as HTTP can tell. */
        readonly fault: "invalid-json"
      }
    | {
        /** JSON of another type than the vendor's. */
        readonly fault: "wrong-shape"
        /**
         * `nested` keeps the envelope and turns every value inside it into one of another type.
         * @default "array"
         */
        readonly as?: "array" | "string" | "number" | "boolean" | "null" | "nested"
      }
    | {
        /** HTTP 200, the vendor's content type, and no byte. */
        readonly fault: "empty"
      }
    | {
        /** HTTP 200 with a page for people. */
        readonly fault: "html"
      }
    | {
        /** The right answer with one more field, which is huge. It is made while it is sent. */
        readonly fault: "huge"
        /** Size of the field in units of 1,000,000 bytes. */
        readonly megabytes: number
        /** Whether its length is announced. @default "chunked" */
        readonly framing?: "length" | "chunked"
      }
  )

/** Faults of what a vendor says about a task. One that cannot strike yet waits for its moment. */
export type StateFault = PerPoll &
  (
    | {
        /** The vendor does not know the task yet: what it answers to an id that it has never given out. */
        readonly fault: "lag"
      }
    | {
        /** The task runs, under a status word that nobody documents; its end is held back. */
        readonly fault: "unknown-word"
        /** @default "warming_up" */
        readonly word?: string
      }
    | {
        /** The task is back in a phase that it had left; strikes once an earlier answer has said that it left. */
        readonly fault: "status-back"
        /** @default "queued" */
        readonly to?: "queued" | "running"
      }
    | {
        /** The task runs with less progress than before; strikes once an earlier answer has told of more. */
        readonly fault: "progress-back"
        /** From 0 up to 1. @default 0.01 */
        readonly progress?: number
      }
    | {
        /** The task has succeeded and has no output; strikes once it has succeeded. */
        readonly fault: "no-output"
      }
  )

/** A fault of a query about a task. */
export type QueryFault = DeliveryFault | AnswerFault | StateFault

/** Faults of a file behind a link. Those of ranges wait for a request that asks for one. */
export type FileFault = PerRequest &
  (
    | {
        /** An HTTP status that is an error. */
        readonly fault: "status"
        /** 400 to 599. */
        readonly status: number
        /** An object store's XML, HTML, JSON, or nothing. @default "xml" */
        readonly body?: "xml" | "html" | "json" | "empty"
        /** How long to wait: seconds in the header, or which form of it; `body` is for queries. @default not said */
        readonly retryAfter?: number | RetryAfter
      }
    | {
        /** HTTP 200 with a page for people in place of the file. */
        readonly fault: "html"
      }
    | {
        /** HTTP 200 with JSON in place of the file. */
        readonly fault: "json"
      }
    | {
        /** HTTP 200, the file's own headers, and no byte. */
        readonly fault: "empty"
      }
    | {
        /** The whole file, with 200, in answer to a Range. */
        readonly fault: "ignored-range"
      }
    | {
        /** Another range than the one that was asked for, with 206 and its true Content-Range. */
        readonly fault: "other-range"
        /** The byte with which it begins. @default 0 */
        readonly from?: number
      }
    | {
        /** 416 to a range that the file has. */
        readonly fault: "unsatisfiable"
      }
    | {
        /** Another file: other bytes, another ETag, and another Last-Modified. */
        readonly fault: "changed"
        /** Which other one, from 1. @default 1 */
        readonly revision?: number
      }
    | {
        /** Neither ETag nor Last-Modified: no If-Range can hold. */
        readonly fault: "no-validators"
      }
    | {
        /** A weak ETag and no Last-Modified: no If-Range can hold. */
        readonly fault: "weak-etag"
      }
    | {
        /** A Content-Type that is not the file's. */
        readonly fault: "wrong-type"
        /** @default "image/png", or "image/jpeg" for a png */
        readonly contentType?: string
      }
  )

/** A fault of a request for a task's result. */
export type MediaFault = DeliveryFault | FileFault

/** The name of a fault of a query. */
export type QueryFaultName = QueryFault["fault"]

/** The name of a fault of a request for a result. */
export type MediaFaultName = MediaFault["fault"]
