/** Responses of proxies and gateways instead of the vendor's. */
import type { WireResponse } from "../WireResponse.ts"
import { statusTextOf } from "../WireResponse.ts"

const htmlHeaders = Object.freeze({ "content-type": "text/html; charset=utf-8" })

/** An HTML page as proxies and gateways send it. */
export const htmlPage = (status: number): WireResponse => {
  const title = status === 200 ? "Just a moment..." : `${status} ${statusTextOf(status)}`
  return {
    status,
    headers: htmlHeaders,
    body: `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center><hr><center>nginx</center></body></html>\n`
  }
}

/** A response without a body and without a content type. */
export const emptyResponse = (status: number): WireResponse => ({ status, headers: {}, body: "" })
