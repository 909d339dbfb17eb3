/** Sends responses. */
import type { ServerResponse } from "node:http"
import { sendWithMode } from "./faults/sendWithMode.ts"
import { headersToSend } from "./WireResponse.ts"
import type { WireResponse } from "./WireResponse.ts"
import { isGone, writeBody } from "./writeBody.ts"
import type { ByteSource } from "./ByteSource.ts"

const stream = async (
  wireResponse: WireResponse,
  body: ByteSource,
  response: ServerResponse
): Promise<void> => {
  response.writeHead(wireResponse.status, { ...headersToSend(wireResponse), "content-length": body.length })
  await writeBody(body, body.length, response)
  if (!isGone(response)) response.end()
}

/** Sends a response. Node omits the body of a response to HEAD. */
export const sendResponse = (wireResponse: WireResponse, response: ServerResponse): void => {
  const { status, body, delivery } = wireResponse
  if (delivery !== undefined) {
    void sendWithMode(wireResponse, delivery, response)
    return
  }
  if (typeof body !== "string" && !(body instanceof Uint8Array)) {
    void stream(wireResponse, body, response)
    return
  }
  const headers = headersToSend(wireResponse)
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length
  response.writeHead(status, status === 204 ? headers : { ...headers, "content-length": length })
  response.end(body)
}
