/** Recognizes faults in the head of a response, as a client sees them. */

/** The head of a response, and its text if that is known. */
export interface ObservedResponse {
  readonly status: number
  /** Header names are in lower case. The values of a repeated header are joined by commas. */
  readonly headers: Readonly<Record<string, string>>
  readonly text?: string
}

const date = /[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/g

/** Dates of the server's clock that are more than this off, in milliseconds, are not right. */
const maxSkewMs = 60_000

/** The values of a Retry-After that RFC 9110 allows, in milliseconds. A date is relative to that of the response. */
const parseRetryAfter = ({ headers }: ObservedResponse): ReadonlyArray<number> => {
  const header = headers["retry-after"] ?? ""
  const sent = Date.parse(headers["date"] ?? "")
  const seconds = [...header.matchAll(/(?:^|, )(\d+)(?=,|$)/g)].map(([, value]) => Number(value) * 1000)
  const dates = (header.match(date) ?? []).map((value) => Date.parse(value) - sent)
  return [...seconds, ...dates].filter((wait) => !Number.isNaN(wait))
}

/** The delay that a response requires, in milliseconds; undefined if it requires none. */
export const requiredDelay = (response: ObservedResponse): number | undefined => {
  const waits = parseRetryAfter(response)
  return waits.length === 0 ? undefined : Math.max(...waits)
}

const describeRetryAfter = (response: ObservedResponse): ReadonlyArray<string> => {
  const header = response.headers["retry-after"]
  if (header === undefined) return []
  const values = parseRetryAfter(response)
  if (values.length > 1) return ["Retry-After in two lines"]
  if (values.length === 0) return ["Retry-After without a valid value"]
  return [/^\d+$/.test(header) ? "Retry-After in seconds" : "Retry-After as a date"]
}

/** The names of the faults that a response shows. */
export const observedFaults = (response: ObservedResponse): ReadonlyArray<string> => {
  const { status, headers, text } = response
  const coding = headers["content-encoding"]
  const skewMs = Math.abs(Date.parse(headers["date"] ?? "") - Date.now())
  const retryAfter = describeRetryAfter(response)
  const isSkewed = skewMs > maxSkewMs
  return [
    ...(coding === undefined ? [] : [`content coding ${coding}`]),
    ...(isSkewed ? ["Date of another clock"] : []),
    ...(isSkewed && retryAfter.includes("Retry-After as a date") ? ["Retry-After of another clock"] : []),
    ...retryAfter,
    ...(headers["connection"] === "close" && headers["content-length"] === undefined
      ? ["end of the connection as the end of the body"]
      : []),
    ...((status === 202 || status === 204) && (text ?? "") === "" ? [`empty ${status}`] : [])
  ]
}
