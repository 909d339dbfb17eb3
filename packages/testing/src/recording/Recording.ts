import type { Expectation } from "./Expectation.ts"

/** A request as the vendor documents it, without the credentials. */
export interface RecordedRequest {
  /** The HTTP method. */
  readonly method: "GET" | "POST"
  /** The absolute URL. The order of its parameters and the way they are escaped do not matter. */
  readonly url: string
  /** The headers without the credentials. The case of names does not matter. @default {} */
  readonly headers?: Readonly<Record<string, string>>
  /** The body as a JSON value. JSON inside a string is compared by value. @default null */
  readonly body?: unknown
}

/** A response as the vendor sent it, or as the vendor documents it. */
export interface RecordedResponse {
  /** The HTTP status, 200 to 599. @default 200 */
  readonly status?: number
  /** The response headers that matter, such as `Retry-After`. @default {} */
  readonly headers?: Readonly<Record<string, string>>
  /** The body as a JSON value. A string is the exact text of a body. */
  readonly body: unknown
}

/** A follow-up request and its response. */
export interface RecordedFollowUp {
  /** The documented request. If it is absent, the request is not checked. */
  readonly request?: RecordedRequest
  /** The response to the request. */
  readonly answer: RecordedResponse
}

/** The JSON of a recording: one query of a task, with the vendor's response and the expected result. */
export interface Recording {
  /** Where the response is from: the URL of the document, when it was recorded, or why it was made up. */
  readonly source: string
  /** The task ref to query. @default the spec's first example */
  readonly ref?: string
  /** The account's options without the key: `endpoint`, `baseUrl` and the provider's settings. @default {} */
  readonly account?: Readonly<Record<string, unknown>>
  /** The documented request. At least one recording must have it. If it is absent, the request is not checked. */
  readonly request?: RecordedRequest
  /** The response to the request. */
  readonly answer: RecordedResponse
  /** The follow-up requests that the response needs, in order. @default [] */
  readonly then?: ReadonlyArray<RecordedFollowUp>
  /** When the response arrived, for a `Retry-After` that is a date: ISO 8601. @default 1970-01-01 */
  readonly at?: string
  /** Other status words of the vendor that decode to the same result in this response. @default [] */
  readonly words?: ReadonlyArray<string>
  /**
   * The whole expected result. If it is absent, the check fails and shows the actual result. With `GENTASK_RECORD=1`, the
   * kit writes it into the file.
   */
  readonly means?: Expectation
}
