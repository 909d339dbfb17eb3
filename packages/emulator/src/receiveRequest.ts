/** Reads whole requests from their sockets. */
import type { IncomingMessage } from "node:http"
import { splitHost } from "./hosts.ts"
import type { EmulatorRequest, FormField, RequestHead } from "./vendors/VendorFormat.ts"
import { jsonResponse } from "./WireResponse.ts"
import type { WireResponse } from "./WireResponse.ts"

const mebibyte = 1_048_576

/** The response to a request whose body is too large, the same for all vendors. */
export const payloadTooLarge = (maxBodySize: number): WireResponse =>
  jsonResponse(413, {
    error: `The request body is too large: the limit is ${Math.round(maxBodySize / mebibyte)} MiB.`
  })

/** The body, or null if it is too large. Rejects if the client disconnects first. */
const readBody = async (request: IncomingMessage, maxBodySize: number): Promise<Buffer | null> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // Read a body that is too large to its end: the connection could not be reused otherwise.
    if (size <= maxBodySize) chunks.push(chunk)
  }
  return size > maxBodySize ? null : Buffer.concat(chunks)
}

/** Reads the part of a request before its body. */
export const readHead = ({ method = "GET", url = "/", headers }: IncomingMessage): RequestHead => {
  const mark = url.indexOf("?")
  const search = mark < 0 ? "" : url.slice(mark + 1)
  return { method, ...splitHost(mark < 0 ? url : url.slice(0, mark)), search, headers }
}

const readField = async (value: string | File): Promise<FormField> =>
  typeof value === "string"
    ? { name: "", type: "", content: value }
    : { name: value.name, type: value.type, content: new Uint8Array(await value.arrayBuffer()) }

/** The fields of a multipart body, or undefined if it is malformed. */
const readForm = async (
  body: Buffer,
  contentType: string
): Promise<ReadonlyMap<string, FormField> | undefined> => {
  try {
    const bytes = new Uint8Array(body)
    const form = await new Response(bytes, { headers: { "content-type": contentType } }).formData()
    const fields = await Promise.all(
      [...form].map(async ([name, value]) => [name, await readField(value)] as const)
    )
    return new Map(fields)
  } catch {
    return undefined
  }
}

const canHaveBody = ({ headers }: IncomingMessage): boolean =>
  headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined

/** Resolves to the whole request, or to the reason why it is missing. */
export const receiveRequest = async (
  request: IncomingMessage,
  head: RequestHead,
  maxBodySize: number
): Promise<EmulatorRequest | "too large" | "disconnected"> => {
  if (!canHaveBody(request)) return { ...head, body: "" }
  try {
    const body = await readBody(request, maxBodySize)
    if (body === null) return "too large"
    const contentType = request.headers["content-type"] ?? ""
    if (!contentType.startsWith("multipart/form-data"))
      return { ...head, body: body.toString("utf8"), bytes: body }
    const form = await readForm(body, contentType)
    return { ...head, body: "", bytes: body, ...(form && { form }) }
  } catch {
    return "disconnected"
  }
}
