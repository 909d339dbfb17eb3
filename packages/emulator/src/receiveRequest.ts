/** Reads whole requests from their sockets. */
import type { IncomingMessage } from "node:http"
import type { EmulatorRequest } from "./vendors/VendorFormat.ts"
import { jsonResponse } from "./WireResponse.ts"
import type { WireResponse } from "./WireResponse.ts"

/** Task scripts have a few kilobytes and queries less, so a larger body is a mistake. */
const maxBodySize = 1_048_576

/** The response to a request whose body is too large, the same for all vendors. */
export const payloadTooLarge: WireResponse = jsonResponse(413, {
  error: "The request body is too large: the limit is 1 MiB."
})

/** The body as text, or null if it is too large. Rejects if the client disconnects first. */
const readBody = async (request: IncomingMessage): Promise<string | null> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // Read a body that is too large to its end: the connection could not be reused otherwise.
    if (size <= maxBodySize) chunks.push(chunk)
  }
  return size > maxBodySize ? null : Buffer.concat(chunks).toString("utf8")
}

const withBody = ({ method = "GET", url = "/", headers }: IncomingMessage, body: string): EmulatorRequest => {
  const mark = url.indexOf("?")
  return mark < 0
    ? { method, path: url, search: "", headers, body }
    : { method, path: url.slice(0, mark), search: url.slice(mark + 1), headers, body }
}

const canHaveBody = ({ headers }: IncomingMessage): boolean =>
  headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined

/** Resolves to the whole request, or to the reason why it is missing. */
export const receiveRequest = async (
  request: IncomingMessage
): Promise<EmulatorRequest | "too large" | "disconnected"> => {
  if (!canHaveBody(request)) return withBody(request, "")
  try {
    const body = await readBody(request)
    return body === null ? "too large" : withBody(request, body)
  } catch {
    return "disconnected"
  }
}
