/** Applies a fault to the response to a request for a file. */
import type { IncomingHttpHeaders } from "node:http"
import { storeError } from "../storeError.ts"
import type { WireResponse } from "../WireResponse.ts"
import { jsonResponse, statusTextOf } from "../WireResponse.ts"
import { isDeliveryFault } from "./DeliveryFault.ts"
import { isRangeFault } from "./MediaFault.ts"
import type { FileFault, MediaFault } from "./MediaFault.ts"
import { emptyResponse, htmlPage } from "./proxyPages.ts"
import { withRetryAfter } from "./retryAfter.ts"
import { withDeliveryFault } from "./withDeliveryFault.ts"

/** A request for a file, and how to respond to it. */
export interface FileRequest {
  /** The headers of the request. */
  readonly headers: IncomingHttpHeaders
  /** The correct response to any headers. Revision 0 is the original file, others are different files. */
  readonly serve: (headers: IncomingHttpHeaders, revision?: number) => WireResponse
}

/** Whether the correct response is a part of the file. */
export const isRangeRequest = ({ headers, serve }: FileRequest): boolean =>
  headers.range !== undefined && serve(headers).status === 206

/** Whether a fault can apply to a request. */
export const canApplyToFile = ({ fault }: MediaFault, request: FileRequest): boolean =>
  !isRangeFault(fault) || isRangeRequest(request)

const statusResponse = ({
  status,
  body = "xml",
  retryAfter
}: Extract<FileFault, { fault: "status" }>): WireResponse => {
  const text = statusTextOf(status)
  const bodies = {
    xml: () => storeError(status, text.replaceAll(" ", ""), `${text}.`),
    html: () => htmlPage(status),
    json: () => jsonResponse(status, { error: { code: status, message: text } }),
    empty: () => emptyResponse(status)
  }
  return withRetryAfter(bodies[body](), retryAfter)
}

const withoutRange = (headers: IncomingHttpHeaders): IncomingHttpHeaders => ({
  ...headers,
  range: undefined
})

const sizeOf = ({ headers }: WireResponse): string => headers["content-range"]?.split("/")[1] ?? "*"

const otherRange = (from: number, { headers, serve }: FileRequest): WireResponse => {
  const requested = serve(headers).headers["content-range"] ?? ""
  const [, first = 0, last = 0] = (/^bytes (\d+)-(\d+)\//.exec(requested) ?? []).map(Number)
  // The requested range would not be a fault, so start one byte later.
  const start = from === first ? from + 1 : from
  return serve({ ...headers, "if-range": undefined, range: `bytes=${start}-${Math.max(start, last)}` })
}

const withoutValidators = ({ headers, serve }: FileRequest, kept: "none" | "weak"): WireResponse => {
  const { "if-range": condition, ...unconditional } = headers
  // RFC 9110: If-Range needs a matching strong validator. Without one, the response is the whole file.
  const response = serve(condition === undefined ? unconditional : withoutRange(unconditional))
  const { etag, "last-modified": _, ...rest } = response.headers
  return {
    ...response,
    headers: kept === "none" || etag === undefined ? rest : { ...rest, etag: `W/${etag}` }
  }
}

const applyFileFault = (fault: FileFault, request: FileRequest): WireResponse => {
  const { headers, serve } = request
  switch (fault.fault) {
    case "status":
      return statusResponse(fault)
    case "html":
      return htmlPage(200)
    case "json":
      return jsonResponse(200, { error: { message: "This file is being prepared." } })
    case "empty":
      return fault.status === 204
        ? emptyResponse(204)
        : { ...serve(withoutRange(headers)), status: fault.status ?? 200, body: "" }
    case "ignored-range":
      return serve(withoutRange(headers))
    case "other-range":
      return otherRange(fault.from ?? 0, request)
    case "unsatisfiable":
      return { status: 416, headers: { "content-range": `bytes */${sizeOf(serve(headers))}` }, body: "" }
    case "changed":
      return serve(headers, fault.revision ?? 1)
    case "no-validators":
      return withoutValidators(request, "none")
    case "weak-etag":
      return withoutValidators(request, "weak")
    default: {
      const response = serve(headers)
      const other = response.headers["content-type"] === "image/png" ? "image/jpeg" : "image/png"
      return { ...response, headers: { ...response.headers, "content-type": fault.contentType ?? other } }
    }
  }
}

/** The response to a request for a file with a fault. */
export const mediaFaultResponse = (fault: MediaFault, request: FileRequest): WireResponse => {
  if (!isDeliveryFault(fault)) return applyFileFault(fault, request)
  const { headers, serve } = request
  return withDeliveryFault(serve(fault.fault === "compressed" ? withoutRange(headers) : headers), fault)
}
