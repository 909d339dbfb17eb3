/** A server on this machine that receives callbacks. */
import { createServer } from "node:http"
import type { IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"
import { onTestFinished } from "vitest"

/** A received request. */
export interface ReceivedCallback {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Starts a server that records what it receives, and closes it with its test. `respond` returns the text of a response. */
export const startReceiver = async (
  respond: (body: string) => string = () => ""
): Promise<{ readonly received: readonly ReceivedCallback[]; readonly url: string }> => {
  const received: ReceivedCallback[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    received.push({ headers: request.headers, body })
    response.end(respond(body))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve)
  })
  onTestFinished(() => {
    server.close()
  })
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}
