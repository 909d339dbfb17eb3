/** The status and the headers of a response. */
export interface ResponseHead {
  /** The HTTP status. */
  readonly status: number
  /** Header names are in lower case. */
  readonly headers: Readonly<Record<string, string>>
}
