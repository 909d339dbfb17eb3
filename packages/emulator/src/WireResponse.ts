/** An HTTP response as plain data, before it is sent. */
import { STATUS_CODES } from "node:http"
import type { ResponseBody } from "./ByteSource.ts"
import type { DeliveryMode } from "./faults/DeliveryMode.ts"

/** An HTTP response as plain data. `content-length` is added when it is sent. */
export interface WireResponse {
  /** HTTP status. */
  readonly status: number
  /** Headers by lowercase name. */
  readonly headers: Readonly<Record<string, string>>
  /** The body. */
  readonly body: ResponseBody
  /** Headers that are sent in several lines, by lowercase name. They replace those in `headers`. */
  readonly repeatedHeaders?: Readonly<Record<string, readonly string[]>>
  /** How it is sent. Without a mode it is sent at once and completely. */
  readonly delivery?: DeliveryMode
  /** Seconds until the client should retry, if the body says so instead of a header. */
  readonly retryAfter?: number
}

/** The headers of a response, as Node sends them. A list is sent in one line for each item. */
export const headersToSend = ({
  headers,
  repeatedHeaders
}: WireResponse): Record<string, string | string[]> => ({
  ...headers,
  ...Object.fromEntries(Object.entries(repeatedHeaders ?? {}).map(([name, lines]) => [name, [...lines]]))
})

/** The reason phrase of an HTTP status. */
export const statusTextOf = (status: number): string => STATUS_CODES[status] ?? "Error"

const jsonHeaders = Object.freeze({ "content-type": "application/json; charset=utf-8" })

/** A response with a JSON body. */
export const jsonResponse = (
  status: number,
  value: unknown,
  headers?: Readonly<Record<string, string>>
): WireResponse => ({
  status,
  headers: headers === undefined ? jsonHeaders : { ...jsonHeaders, ...headers },
  body: JSON.stringify(value)
})
