/** Reads requests from sockets and writes answers to them; spoiled ones and streams are written elsewhere. */
import type { IncomingMessage, ServerResponse } from "node:http"
import { deliverSpoiled, stream } from "./faults/SpoiledDelivery.ts"
import type { EmulatorRequest } from "./vendors/VendorFormat.ts"
import type { WireAnswer } from "./WireAnswer.ts"
import { jsonAnswer } from "./WireAnswer.ts"

/** A task script is a few kilobytes and a query less: beyond this a body is a mistake. */
const bodyLimit = 1_048_576

/** What a body that is too long gets, from every vendor alike. */
export const tooLarge: WireAnswer = jsonAnswer(413, { error: "A body may have 1 MiB at most." })

/** A body as text; null when it is too long. Rejects when the client goes away in the middle of it. */
const readBody = async (request: IncomingMessage): Promise<string | null> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    // Read on to the end: whoever stops in the middle cannot answer.
    if (size <= bodyLimit) chunks.push(chunk)
  }
  return size > bodyLimit ? null : Buffer.concat(chunks).toString("utf8")
}

const withBody = ({ method = "GET", url = "/", headers }: IncomingMessage, body: string): EmulatorRequest => {
  const mark = url.indexOf("?")
  return mark < 0
    ? { method, path: url, search: "", headers, body }
    : { method, path: url.slice(0, mark), search: url.slice(mark + 1), headers, body }
}

const mayHaveBody = ({ headers }: IncomingMessage): boolean =>
  headers["content-length"] !== undefined || headers["transfer-encoding"] !== undefined

/** A request once it has come whole; `gone` when its client went away before, and nobody is left to answer. */
export const receive = async (request: IncomingMessage): Promise<EmulatorRequest | "too large" | "gone"> => {
  if (!mayHaveBody(request)) return withBody(request, "")
  try {
    const body = await readBody(request)
    return body === null ? "too large" : withBody(request, body)
  } catch {
    return "gone"
  }
}

/** Sends an answer. Node leaves the body of an answer to HEAD away by itself. */
export const deliver = (answer: WireAnswer, response: ServerResponse): void => {
  const { status, headers, body, manner } = answer
  if (manner !== undefined) {
    void deliverSpoiled(answer, manner, response)
    return
  }
  if (typeof body !== "string" && !(body instanceof Uint8Array)) {
    void stream(answer, body, response)
    return
  }
  const length = typeof body === "string" ? Buffer.byteLength(body) : body.length
  response.writeHead(status, status === 204 ? headers : { ...headers, "content-length": length })
  response.end(body)
}
